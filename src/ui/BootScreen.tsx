import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/strips.css";
import "./styles/phone.css";
import "./styles/menu-and-nav.css";
import "./styles/sign-in.css";
import "./styles/dialpad.css";

/**
 * Before there is a phone, or where there can be none.
 *
 * - `loading`: shows nothing for 300 ms.
 * - `config-missing`: `config.json` could not be fetched. `config-broken`: it could, and `problems` names its keys.
 * - `engine-failed`: the part that makes calls did not load.
 * - `unsupported`: this browser lacks what calls need.
 */
export type BootState =
  | { readonly kind: "loading" }
  | { readonly kind: "config-missing" }
  | { readonly kind: "config-broken"; readonly problems: readonly string[] }
  | { readonly kind: "engine-failed" }
  | { readonly kind: "unsupported" };

const TEXTS: Record<Exclude<BootState["kind"], "loading">, readonly [string, string]> = {
  "config-missing": [
    "The phone's settings did not load",
    "Check your internet, then try again. If it stays, tell your administrator: config.json cannot be read.",
  ],
  "config-broken": ["The phone is not set up correctly", "Send this to your administrator. In config.json:"],
  "engine-failed": ["The phone did not load completely", "Check your internet, then try again."],
  unsupported: ["This browser cannot make calls", "Use a current Chrome, Edge, Firefox or Safari, and open the phone over https."],
};

/** @param onRetry  what "Try again" does; where it is left out the page is reloaded. */
export function BootScreen({ state, onRetry }: { readonly state: BootState; readonly onRetry?: () => void }) {
  if (state.kind === "loading") {
    return (
      <main class="app boot" aria-busy="true">
        <p class="skeleton">Loading the phone…</p>
      </main>
    );
  }
  const [title, text] = TEXTS[state.kind];
  return (
    <main class="app boot">
      <div class="empty" role="alert">
        <Icon name="triangle-alert" size={28} />
        <h1>{title}</h1>
        <p>{text}</p>
        {state.kind === "config-broken" && (
          <ul class="problems">
            {state.problems.map((problem) => (
              <li key={problem}>
                <code>{problem}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
      {state.kind !== "unsupported" && (
        <div class="actions">
          <Button kind="primary" icon="refresh-cw" onClick={onRetry ?? (() => location.reload())}>
            Try again
          </Button>
        </div>
      )}
    </main>
  );
}
