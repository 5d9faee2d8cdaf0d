import { useComputed, useSignal } from "@preact/signals";
import type { Archive, HistoryEntry } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { CallDetails } from "./CallDetails.tsx";
import { Field } from "./Field.tsx";
import { type ChosenDisposition, DispositionFilter } from "./DispositionFilter.tsx";
import { filterHistory } from "./filter-history.ts";
import { Days, Find } from "./HistoryList.tsx";
import { joinArchive } from "./join-archive.ts";
import { useScreen } from "./screen-state.ts";
import type { ShownEntry } from "./shown-entry.ts";
import { ARCHIVE, ERRORS } from "./strings.ts";
import { type ArchivePages, type Wanted, queryOf, useArchive } from "./use-archive.ts";
import "./styles/history.css";

/** The agent's calls as the gateway has them, page by page; what it has not got yet is above them. */
export function ArchivedHistory({ archive }: { readonly archive: Archive }) {
  const { phone, state } = useScreen();
  const from = useSignal("");
  const until = useSignal("");
  const disposition = useSignal<ChosenDisposition | null>(null);
  const wanted = useComputed(() => ({
    search: state.search.value,
    filter: state.filter.value,
    disposition: disposition.value,
    from: from.value,
    until: until.value,
  }));
  const query = useComputed(() => queryOf(wanted.value));
  const pages = useArchive(archive, query);
  const unsaved = phone.history.value.filter(({ delivered }) => !delivered);
  const { archived, rest } = joinArchive(unsaved, pages.calls);
  const entries: readonly ShownEntry[] = [...thoseThatFit(rest, wanted.value, phone.config.numbers.masked), ...archived];
  const selected = entries.find(({ callId }) => callId === state.selectedCall.value) ?? null;
  return (
    <div class="view history" onClick={phone.markSeen}>
      <div class="history-main">
        <div class="history-head">
          <h1 class="history-title">Calls</h1>
          <Find />
          <div class="history-days">
            <Field label={ARCHIVE.from} name="first-day" type="date" value={from.value} onChange={(day) => (from.value = day)} />
            <Field label={ARCHIVE.until} name="last-day" type="date" value={until.value} onChange={(day) => (until.value = day)} />
            <DispositionFilter chosen={disposition.value} onChoose={(chosen) => (disposition.value = chosen)} />
          </div>
        </div>
        <Days entries={entries} />
        <Foot pages={pages} isEmpty={entries.length === 0} />
      </div>
      <div class="history-details">
        {selected ? <CallDetails entry={selected} /> : <p class="empty">Choose a call to see what was written about it.</p>}
      </div>
    </div>
  );
}

/** What the gateway has not got yet is looked through by the same rules. */
function thoseThatFit(unsaved: readonly HistoryEntry[], wanted: Wanted, isMasked: boolean): readonly HistoryEntry[] {
  const { disposition } = wanted;
  const { from, to } = queryOf(wanted);
  return filterHistory(unsaved, wanted.filter, wanted.search, isMasked).filter((entry) => {
    if (startsOutside(entry.startedAt, from, to)) return false;
    return disposition === null || entry.disposition?.fields[disposition.fieldId] === disposition.value;
  });
}

function startsOutside(at: number, from: number | undefined, to: number | undefined): boolean {
  return (from !== undefined && at < from) || (to !== undefined && at >= to);
}

function Foot({ pages, isEmpty }: { readonly pages: ArchivePages; readonly isEmpty: boolean }) {
  if (pages.failed !== null) {
    return (
      <div class="history-foot" role="alert">
        <p>{ERRORS[pages.failed]}</p>
        <Button onClick={pages.more}>{ARCHIVE.retry}</Button>
      </div>
    );
  }
  if (pages.isLoading)
    return (
      <p class="history-foot muted small" aria-busy="true">
        {ARCHIVE.loading}
      </p>
    );
  if (isEmpty) return <p class="history-foot">No call fits</p>;
  return pages.hasMore ? (
    <div class="history-foot">
      <Button onClick={pages.more}>{ARCHIVE.older}</Button>
    </div>
  ) : null;
}
