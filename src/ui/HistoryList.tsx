import { groupByDay } from "./filter-history.ts";
import { HistoryRow } from "./HistoryRow.tsx";
import { Icon } from "./Icon.tsx";
import { type HistoryFilter, useScreen } from "./screen-state.ts";
import type { ShownEntry } from "./shown-entry.ts";

const FILTERS: readonly (readonly [HistoryFilter, string])[] = [
  ["all", "All"],
  ["missed", "Missed"],
  ["incoming", "Incoming"],
  ["outgoing", "Outgoing"],
];

/** Words to search for and which calls; what is chosen outlives the list. */
export function Find() {
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

export function Days({ entries }: { readonly entries: readonly ShownEntry[] }) {
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
