import type { Clock } from "../../core/ports.ts";
import type { PeerConnection } from "./world.ts";

export interface Gathering {
  /** The last gathering is complete, and the next has not said yet that it began. */
  readonly isAnew: boolean;
  /**
   * While a customer sits in silence, an address of this type has to do: by it a server can reach us. What is found later is
   * used all the same, because the checks come from here.
   */
  readonly enough: string | null;
  /** ms after which what was found has to do. */
  readonly limitMs: number;
  readonly clock: Clock;
}

/** Resolves when the local description has the addresses that the far end needs (RFC 8445 section 5.1). */
export function gathered(connection: PeerConnection, { isAnew, enough, limitMs, clock }: Gathering): Promise<void> {
  if (connection.iceGatheringState === "complete" && !isAnew) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      Object.assign(connection, { onGathered: null, onCandidate: null });
      resolve();
    };
    const stop = clock.after(limitMs, done);
    connection.onGathered = done;
    if (enough !== null) connection.onCandidate = (type) => type === enough && done();
  });
}
