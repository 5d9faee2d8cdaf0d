import { useEffect, useRef } from "preact/hooks";
import { ArchivedHistory } from "./ArchivedHistory.tsx";
import { CallDetails } from "./CallDetails.tsx";
import { filterHistory } from "./filter-history.ts";
import { Days, Find } from "./HistoryList.tsx";
import { Icon } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";
import "./styles/history.css";

/** How many calls are drawn at first; a year of them would make the panel slow to open. */
const PAGE_SIZE = 100;

/** Every finished call, newest first, with what was written about it: the gateway's, else this device's own. */
export function History() {
  const { archive } = useScreen().phone;
  return archive === null ? <OwnHistory /> : <ArchivedHistory archive={archive} />;
}

function OwnHistory() {
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
