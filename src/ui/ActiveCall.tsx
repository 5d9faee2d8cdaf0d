import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { CallView, Toggle } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { Caller } from "./Caller.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { CallStrips } from "./CallStrips.tsx";
import { Devices } from "./Devices.tsx";
import { Keys } from "./Keys.tsx";
import { MicLevel } from "./MicLevel.tsx";
import { Notes } from "./Notes.tsx";
import { useScreen } from "./screen-state.ts";
import { Transfer } from "./Transfer.tsx";
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** Both can talk. Every control says what is so, not what was asked for. */
export function ActiveCall({ call }: { readonly call: CallView }) {
  const { phone, state, attempt } = useScreen();
  const view = useFocusIfLost<HTMLDivElement>();
  const mute = () => void attempt(phone.setMuted(!call.mute.wanted));
  const hold = () => void attempt(phone.setHeld(!call.hold.wanted));
  const hangUp = () => void attempt(call.isConsultation ? phone.cancelConsult() : phone.hangUp());
  const { transfer: canTransfer, consult: canConsult, completeTransfer: canComplete } = phone.callOptions.value;
  const hasTransfer = canTransfer || canConsult;
  const panels = [state.keypadOpen, state.moreOpen, state.transferOpen];
  // One at a time: they share the place of the note.
  const toggle = (panel: Signal<boolean>) => () => {
    for (const other of panels) other.value = other === panel && !panel.value;
  };
  const keypad = toggle(state.keypadOpen);
  const transfer = toggle(state.transferOpen);
  const isTransferOpen = hasTransfer && state.transferOpen.value;
  useShortcuts({ M: mute, H: hold, K: keypad, X: hangUp, T: hasTransfer ? transfer : undefined });
  const typeDigit = (event: KeyboardEvent) => {
    if (!state.keypadOpen.value || event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLTextAreaElement) return;
    if (/^[0-9*#]$/.test(event.key)) void attempt(phone.sendDigits(event.key));
  };
  return (
    <div class="view call" ref={view} tabIndex={-1} onKeyDown={typeDigit}>
      <CallStrips call={call} />
      <Caller call={call} />
      <div class="controls" role="group" aria-label="Call controls">
        <ToggleControl toggle={call.mute} names={["Mute", "Unmute"]} icons={["mic", "mic-off"]} shortcut="Alt+M" onClick={mute}>
          <MicLevel />
        </ToggleControl>
        <ToggleControl toggle={call.hold} names={["Hold", "Resume"]} icons={["pause", "play"]} shortcut="Alt+H" onClick={hold} />
        <OpenControl name="Keypad" icon="grip" shortcut="Alt+K" isOpen={state.keypadOpen.value} onClick={keypad} />
        <OpenControl name="Audio" icon="volume-2" isOpen={state.moreOpen.value} onClick={toggle(state.moreOpen)} />
        {hasTransfer && <OpenControl name="Transfer" icon="phone-forwarded" shortcut="Alt+T" isOpen={isTransferOpen} onClick={transfer} />}
      </div>
      <div class="call-body">
        {state.keypadOpen.value && <Tones digits={call.digits} />}
        {state.moreOpen.value && <Devices />}
        {isTransferOpen && <Transfer />}
        {!state.keypadOpen.value && !state.moreOpen.value && !isTransferOpen && <Notes />}
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
        {canComplete && (
          <Button kind="primary" icon="phone-forwarded" onClick={() => void attempt(phone.completeTransfer())}>
            Complete transfer
          </Button>
        )}
      </div>
    </div>
  );
}

interface ToggleControlProps {
  readonly toggle: Toggle;
  /** Off and on: what a click will do. */
  readonly names: readonly [string, string];
  readonly icons: readonly [IconName, IconName];
  readonly shortcut: string;
  readonly onClick: () => void;
  readonly children?: ComponentChildren;
}

/** Shows what is confirmed; while wanted and confirmed differ it looks under way. */
function ToggleControl({ toggle, names, icons, shortcut, onClick, children }: ToggleControlProps) {
  const isOn = toggle.confirmed;
  const isPending = toggle.wanted !== toggle.confirmed;
  const name = names[isOn ? 1 : 0];
  return (
    <button
      type="button"
      class={`control ${isOn ? "control-on" : ""} ${isPending ? "control-pending" : ""}`}
      aria-busy={isPending}
      aria-keyshortcuts={shortcut}
      title={`${name} (${shortcut})`}
      onClick={onClick}
    >
      <Icon name={icons[isOn ? 1 : 0]} />
      <span class="control-name">{name}</span>
      {children}
    </button>
  );
}

function OpenControl(props: {
  readonly name: string;
  readonly icon: IconName;
  readonly shortcut?: string;
  readonly isOpen: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={props.isOpen ? "control control-open" : "control"}
      aria-expanded={props.isOpen}
      aria-keyshortcuts={props.shortcut}
      title={props.shortcut ? `${props.name} (${props.shortcut})` : props.name}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      <span class="control-name">{props.name}</span>
    </button>
  );
}

/** Digits to a menu at the other end, and the ones already sent. */
function Tones({ digits }: { readonly digits: string }) {
  const { phone, attempt } = useScreen();
  return (
    <div class="tones">
      <p class="tones-sent" aria-label={digits ? `Digits sent: ${digits.split("").join(" ")}` : undefined}>
        {digits || "Press keys, or type digits"}
      </p>
      <Keys onKey={(key) => void attempt(phone.sendDigits(key))} />
    </div>
  );
}
