import type { LegId } from "../../core/engine-port.ts";
import type { Clock, Unsubscribe } from "../../core/ports.ts";
import { createDeferred } from "../../lib/deferred.ts";
import type { Deferred } from "../../lib/deferred.ts";
import type { RingingRecord } from "./leg-record.ts";

/** Longer than this without a socket, and nobody can say any more whether the caller still waits. */
const LOST_MS = 20_000;

interface Ring {
  readonly record: RingingRecord;
  readonly arrived: Deferred<void>;
  readonly stop: Unsubscribe;
}

/** Calls that rang in an earlier page, until their INVITE has been read here: when the socket is open. */
export class ResumedRings {
  readonly #rings = new Map<string, Ring>();
  readonly #clock: Clock;
  readonly #lost: (leg: LegId) => void;

  /** @param lost  told of one that nobody can answer any more. */
  constructor(clock: Clock, lost: (leg: LegId) => void) {
    this.#clock = clock;
    this.#lost = lost;
  }

  /** False where the INVITE cannot be read. */
  add(record: RingingRecord): boolean {
    const callId = /^(?:Call-ID|i)\s*:\s*(\S+)/im.exec(record.invite)?.[1];
    if (callId === undefined) return false;
    const stop = this.#clock.after(LOST_MS, () => {
      this.#rings.delete(callId);
      this.#lost(record.leg);
    });
    this.#rings.set(callId, { record, stop, arrived: createDeferred() });
    return true;
  }

  /** Resolves when a command for this leg finds it: at once, where it does not wait here. */
  whenArrived(leg: LegId): Promise<void> | null {
    return [...this.#rings.values()].find(({ record }) => record.leg === leg)?.arrived.promise ?? null;
  }

  /** Has every INVITE read. */
  deliver(receive: (invite: string) => void): void {
    for (const { record } of this.#rings.values()) receive(record.invite);
  }

  /** The leg that this INVITE rang already, `null` where it is a new one. */
  legOf(callId: string): LegId | null {
    return this.#rings.get(callId)?.record.leg ?? null;
  }

  arrived(callId: string): void {
    const ring = this.#rings.get(callId);
    ring?.stop();
    ring?.arrived.resolve();
    this.#rings.delete(callId);
  }

  clear(): void {
    for (const { stop } of this.#rings.values()) stop();
    this.#rings.clear();
  }
}
