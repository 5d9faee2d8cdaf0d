import type { PhoneErrorCode } from "../core/errors.ts";
import type { TabRole } from "../core/ports.ts";
import type { CallView, LineView } from "../core/view.ts";
import { LINE_WORDS, NEED_WORDS, SLEPT } from "./strings.ts";

/** `good` can talk, `moving` something is under way, `warn` look here, `bad` does not work, `off` on purpose. */
export type Tone = "good" | "moving" | "warn" | "bad" | "off";

/** The first line of the screen: always there, always true. */
export interface Status {
  readonly tone: Tone;
  readonly word: string;
  /** Why it is not simply ready. */
  readonly reason: PhoneErrorCode | null;
  readonly detail: string | null;
  /** What the agent can do about it, as one button. */
  readonly action: "try-now" | "go-ready" | "enable-ringing" | "check-microphone" | null;
}

const plain = (tone: Tone, word: string): Status => ({ tone, word, reason: null, detail: null, action: null });

export function statusOf(line: LineView, call: CallView | null, tabRole: TabRole): Status {
  if (tabRole === "follower") return plain("off", "In another tab");
  const inCall = call && call.phase !== "ended" ? statusOfCall(call) : null;
  return inCall ?? statusOfLine(line);
}

function statusOfCall(call: CallView): Status | null {
  switch (call.phase) {
    case "dialing":
      return plain("moving", "Calling");
    case "ringing":
      return plain("good", "Incoming");
    case "connecting":
      return plain("moving", "Connecting");
    case "active":
      return call.hold.confirmed || call.heldThere ? plain("warn", "On hold") : plain("good", "On a call");
    case "reconnecting":
      return plain("warn", "Reconnecting");
    case "wrap-up":
      return plain("off", "Wrap-up");
    case "ended":
      return null;
    default:
      return call.phase satisfies never;
  }
}

function statusOfLine(line: LineView): Status {
  const status = { ...plain("moving", LINE_WORDS[line.state]), reason: line.reason };
  switch (line.state) {
    case "ready":
      return statusOfReady(line) ?? { ...status, tone: "good" };
    case "connecting":
      return status;
    case "retrying":
      return { ...status, tone: "warn", action: "try-now" };
    case "offline":
      return { ...status, tone: "bad", detail: "No internet. The phone connects by itself when it is back.", action: "try-now" };
    case "refused":
      return { ...status, tone: "bad" };
    case "taken-elsewhere":
      return { ...status, tone: "warn", detail: "Another device or program took this phone.", action: "try-now" };
    case "off":
      return { ...status, tone: "off", detail: "Calls do not ring here.", action: "go-ready" };
    case "signed-out":
      return { ...status, tone: "off" };
    default:
      return line.state satisfies never;
  }
}

/** Registered is not yet ready: what is missing for a call to ring here and be answered? */
function statusOfReady({ missing, reason }: LineView): Status | null {
  const [need] = missing;
  switch (need) {
    case undefined:
    case "registration":
      return null;
    case "page":
      return { ...plain("moving", NEED_WORDS.page), detail: SLEPT };
    case "microphone": {
      // The CRM's page would have to be loaded again.
      const action = reason === "microphone-not-delegated" ? null : "check-microphone";
      return { ...plain("warn", NEED_WORDS.microphone), reason, action };
    }
    case "ringing":
      return { ...plain("warn", NEED_WORDS.ringing), reason, action: "enable-ringing" };
    default:
      return need satisfies never;
  }
}
