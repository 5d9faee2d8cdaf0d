import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly error?: string | null;
  readonly type?: keyof typeof KINDS;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly required?: boolean;
  /** Beside the input, inside its frame. */
  readonly after?: ComponentChildren;
  readonly onChange: (value: string) => void;
  readonly onLeave?: () => void;
}

// Preact types an input by what its `type` is: three shapes, not one with three values.
const KINDS = { text: { type: "text" }, password: { type: "password" }, date: { type: "date" } } as const;

/** A label, one line to type in, and its error. */
export function Field({ label, error, after, required, onChange, onLeave, ...input }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
        {required && <Required />}
      </label>
      <div class={error ? "box box-wrong" : "box"}>
        <input
          {...KINDS[input.type ?? "text"]}
          name={input.name}
          value={input.value}
          placeholder={input.placeholder ?? ""}
          id={id}
          autocapitalize="off"
          autocorrect="off"
          spellcheck={false}
          autocomplete={input.autocomplete ?? "off"}
          aria-invalid={error ? true : undefined}
          aria-required={required ?? false}
          aria-describedby={error ? `${id}-error` : undefined}
          onInput={(event) => onChange(event.currentTarget.value)}
          onBlur={() => onLeave?.()}
        />
        {after}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export function Required() {
  return (
    <span class="required" title="Required" aria-hidden="true">
      *
    </span>
  );
}
