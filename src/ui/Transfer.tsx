import { Button } from "./Button.tsx";
import { type Screen, useScreen } from "./screen-state.ts";
import { ERRORS, TWO_CALLS } from "./strings.ts";
import { useDialText } from "./use-dial-text.ts";
import { isDialProblem } from "./is-dial-problem.ts";

/** Whom the caller is sent to: at once, or after the agent has asked them. */
export function Transfer() {
  const screen = useScreen();
  const { phone, state } = screen;
  const dial = useDialText(state, state.transferText);
  const { transfer, consult } = phone.callOptions.value;
  const problem = isDialProblem(state.problem.value) ? state.problem.value : null;
  const send = (event: Event) => {
    event.preventDefault();
    void give(screen, phone.transfer);
  };
  return (
    <form class="transfer" aria-label="Transfer" onSubmit={send}>
      <div class={problem === null ? "box" : "box box-wrong"}>
        <input
          ref={dial.input}
          class="transfer-number"
          aria-label={TWO_CALLS.transferTo}
          aria-invalid={problem === null ? undefined : true}
          aria-describedby="transfer-problem"
          type="tel"
          inputMode="tel"
          autocomplete="off"
          placeholder={TWO_CALLS.transferTo}
          value={state.transferText.value}
          onInput={(event) => dial.type(event.currentTarget.value, event.currentTarget.selectionStart ?? event.currentTarget.value.length)}
        />
      </div>
      <p class="field-error" id="transfer-problem" role="alert">
        {problem && ERRORS[problem]}
      </p>
      <div class="transfer-actions">
        <Button type="submit" icon="phone-forwarded" disabled={!transfer}>
          Transfer now
        </Button>
        <Button disabled={!consult} onClick={() => void give(screen, phone.consult)}>
          Ask first
        </Button>
      </div>
    </form>
  );
}

async function give({ state, attempt }: Screen, action: (text: string) => Promise<void>): Promise<void> {
  if (!(await attempt(action(state.transferText.value.trim())))) return;
  state.transferText.value = "";
  state.transferOpen.value = false;
}
