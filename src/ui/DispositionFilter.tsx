import type { Config, DispositionField } from "../protocol/config.ts";
import { useScreen } from "./screen-state.ts";
import { ARCHIVE } from "./strings.ts";

/** One value of one field that agents fill in after a call. */
export interface ChosenDisposition {
  readonly fieldId: string;
  readonly value: string;
}

export interface DispositionFilterProps {
  readonly chosen: ChosenDisposition | null;
  readonly onChoose: (chosen: ChosenDisposition | null) => void;
}

/** Which outcome was written: a list of all that this deployment has; nothing where it has none to choose from. */
export function DispositionFilter({ chosen, onChoose }: DispositionFilterProps) {
  const fields = chosenFrom(useScreen().phone.config);
  const [only, ...others] = fields;
  if (only === undefined) return null;
  return (
    <label class="field history-disposition">
      <span class="label">{others.length === 0 ? only.label : ARCHIVE.disposition}</span>
      <select value={chosen === null ? "" : keyOf(chosen)} onChange={(event) => onChoose(readKey(event.currentTarget.value))}>
        <option value="">{ARCHIVE.anyDisposition}</option>
        {others.length === 0
          ? optionsOf(only)
          : fields.map((field) => (
              <optgroup key={field.id} label={field.label}>
                {optionsOf(field)}
              </optgroup>
            ))}
      </select>
    </label>
  );
}

function optionsOf({ id, options }: DispositionField) {
  return options.map(({ value, label }) => {
    const key = keyOf({ fieldId: id, value });
    return (
      <option key={key} value={key}>
        {label}
      </option>
    );
  });
}

function chosenFrom({ wrapUp }: Config): readonly DispositionField[] {
  return wrapUp.fields.filter(({ kind, options }) => (kind === "choice" || kind === "list") && options.length > 0);
}

// A field's id has no colon.
function keyOf({ fieldId, value }: ChosenDisposition): string {
  return `${fieldId}:${value}`;
}

function readKey(key: string): ChosenDisposition | null {
  const colon = key.indexOf(":");
  return colon < 0 ? null : { fieldId: key.slice(0, colon), value: key.slice(colon + 1) };
}
