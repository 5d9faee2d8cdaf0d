import type { LegInvitation } from "../../core/ports.ts";
import { readInvitation } from "./invitation.ts";
import type { SipTrace } from "./sip-trace.ts";

/** Finds the calls that the SDK refuses by itself while one is up: it tells nobody that they came. */
export interface Refusals {
  /** @param isLeg  whether the SDK handed the call with this Call-ID over. */
  onTrace(trace: SipTrace, isLeg: (callId: string) => boolean): void;
}

/** Far more than can be open at once: the SDK refuses in the same turn. */
const MOST_OPEN = 8;

export function createRefusals(refused: (invitation: LegInvitation) => void): Refusals {
  const open = new Map<string, SipTrace>();
  return {
    onTrace(trace, isLeg) {
      if (trace.cseqMethod !== "INVITE") return;
      const { callId } = trace;
      if (trace.direction === "in" && trace.method === "INVITE") {
        // With a tag it belongs to a call that stands (re-INVITE).
        if (/;\s*tag=/i.test(trace.header("To") ?? "")) return;
        open.set(callId, trace);
        if (open.size > MOST_OPEN) open.delete(open.keys().next().value ?? "");
        return;
      }
      if (trace.direction !== "out" || trace.status === null || trace.status < 200) return;
      const invite = open.get(callId);
      open.delete(callId);
      if (invite !== undefined && trace.status >= 400 && !isLeg(callId)) {
        refused(readInvitation(`${callId}#refused`, (name) => invite.header(name)));
      }
    },
  };
}
