import { useRef } from "preact/hooks";
import type { CallView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { callerName } from "./Caller.tsx";
import { shownNumber } from "./format-number.ts";
import { Monogram } from "./Monogram.tsx";
import { useScreen } from "./screen-state.ts";
import { ENABLE_RINGING } from "./strings.ts";
import { holdRendering } from "./hold-rendering.ts";
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** Slides over whatever is there and takes nothing from it: what is below keeps its text and its focus. */
export function IncomingCall({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const answerButton = useFocusIfLost<HTMLDivElement>();
  const number = shownNumber(phone, call.remoteNumber);
  const name = callerName(call, number);
  const isAnswering = useRef(false);
  const answer = () => {
    // The button is there until the answer has left: the second click of a double click asks for nothing more.
    if (isAnswering.current) return;
    isAnswering.current = true;
    const answered = holdRendering(() => phone.answer()).finally(() => (isAnswering.current = false));
    void attempt(answered);
  };
  const reject = () => void attempt(phone.reject());
  const silence = () => phone.silence();
  useShortcuts({ A: answer, X: reject, S: call.silenced ? undefined : silence });
  return (
    <section class="ringing" role="alertdialog" aria-labelledby="ringing-name" aria-describedby="ringing-about">
      <div class="ringing-who">
        <Monogram name={name === number ? null : name} direction="incoming" />
        <p class="ringing-label">Incoming call</p>
        <h2 id="ringing-name" class={name.length > LONG ? "ringing-name ringing-name-long" : "ringing-name"}>
          {name}
        </h2>
        <div id="ringing-about">
          {name !== number && <p class="number">{number}</p>}
          {call.record && <p class="ringing-record clip">{[call.record.type, call.record.detail].filter(Boolean).join(" · ")}</p>}
          {call.localNumber && <p class="ringing-line clip">to {shownLine(phone.formatNumber(call.localNumber))}</p>}
        </div>
      </div>
      <div class="ringing-more">
        {!phone.canRing.value && (
          <Button kind="link" icon="bell-ring" onClick={() => void attempt(phone.enableRinging())}>
            {ENABLE_RINGING}
          </Button>
        )}
        {phone.canRing.value && (
          <Button icon="bell-off" kind="quiet" shortcut="Alt+S" disabled={call.silenced} onClick={silence}>
            {call.silenced ? "Silenced" : "Silence"}
          </Button>
        )}
      </div>
      <div class="ringing-actions" ref={answerButton} tabIndex={-1}>
        <Button kind="quiet" icon="hang-up" shortcut="Alt+X" onClick={reject}>
          Decline
        </Button>
        <Button kind="answer" icon="phone" shortcut="Alt+A" onClick={answer}>
          Answer
        </Button>
      </div>
    </section>
  );
}

/** More characters than stand on one line at full size. */
const LONG = 24;

/** A called company number or the name of a queue: never wrapped either. */
const shownLine = (line: string): string => line.replaceAll(" ", "\u00a0");
