import type { ReadonlySignal } from "@preact/signals-core";
import type { CallSnapshot } from "../protocol/call.ts";
import type { Desk } from "./desk.ts";

/** Whoever leads now has taken up by then what can be taken up. */
const TAKEN_UP_MS = 3_000;

/** A host page that was told of a call hears of its end, also where the tab that had it is gone without a word. */
export interface CallCloser {
  /** Another tab has the phone, or something was missed. */
  look(): void;
}

export function createCallCloser({ ports: { clock }, scope, teller }: Desk, callNow: ReadonlySignal<CallSnapshot | null>): CallCloser {
  let stop = () => {};
  scope.add(() => stop());
  return {
    look: () => {
      const open = teller.openCall();
      stop();
      if (open === null || open.callId === callNow.peek()?.callId) return;
      stop = clock.after(TAKEN_UP_MS, () => {
        if (callNow.peek()?.callId === open.callId || teller.openCall()?.callId !== open.callId) return;
        const endedAt = open.endedAt ?? clock.now();
        teller.relay({ type: "call-changed", call: { ...open, phase: "ended", endedAt, endReason: open.endReason ?? "connection-lost" } });
      });
    },
  };
}
