import { brokenOff, endWords } from "./broken-off.ts";
import { IconButton } from "./Button.tsx";
import { aboutParty } from "./CallBack.tsx";
import { CallDetails } from "./CallDetails.tsx";
import { callerName } from "./Caller.tsx";
import { isMissed, timeOf } from "./filter-history.ts";
import { formatDuration } from "./format-duration.ts";
import { shownNumber } from "./format-number.ts";
import { Icon } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";
import type { ShownEntry } from "./shown-entry.ts";
import { CALL_BACK } from "./strings.ts";

/** One call: who, how it ended, when; a click opens what is known about it, another button calls back. */
export function HistoryRow({ entry }: { readonly entry: ShownEntry }) {
  const { phone, state, attempt } = useScreen();
  const number = shownNumber(phone, entry.remoteNumber);
  const name = callerName(entry, number);
  const isOpen = state.selectedCall.value === entry.callId;
  const missed = isMissed(entry);
  const how = brokenOff(entry);
  const result = [entry.answered && formatDuration(entry.talkSeconds), (how !== null || !entry.answered) && endWords(entry)];
  const callBack = () =>
    void attempt(phone.dial(entry.remoteNumber, aboutParty(entry))).then((worked) => {
      if (worked) state.selectedCall.value = null;
    });
  return (
    <li class={`row ${missed ? "row-missed" : ""} ${how ? "row-broken" : ""} ${entry.unseen ? "row-unseen" : ""}`}>
      <div class="row-line">
        <button
          type="button"
          class="row-main"
          aria-expanded={isOpen}
          onClick={() => (state.selectedCall.value = isOpen ? null : entry.callId)}
        >
          <Icon name={missed ? "phone-missed" : entry.direction === "incoming" ? "phone-incoming" : "phone-outgoing"} size={16} />
          <span class="two-lines grow">
            <b class="clip">
              {name}
              {entry.unseen && <span class="hidden">, new</span>}
            </b>
            <small class="clip">
              <span class="hidden">{missed ? "Missed" : entry.direction}, </span>
              {result.filter(Boolean).join(" · ")}
              {name !== number && <> · {number}</>}
            </small>
          </span>
          <span class="row-time">
            {timeOf(entry.startedAt)}
            {!entry.delivered && <span class="row-unsaved">Not saved yet</span>}
          </span>
        </button>
        {phone.config.dialing.via !== "none" && <IconButton name={`${how ? CALL_BACK : "Call"} ${name}`} icon="phone" onClick={callBack} />}
      </div>
      {isOpen && (
        <div class="row-details">
          <CallDetails entry={entry} />
        </div>
      )}
    </li>
  );
}
