import { useLayoutEffect, useRef } from "preact/hooks";
import type { Disposition } from "../protocol/call.ts";
import type { DispositionField } from "../protocol/config.ts";
import type { CallView, WorkView } from "../core/view.ts";
import { brokenOff, endWords } from "./broken-off.ts";
import { Button } from "./Button.tsx";
import { BrokenOffCall } from "./CallBack.tsx";
import { callerName } from "./Caller.tsx";
import { Field, Required } from "./Field.tsx";
import { FollowUpField } from "./FollowUpField.tsx";
import { formatDuration } from "./format-duration.ts";
import { shownNumber } from "./format-number.ts";
import { Notes } from "./Notes.tsx";
import { useScreen } from "./screen-state.ts";
import { useFocusIfLost } from "./use-focus-if-lost.ts";

const FIRST_WRONG = ["[aria-invalid=true] input", "input[aria-invalid=true]", "select[aria-invalid=true]"].join();

/** Outcome and note of the call that is just over. `call` is unknown after a reload; the work is not. */
export function WrapUp({ work, call }: { readonly work: WorkView; readonly call: CallView | null }) {
  const { phone, attempt } = useScreen();
  const form = useFocusIfLost<HTMLFormElement>();
  const { config } = phone;
  const wasSaved = useRef(false);
  const how = call && brokenOff(call);
  // What is missing is on screen one render after the try to save, not when its promise settles.
  useLayoutEffect(() => {
    if (!wasSaved.current || work.missing.length === 0) return;
    wasSaved.current = false;
    form.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus();
  });
  const save = (event: Event) => {
    event.preventDefault();
    wasSaved.current = true;
    void attempt(phone.saveWork());
  };
  return (
    <form class="view wrap-up" ref={form} tabIndex={-1} onSubmit={save} noValidate>
      <div class="view-scroll">
        <div class="wrap-up-call">
          <h1 class="clip">{call ? callerName(call, shownNumber(phone, call.remoteNumber)) : "Your last call"}</h1>
          {call && <p class="muted">{summaryOf(call)}</p>}
        </div>
        {call && how && <BrokenOffCall how={how} party={call} />}
        {config.wrapUp.fields.map((field) => (
          <DispositionInput key={field.id} field={field} disposition={work.disposition} isMissing={work.missing.includes(field.id)} />
        ))}
        {config.wrapUp.followUp && <FollowUpField followUp={work.disposition.followUp} />}
        <Notes />
      </div>
      <div class="actions">
        <Button kind="primary" type="submit" aria-disabled={work.saving}>
          {work.saving ? "Saving…" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function summaryOf(call: CallView): string {
  const way = call.direction === "incoming" ? "incoming" : "outgoing";
  const talk =
    call.answeredAt !== null && call.endedAt !== null ? formatDuration(Math.round((call.endedAt - call.answeredAt) / 1_000)) : null;
  return [talk ? `${talk} ${way}` : way, endWords(call)].filter(Boolean).join(" · ");
}

interface DispositionInputProps {
  readonly field: DispositionField;
  readonly disposition: Disposition;
  readonly isMissing: boolean;
}

function DispositionInput({ field, disposition, isMissing }: DispositionInputProps) {
  const { phone } = useScreen();
  const value = disposition.fields[field.id] ?? "";
  const set = (next: string) => phone.write({ fields: { [field.id]: next } });
  const error = isMissing && value === "" ? "Choose or fill in, then save." : null;
  if (field.kind === "choice") return <Choice field={field} value={value} error={error} onChoose={set} />;
  if (field.kind === "list") return <List field={field} value={value} error={error} onChoose={set} />;
  return (
    <Field label={field.label} name={field.id} type={field.kind} required={field.required} value={value} error={error} onChange={set} />
  );
}

interface ChoiceProps {
  readonly field: DispositionField;
  readonly value: string;
  readonly error: string | null;
  readonly onChoose: (value: string) => void;
}

function Choice({ field, value, error, onChoose }: ChoiceProps) {
  return (
    <fieldset class="field" role="radiogroup" aria-invalid={error ? true : undefined} aria-required={field.required}>
      <legend class="label">
        {field.label}
        {field.required && <Required />}
      </legend>
      <div class="pills">
        {field.options.map((option) => (
          <label key={option.value} class="pill">
            <input
              type="radio"
              name={field.id}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}

function List({ field, value, error, onChoose }: ChoiceProps) {
  return (
    <label class="field">
      <span class="label">
        {field.label}
        {field.required && <Required />}
      </span>
      <select
        value={value}
        aria-invalid={error ? true : undefined}
        aria-required={field.required}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        <option value="">Choose…</option>
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {error && <span class="field-error">{error}</span>}
    </label>
  );
}
