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
  const lost = (): readonly CallSnapshot[] => teller.callsUp().filter(({ callId }) => !callsNow().some((call) => call?.callId === callId));
  return {
    look: () => {
      stop();
      if (lost().length === 0) return;
      stop = clock.after(TAKEN_UP_MS, () => {
        for (const call of lost()) {
          teller.relay({ type: "call-changed", call: { ...call, phase: "ended", endedAt: clock.now(), endReason: "connection-lost" } });
        }
      });
    },
  };
}
