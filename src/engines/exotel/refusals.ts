import type { LegInvitation } from "../../core/engine-port.ts";
import { readInvitation } from "../shared/invitation.ts";
import type { SipTrace } from "./sip-trace.ts";

/** Far more than can be open at once: the SDK refuses in the same turn. */
const MOST_OPEN = 8;

/** Finds the calls that the SDK refuses by itself while one is up: it tells nobody that they came. */
export class Refusals {
  readonly #open = new Map<string, SipTrace>();
  readonly #refused: (invitation: LegInvitation) => void;

  constructor(refused: (invitation: LegInvitation) => void) {
    this.#refused = refused;
  }

  /** @param isLeg  whether the SDK handed the call with this Call-ID over. */
  onTrace(trace: SipTrace, isLeg: () => boolean): void {
    if (trace.cseqMethod !== "INVITE") return;
    const { callId, direction, method, status } = trace;
    if (direction === "in" && method === "INVITE") {
      // With a tag it belongs to a call that stands (re-INVITE).
      if (/;\s*tag=/i.test(trace.header("To") ?? "")) return;
      this.#open.set(callId, trace);
      if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value ?? "");
      return;
    }
    if (direction !== "out" || status === null || status < 200) return;
    const invite = this.#open.get(callId);
    this.#open.delete(callId);
    if (invite !== undefined && status >= 400 && !isLeg()) {
      this.#refused(readInvitation(`${callId}#refused`, (name) => invite.header(name)));
    }
  }
}
