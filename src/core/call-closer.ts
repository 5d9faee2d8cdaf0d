import type { CallSnapshot } from "../protocol/call.ts";
import type { Desk } from "./desk.ts";

/** Whoever leads now has taken up by then what can be taken up. */
const TAKEN_UP_MS = 3_000;

/** A host page that was told of a call hears of its end, also where the tab that had it is gone without a word. */
export interface CallCloser {
  /** Another tab has the phone, or something was missed. */
  look(): void;
}

export function createCallCloser({ ports: { clock }, scope, teller }: Desk, callsNow: () => readonly (CallSnapshot | null)[]): CallCloser {
  let stop = () => {};
  scope.add(() => stop());
  const tell = (call: CallSnapshot): void => teller.relay({ type: "call-changed", call });
  /** Tells how calls ended that are still shown, and returns those of which nothing is known. */
  const settle = (): readonly CallSnapshot[] => {
    const now = new Map(callsNow().flatMap((call) => (call === null ? [] : [[call.callId, call] as const])));
    const unknown = teller.callsUp().filter(({ callId }) => !now.has(callId));
    for (const { callId } of teller.callsUp()) {
      const call = now.get(callId);
      if (call?.phase === "wrap-up" || call?.phase === "ended") tell(call);
    }
    return unknown;
  };
  return {
    look: () => {
      stop();
      if (settle().length === 0) return;
      stop = clock.after(TAKEN_UP_MS, () => {
        for (const call of settle()) tell({ ...call, phase: "ended", endedAt: clock.now(), endReason: "connection-lost" });
      });
    },
  };
}
