import type { CallView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { Caller, callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { Monogram } from "./Monogram.tsx";
import { useScreen } from "./screen-state.ts";
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** From the first click on Call until somebody talks. */
export function Dialing({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const view = useFocusIfLost<HTMLDivElement>();
  const number = shownNumber(phone, call.remoteNumber);
  const name = callerName(call, number);
  const hangUp = () => void attempt(call.isConsultation ? phone.cancelConsult() : phone.hangUp());
  useShortcuts({ X: hangUp });
  return (
    <div class="view call dialing" ref={view} tabIndex={-1}>
      <div class="dialing-who">
        <Monogram name={name === number ? null : name} direction={call.direction} />
        <Caller call={call} />
        <p class="call-progress">{progressOf(call, phone.config.dialing.via === "sip")}</p>
      </div>
      <div class="actions">
        {call.isConsultation ? (
          <Button shortcut="Alt+X" onClick={hangUp}>
            Back to the customer
          </Button>
        ) : (
          <Button kind="end" icon="hang-up" shortcut="Alt+X" onClick={hangUp}>
            Hang up
          </Button>
        )}
      </div>
    </div>
  );
}

function progressOf(call: CallView, isDirect: boolean): string {
  if (call.direction === "incoming") return "Connecting the call…";
  return call.phase === "dialing" && !isDirect ? "Calling… your phone answers by itself." : "Calling… it rings at their end.";
}
