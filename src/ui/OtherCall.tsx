import type { CallView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { useScreen } from "./screen-state.ts";
import { Strip } from "./Strip.tsx";
import { TWO_CALLS } from "./strings.ts";
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** The second call: it waits for an answer, or is held behind the one that is up. */
export function OtherCall() {
  const call = useScreen().phone.otherCall.value;
  if (call === null) return null;
  return call.phase === "ringing" ? <CallWaiting key={call.callId} call={call} /> : <HeldCall call={call} />;
}

/** Who calls while somebody is on the line. What is being typed below keeps its focus. */
function CallWaiting({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const card = useFocusIfLost<HTMLDivElement>();
  const number = shownNumber(phone, call.remoteNumber);
  const name = callerName(call, number);
  const answer = () => void attempt(phone.answer());
  const endAndAnswer = () => void attempt(phone.endAndAnswer());
  const decline = () => void attempt(phone.reject());
  const about = [name === number ? null : number, call.record?.type, call.record?.detail].filter(Boolean).join(" · ");
  useShortcuts({ A: answer, E: endAndAnswer, D: decline });
  return (
    <section class="waiting" role="alertdialog" aria-labelledby="waiting-name" aria-describedby="waiting-about">
      <p class="waiting-label">{TWO_CALLS.waiting}</p>
      <h2 id="waiting-name" class="waiting-name clip">
        {name}
      </h2>
      <p id="waiting-about" class="waiting-about clip">
        {about}
      </p>
      <div class="waiting-actions" ref={card} tabIndex={-1}>
        <Button kind="quiet" shortcut="Alt+D" onClick={decline}>
          Decline
        </Button>
        <Button kind="quiet" shortcut="Alt+E" onClick={endAndAnswer}>
          End & answer
        </Button>
        <Button kind="answer" shortcut="Alt+A" onClick={answer}>
          Hold & answer
        </Button>
      </div>
    </section>
  );
}

function HeldCall({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const swap = () => void attempt(phone.swap());
  const canSwap = phone.callOptions.value.swap;
  useShortcuts({ W: canSwap ? swap : undefined });
  const name = callerName(call, shownNumber(phone, call.remoteNumber));
  return (
    <Strip
      tone="info"
      icon="pause"
      after={
        <Button kind="link" icon="arrow-left-right" shortcut="Alt+W" disabled={!canSwap} onClick={swap}>
          Swap
        </Button>
      }
    >
      <b>{name}</b> {TWO_CALLS.onHold}
    </Strip>
  );
}
