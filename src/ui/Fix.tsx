import type { PhoneErrorCode } from "../core/errors.ts";
import { FIXES } from "./strings.ts";

/** "How to fix", for the few problems that take more than a sentence. */
export function Fix({ code }: { readonly code: PhoneErrorCode }) {
  const steps = FIXES[code];
  if (!steps) return null;
  return (
    <details class="fix">
      <summary>How to fix</summary>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}
