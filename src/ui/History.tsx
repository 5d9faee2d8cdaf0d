import { useEffect, useRef } from "preact/hooks";
import type { HistoryEntry } from "../core/view.ts";
import { CallDetails } from "./CallDetails.tsx";
import { filterHistory, groupByDay } from "./filter-history.ts";
import { HistoryRow } from "./HistoryRow.tsx";
import { Icon } from "./Icon.tsx";
import { type HistoryFilter, useScreen } from "./screen-state.ts";
import "./styles/history.css";

const FILTERS: readonly (readonly [HistoryFilter, string])[] = [
  ["all", "All"],
  ["missed", "Missed"],
  ["incoming", "Incoming"],
  ["outgoing", "Outgoing"],
];

/** How many calls are drawn at first; a year of them would make the panel slow to open. */
const PAGE_SIZE = 100;

/** Every finished call, newest first, with what was written about it. */
export function History() {
  const { phone, state } = useScreen();
  const entries = phone.history.value;
  const found = filterHistory(entries, state.filter.value, state.search.value, phone.config.numbers.masked);
  const selected = entries.find((entry) => entry.callId === state.selectedCall.value) ?? null;
  const markSeen = useMarkSeen();
  return (
    <div class="view history" onClick={markSeen}>
      <div class="history-main">
        <div class="history-head">
          <h1 class="history-title">Calls</h1>
          {entries.length > 0 && <Find />}
        </div>
        {found.length === 0 ? <NoCalls hasCalls={entries.length > 0} /> : <Days entries={found.slice(0, PAGE_SIZE)} />}
      </div>
      {entries.length > 0 && (
        <div class="history-details">
          {selected ? <CallDetails entry={selected} /> : <p class="empty">Choose a call to see what was written about it.</p>}
        </div>
      )}
    </div>
  );
}

/** Words to search for and which calls; what is chosen outlives the list. */
function Find() {
  const { state } = useScreen();
  return (
    <>
      <div class="box search">
        <Icon name="search" size={16} />
        <input
          type="search"
          aria-label="Search calls"
          placeholder="Name, number or note"
          value={state.search.value}
          onInput={(event) => (state.search.value = event.currentTarget.value)}
        />
      </div>
      <div class="filters" role="group" aria-label="Which calls">
        {FILTERS.map(([filter, label]) => (
          <button
            key={filter}
            type="button"
            class="filter"
            aria-pressed={state.filter.value === filter}
            onClick={() => (state.filter.value = filter)}
          >
            {label}
          </button>
        ))}
      </div>
    </>
  );
}

function Days({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  return (
    <div class="history-list" tabIndex={-1}>
      {groupByDay(entries, Date.now()).map(([day, calls]) => (
        <section key={day}>
          <h2 class="day">{day}</h2>
          <ul class="rows">
            {calls.map((entry) => (
              <HistoryRow key={entry.callId} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function NoCalls({ hasCalls }: { readonly hasCalls: boolean }) {
  const { state } = useScreen();
  if (!hasCalls) {
    return (
      <div class="empty">
        <Icon name="history" size={28} />
        <h2>No calls yet</h2>
        <p>Calls appear here when they are over.</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <h2>No call fits</h2>
      <button
        type="button"
        class="button button-link"
        onClick={() => {
          state.search.value = "";
          state.filter.value = "all";
        }}
      >
        Show all calls
      </button>
    </div>
  );
}

/**
 * Missed calls stay marked while the list is open, so that they can be told apart, and are seen when it is left or used:
 * on a page it is never left.
 *
 * @returns what to do when the list is used.
 */
function useMarkSeen(): () => void {
  const { phone } = useScreen();
  const isUnseen = useRef(false);
  isUnseen.current = phone.history.value.some((entry) => entry.unseen);
  const mark = () => {
    if (isUnseen.current) phone.markSeen();
  };
  useEffect(() => mark, [phone]);
  return mark;
}
