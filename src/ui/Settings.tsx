import { useSignal } from "@preact/signals";
import type { PreferencesView } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { copy } from "./copy.ts";
import { Devices, DeviceSelect } from "./Devices.tsx";
import { useScreen } from "./screen-state.ts";
import "./styles/settings.css";

const THEMES: readonly (readonly [PreferencesView["theme"], string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** What an agent sets once: sound, look, and what support asks for. */
export function Settings() {
  const { phone, hints, attempt } = useScreen();
  const isOff = phone.line.value.state === "off";
  return (
    <div class="view">
      <div class="view-scroll settings">
        <h1 class="settings-title">Settings</h1>
        <section>
          <label class="switch">
            <span class="two-lines grow">
              <b>Take calls</b>
              <small>{isOff ? "Calls do not ring here." : "Calls ring here."}</small>
            </span>
            <input
              type="checkbox"
              role="switch"
              checked={!isOff}
              onChange={(event) => void attempt(phone.setAvailable(event.currentTarget.checked))}
            />
          </label>
        </section>
        <section>
          <h2>Sound</h2>
          <Devices />
          <Ringing />
        </section>
        <section>
          <h2 id="theme">Theme</h2>
          <Theme />
        </section>
        {hints.takePhoneLinks && <PhoneLinks take={hints.takePhoneLinks} />}
        <Support />
      </div>
    </div>
  );
}

function Ringing() {
  const { phone, attempt } = useScreen();
  const volume = phone.preferences.value.ringVolume;
  return (
    <>
      <DeviceSelect label="Ring on" setting="ringDevice" devices={phone.devices.value.outputs} />
      <label class="field">
        <span class="label">Ring volume</span>
        <input
          class="slider"
          type="range"
          min="0"
          max="100"
          step="5"
          value={String(Math.round(volume * 100))}
          aria-valuetext={`${Math.round(volume * 100)} per cent`}
          onChange={(event) => void attempt(phone.setPreferences({ ringVolume: Number(event.currentTarget.value) / 100 }))}
        />
      </label>
      <Button icon="bell-ring" onClick={phone.testRinging}>
        Test the ring
      </Button>
      {volume === 0 && <p class="field-error">Calls make no sound at this volume.</p>}
    </>
  );
}

function Theme() {
  const { phone, attempt } = useScreen();
  return (
    <div class="pills" role="radiogroup" aria-labelledby="theme">
      {THEMES.map(([theme, label]) => (
        <label key={theme} class="pill">
          <input
            type="radio"
            name="theme"
            checked={phone.preferences.value.theme === theme}
            onChange={() => void attempt(phone.setPreferences({ theme }))}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

/** Only on a page of the phone's own. What the agent answers, the browser does not tell. */
function PhoneLinks({ take }: { readonly take: () => void }) {
  return (
    <section>
      <h2>Telephone links</h2>
      <Button icon="external-link" onClick={take}>
        Open telephone links here
      </Button>
      <p class="muted small">
        Your browser asks once. A number that you click on any web page then opens this phone, which offers to call it.
      </p>
    </section>
  );
}

function Support() {
  const { phone, hints, attempt } = useScreen();
  const isCopied = useSignal(false);
  return (
    <section>
      <h2>{phone.agent.value ? `Signed in as ${phone.agent.value.user}` : "Account"}</h2>
      <div class="settings-buttons">
        <Button icon="log-out" onClick={() => void attempt(phone.signOut())}>
          Sign out
        </Button>
        <Button
          icon={isCopied.value ? "check" : "copy"}
          onClick={() => void attempt(copy(phone.diagnostics())).then((worked) => (isCopied.value = worked))}
        >
          {isCopied.value ? "Copied" : "Copy diagnostics"}
        </Button>
      </div>
      <p class="muted small">The diagnostics hold no password and no customer's number.{hints.version && ` Version ${hints.version}`}</p>
    </section>
  );
}
