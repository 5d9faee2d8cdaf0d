import { type Deferred, createDeferred } from "../../lib/deferred.ts";

/**
 * Whether the far end still owes us the ACK of an INVITE that we accepted. Until then no re-INVITE of ours may go out
 * (RFC 3261 section 14.1), and sip.js ends a call whose ACK comes behind one.
 */
export class OpenAck {
  #open: Deferred<void> | null = null;

  /** We have accepted an INVITE, or will. */
  opened(): void {
    this.#open ??= createDeferred();
  }

  arrived(): void {
    this.#open?.resolve();
    this.#open = null;
  }

  /** Where it never comes, sip.js ends the call after 32 s. */
  async whenArrived(): Promise<void> {
    while (this.#open !== null) await this.#open.promise;
  }
}
