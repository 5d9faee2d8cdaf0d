import type { CallLog } from "../../src/protocol/call.ts";

export type SaveResult = "stored" | "known" | "refused" | "acknowledgement-lost";

/** A call log as the CRM keeps it. */
export interface StoredCallLog {
  readonly log: CallLog;
  /** Epoch ms. */
  readonly storedAt: number;
  readonly agent: string | null;
  /** How often the phone has delivered it; more than 1 where an acknowledgement was lost. */
  readonly deliveries: number;
}

/** Keeps each call log once, by its `logId`, however often it is delivered. Can be told to fail, for tests. */
export class CallLogStore {
  readonly #logs = new Map<string, StoredCallLog>();
  #loseAcknowledgements = 0;
  #failSaves = 0;

  /** The next calls to `save` go wrong: first refusals, then stored without an acknowledgement. */
  setFaults(faults: { readonly loseAcknowledgements?: number; readonly failSaves?: number }): void {
    this.#loseAcknowledgements = faults.loseAcknowledgements ?? this.#loseAcknowledgements;
    this.#failSaves = faults.failSaves ?? this.#failSaves;
  }

  save(log: CallLog, agent: string | null, now: number): SaveResult {
    if (this.#failSaves > 0) {
      this.#failSaves -= 1;
      return "refused";
    }
    const known = this.#logs.get(log.logId);
    this.#logs.set(log.logId, known ? { ...known, deliveries: known.deliveries + 1 } : { log, agent, storedAt: now, deliveries: 1 });
    if (this.#loseAcknowledgements > 0) {
      this.#loseAcknowledgements -= 1;
      return "acknowledgement-lost";
    }
    return known ? "known" : "stored";
  }

  /** Newest last. */
  all(): readonly StoredCallLog[] {
    return [...this.#logs.values()];
  }

  clear(): void {
    this.#logs.clear();
  }
}
