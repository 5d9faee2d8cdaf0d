import { useId } from "preact/hooks";
import { useScreen } from "./screen-state.ts";

/** Kept at every keystroke, from the first second of the call until it is saved. */
export function Notes() {
  const { phone } = useScreen();
  const id = useId();
  const work = phone.work.value;
  return (
    <div class="field notes">
      <label class="label" for={id}>
        Notes
      </label>
      <textarea
        id={id}
        class="box"
        placeholder="Notes"
        maxLength={20_000}
        disabled={!work}
        value={work?.disposition.notes ?? ""}
        onInput={(event) => phone.write({ notes: event.currentTarget.value })}
      />
    </div>
  );
}
