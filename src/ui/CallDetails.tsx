import type { HistoryEntry } from "../core/view.ts";
import { brokenOff, endWords } from "./broken-off.ts";
import { BrokenOffCall } from "./CallBack.tsx";
import { callerName, CopyNumber } from "./Caller.tsx";
import { dayOf, timeOf } from "./filter-history.ts";
import { formatDuration } from "./format-duration.ts";
import { shownNumber } from "./format-number.ts";
import { RecordingPlayer } from "./RecordingPlayer.tsx";
import { useScreen } from "./screen-state.ts";
import type { ShownEntry } from "./shown-entry.ts";
import { ARCHIVE, FOR_SUPPORT, OUTCOME_WORDS } from "./strings.ts";

/** What is known about one finished call. */
export function CallDetails({ entry }: { readonly entry: ShownEntry }) {
  const { phone } = useScreen();
  const { masked } = phone.config.numbers;
  const number = shownNumber(phone, entry.remoteNumber);
  const { disposition, record, archived, delivered } = entry;
  const how = brokenOff(entry);
  const facts: readonly (readonly [string, string])[] = [
    ["When", `${dayOf(entry.startedAt, Date.now())}, ${timeOf(entry.startedAt)}`],
    ["Talked", entry.answered ? formatDuration(entry.talkSeconds) : "–"],
    ["End", archived && delivered ? (OUTCOME_WORDS[archived.outcome ?? ""] ?? "–") : (endWords(entry) ?? "–")],
    ...(record ? [["Record", [record.type, record.detail].filter(Boolean).join(" · ")] as const] : []),
    ...phone.config.wrapUp.fields.flatMap((field) => {
      const value = disposition?.fields[field.id];
      return value ? [[field.label, field.options.find((option) => option.value === value)?.label ?? value] as const] : [];
    }),
    ...(disposition?.followUp
      ? [
          [
            "Follow-up",
            `${dayOf(disposition.followUp.dueAt, Date.now())}, ${timeOf(disposition.followUp.dueAt)} · ${disposition.followUp.text}`,
          ] as const,
        ]
      : []),
    ...(disposition?.notes ? [["Notes", disposition.notes] as const] : []),
    ["Call log", logWords(entry)],
    ...supportFacts(entry),
  ];
  return (
    <div class="details">
      <div class="details-who">
        <h3 class="clip">{callerName(entry, number)}</h3>
        <p>
          <span class="number">{number}</span>
          {!masked && entry.remoteNumber !== "" && <CopyNumber number={entry.remoteNumber} />}
        </p>
      </div>
      {how && <BrokenOffCall how={how} party={entry} />}
      {archived && phone.archive && (archived.hasRecording || archived.talkSeconds > 0) && (
        <RecordingPlayer key={archived.callId} archive={phone.archive} callId={archived.callId} />
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name} class="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function logWords({ archived, delivered }: ShownEntry): string {
  if (archived && delivered) return archived.isDelivered ? ARCHIVE.saved : ARCHIVE.waiting;
  return delivered ? "Saved in the CRM" : "Not saved yet, kept here";
}

/** Codes are for those who look into the network's traces; the words above are for the agent. */
function supportFacts({ sipCode, sipCallId }: HistoryEntry): readonly (readonly [string, string])[] {
  const facts = [sipCode !== null && FOR_SUPPORT.sipCode(sipCode), sipCallId && FOR_SUPPORT.sipCallId(sipCallId)].filter(Boolean);
  return facts.length === 0 ? [] : [[FOR_SUPPORT.title, facts.join(" · ")]];
}
