import { signal } from "@preact/signals";
import type { Archive } from "../../core/view.ts";
import type { CallSummary } from "../../protocol/gateway-calls.ts";
import { callSummary } from "./call-summary.ts";
import { SCENE_NOW, seconds } from "./scene-parts.ts";

const summary = (callId: string, secondsAgo: number, change: Partial<CallSummary>): CallSummary =>
  callSummary(callId, { createdAt: SCENE_NOW - seconds(secondsAgo), talkSeconds: 151, ...change });

/** A gateway's history that never changes. */
export const ARCHIVED: Archive = {
  changes: signal(0),
  findCalls: async () => ({
    calls: [
      summary("1", 600, { name: "Meera Iyer", outcome: "canceled", talkSeconds: 0, hasRecording: false }),
      summary("2", 1_900, { name: "Ravi Kumar", notes: "Send the quote", fields: { outcome: "interested" } }),
      summary("3", 92_000, { direction: "outgoing", name: "Farah Khan", outcome: "busy", talkSeconds: 0 }),
    ],
    next: "17.3",
  }),
  recording: async () => ({ kind: "none" }),
};
