import type { HistoryEntry } from "../core/view.ts";
import type { CallSummary } from "../protocol/gateway-calls.ts";
import { entryOfSummary, type ShownEntry } from "./shown-entry.ts";

export interface JoinedHistory {
  /** One row for each call of the gateway's; what is not saved yet is said in the words of this device. */
  readonly archived: readonly ShownEntry[];
  /** What is not saved yet and is none of them. */
  readonly rest: readonly HistoryEntry[];
}

/**
 * Until its log is saved the gateway knows a call that came in only from the exchange, under an id of its own: what both know
 * is Exotel's id of the call. Where the same call has rung here twice, the newer one is joined.
 *
 * @param unsaved newest first.
 */
export function joinArchive(unsaved: readonly HistoryEntry[], calls: readonly CallSummary[]): JoinedHistory {
  const rest = new Set(unsaved);
  const archived = calls.map((call) => {
    const here = [...rest];
    const same = here.find(({ callId }) => callId === call.callId) ?? here.find((entry) => isKnownBy(entry, call.exotelCallSid));
    if (same === undefined) return entryOfSummary(call);
    rest.delete(same);
    return { ...same, remoteName: same.remoteName ?? call.name, archived: call };
  });
  return { archived, rest: [...rest] };
}

function isKnownBy({ exotelCallSid }: HistoryEntry, sid: string | null): boolean {
  return sid !== null && exotelCallSid === sid;
}
