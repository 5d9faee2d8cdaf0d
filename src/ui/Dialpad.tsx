import type { CrmRecord } from "../protocol/call.ts";
import { Button, IconButton } from "./Button.tsx";
import { groupDigits, shownNumber } from "./format-number.ts";
import { Icon } from "./Icon.tsx";
import { isDialProblem } from "./is-dial-problem.ts";
import { Keys } from "./Keys.tsx";
import { type Screen, useScreen } from "./screen-state.ts";
import { ERRORS } from "./strings.ts";
import { type DialText, useDialText } from "./use-dial-text.ts";

/** A number in any spelling, by keys, keyboard or paste, and one button. */
export function Dialpad() {
  const screen = useScreen();
  const { state } = screen;
  const dial = useDialText(state);
  const text = state.dialText.value;
  const problem = isDialProblem(state.problem.value) ? state.problem.value : null;
  const isWrong = problem !== null;

  const call = (event: Event) => {
    event.preventDefault();
    void dialTyped(screen);
  };
  return (
    <form class="view dialpad" onSubmit={call} onKeyDown={(event) => typeAnywhere(event, dial)}>
      <h1 class="hidden">Keypad</h1>
      <div class={isWrong ? "box dial-box box-wrong" : "box dial-box"}>
        <input
          ref={dial.input}
          class="dial-input"
          aria-label="Number to call"
          aria-invalid={isWrong ? true : undefined}
          aria-describedby="dial-problem"
          type="tel"
          inputMode="tel"
          autocomplete="off"
          placeholder="Type or paste a number"
          value={text}
          onInput={(event) => dial.type(event.currentTarget.value, event.currentTarget.selectionStart ?? event.currentTarget.value.length)}
        />
        {text !== "" && <IconButton name="Delete last digit" icon="delete" onClick={dial.erase} />}
      </div>
      <p class="dial-problem" id="dial-problem" role="alert">
        {problem && ERRORS[problem]}
      </p>
      {!isWrong && text === "" && <Suggestion />}
      <Keys onKey={dial.insert} onLongZero={() => dial.insert("+")} />
      <div class="actions">
        <Button kind="primary" icon="phone" type="submit">
          Call
        </Button>
      </div>
    </form>
  );
}

/** The lead or ticket on the CRM's screen, or the number of the link that was opened, one click away. */
function Suggestion() {
  const { phone, attempt } = useScreen();
  const { record, number } = phone.context.value;
  if (!number) return null;
  const shown = shownNumber(phone, number);
  return (
    <button type="button" class="suggestion" onClick={() => void attempt(phone.dial(number, aboutOf(record)))}>
      <Icon name="phone-outgoing" />
      <span class="two-lines">
        <b>{record?.name ?? shown}</b>
        <small>{record ? shown : "Click to call this number"}</small>
      </span>
    </button>
  );
}

async function dialTyped({ phone, state, attempt }: Screen): Promise<void> {
  const text = state.dialText.value.trim();
  if (text === "") {
    const last = phone.history.value.find((entry) => entry.direction === "outgoing");
    // As on every telephone: Call with nothing typed brings the last number back.
    if (last && !phone.config.numbers.masked) state.dialText.value = groupDigits(last.remoteNumber);
    else state.problem.value = "number-invalid";
    return;
  }
  if (await attempt(phone.dial(text))) state.dialText.value = "";
}

const aboutOf = (record: CrmRecord | null) => (record ? { record, name: record.name } : {});

/** Digits typed while a key of the pad has the focus go into the number too. */
function typeAnywhere(event: KeyboardEvent, dial: DialText): void {
  if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
  if (/^[0-9*#+]$/.test(event.key)) dial.insert(event.key);
  else if (event.key === "Backspace") dial.erase();
  else return;
  event.preventDefault();
}
