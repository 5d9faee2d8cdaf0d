import { type Deferred, createDeferred } from "../../lib/deferred.ts";
import type { Clock } from "../../core/ports.ts";

/**
 * T2, the longest pause between two of the 200s that sip.js repeats until they are acknowledged (RFC 3261 section
 * 13.3.1.4). Who does not answer one of them has forgotten the call, and says so to a re-INVITE.
 */
const LONGEST_WAIT_MS = 4_000;

/**
 * Whether the far end still owes us the ACK of an INVITE that we accepted. Until then no re-INVITE of ours may go out
 * (RFC 3261 section 14.1), and sip.js ends a call whose ACK comes behind one.
 */
export class OpenAck {
  #open: Deferred<void> | null = null;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** We have accepted an INVITE, or will. */
  opened(): void {
    this.#open ??= createDeferred();
  }

  arrived(): void {
    this.#open?.resolve();
    this.#open = null;
  }

  async whenArrived(): Promise<void> {
    if (this.#open === null) return;
    const stop = this.#clock.after(LONGEST_WAIT_MS, () => this.arrived());
    await this.#open.promise;
    stop();
  }
}
