import type { CallView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { Caller } from "./Caller.tsx";
import { useScreen } from "./screen-state.ts";
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** From the first click on Call until somebody talks. */
export function Dialing({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const view = useFocusIfLost<HTMLDivElement>();
  const hangUp = () => void attempt(phone.hangUp());
  useShortcuts({ X: hangUp });
  return (
    <div class="view call" ref={view} tabIndex={-1}>
      <Caller call={call} />
      <p class="call-progress">
        <span class="pulse" aria-hidden="true" />
        {progressOf(call)}
      </p>
      <div class="grow" />
      <div class="actions">
        <Button kind="end" icon="phone-off" shortcut="Alt+X" onClick={hangUp}>
          Hang up
        </Button>
      </div>
    </div>
  );
}

function progressOf(call: CallView): string {
  if (call.direction === "incoming") return "Connecting the call…";
  return call.phase === "dialing" ? "Calling… your phone answers by itself." : "Calling… it rings at their end.";
}
