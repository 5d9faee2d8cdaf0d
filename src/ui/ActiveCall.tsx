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
import { useFocusIfLost } from "./use-focus-if-lost.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** Both can talk. Every control says what is so, not what was asked for. */
export function ActiveCall({ call }: { readonly call: CallView }) {
  const { phone, state, attempt } = useScreen();
  const view = useFocusIfLost<HTMLDivElement>();
  const mute = () => void attempt(phone.setMuted(!call.mute.wanted));
  const hold = () => void attempt(phone.setHeld(!call.hold.wanted));
  const hangUp = () => void attempt(phone.hangUp());
  const keypad = () => {
    state.moreOpen.value = false;
    state.keypadOpen.value = !state.keypadOpen.value;
  };
  const more = () => {
    state.keypadOpen.value = false;
    state.moreOpen.value = !state.moreOpen.value;
  };
  useShortcuts({ M: mute, H: hold, K: keypad, X: hangUp });
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
        <OpenControl name="Audio" icon="volume-2" isOpen={state.moreOpen.value} onClick={more} />
      </div>
      <div class="call-body">
        {state.keypadOpen.value && <Tones digits={call.digits} />}
        {state.moreOpen.value && <Devices />}
        {!state.keypadOpen.value && !state.moreOpen.value && <Notes />}
      </div>
      <div class="actions">
        <Button kind="end" icon="hang-up" shortcut="Alt+X" onClick={hangUp}>
          Hang up
        </Button>
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
