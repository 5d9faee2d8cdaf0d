import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { CallQuery } from "../core/ports.ts";
import type { Archive } from "../core/view.ts";
import type { CallSummary } from "../protocol/gateway-calls.ts";
import type { ChosenDisposition } from "./DispositionFilter.tsx";
import type { HistoryFilter } from "./screen-state.ts";

/** What is asked for before somebody has stopped typing is thrown away at once. */
const TYPING_MS = 250;

export interface ArchivePages {
  readonly calls: readonly CallSummary[];
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly failed: PhoneErrorCode | null;
  /** The next page, or the first one again where that failed. */
  more(): void;
}

/** The pages of the gateway's history that have been asked for; the first one follows the query and every change. */
export function useArchive(archive: Archive, query: ReadonlySignal<CallQuery>): ArchivePages {
  const calls = useSignal<readonly CallSummary[]>([]);
  const next = useSignal<string | null>(null);
  const isLoading = useSignal(true);
  const failed = useSignal<PhoneErrorCode | null>(null);
  const asked = useRef(0);
  const text = useComputed(() => JSON.stringify(query.value));
  const load = async (cursor: string | null): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    isLoading.value = true;
    failed.value = null;
    try {
      const page = await archive.findCalls({ ...query.peek(), ...(cursor === null ? {} : { cursor }) });
      if (mine !== asked.current) return;
      calls.value = cursor === null ? page.calls : [...calls.peek(), ...page.calls];
      next.value = page.next;
    } catch (error) {
      if (mine === asked.current) failed.value = error instanceof PhoneError ? error.code : "internal";
    }
    if (mine === asked.current) isLoading.value = false;
  };
  useSignalEffect(() => {
    void text.value;
    void archive.changes.value;
    const timer = setTimeout(() => void load(null), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return {
    calls: calls.value,
    hasMore: next.value !== null,
    isLoading: isLoading.value,
    failed: failed.value,
    more: () => void load(failed.peek() === null || calls.peek().length > 0 ? next.peek() : null),
  };
}

/** What the agent looks for. */
export interface Wanted {
  readonly search: string;
  readonly filter: HistoryFilter;
  readonly disposition: ChosenDisposition | null;
  /** Days, `yyyy-mm-dd`, of the agent's own calendar, both included. */
  readonly from: string;
  readonly until: string;
}

export function queryOf({ search, filter, disposition, from, until }: Wanted): CallQuery {
  const isMissed = filter === "missed";
  return {
    search: search.trim() === "" ? undefined : search.trim().slice(0, 100),
    direction: isMissed ? "incoming" : filter === "all" ? undefined : filter,
    missed: isMissed ? true : undefined,
    disposition: disposition?.value,
    dispositionField: disposition?.fieldId,
    from: startOf(from, 0),
    to: startOf(until, 1),
  };
}

function startOf(day: string, daysLater: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).getTime();
}
