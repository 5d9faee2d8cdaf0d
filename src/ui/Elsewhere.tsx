import { useSignal } from "@preact/signals";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { useScreen } from "./screen-state.ts";

/** One tab of a CRM carries the phone; this one says so and can ask for it. */
export function Elsewhere() {
  const { phone } = useScreen();
  const state = useSignal<"idle" | "asking" | "refused">("idle");
  const ask = async () => {
    state.value = "asking";
    state.value = await phone.takeOver().then(
      (isHere) => (isHere ? "idle" : "refused"),
      () => "refused",
    );
  };
  return (
    <div class="view">
      <div class="empty">
        <Icon name="monitor" size={28} />
        <h1>Your phone is in another tab</h1>
        <p>It rings there. Bring it here when you work in this tab.</p>
        <p role="alert" class="field-error">
          {state.value === "refused" && "That tab is on a call. Finish it there first."}
        </p>
      </div>
      <div class="actions">
        <Button kind="primary" aria-disabled={state.value === "asking"} onClick={() => void ask()}>
          Use it here
        </Button>
      </div>
    </div>
  );
}
