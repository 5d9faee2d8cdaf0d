import type { AudioDevice } from "../core/ports.ts";
import type { PreferencesView } from "../core/view.ts";
import { useScreen } from "./screen-state.ts";

/** Where the voice comes from and where it goes; the same in a call and in the settings. */
export function Devices() {
  const { phone } = useScreen();
  const { inputs, outputs } = phone.devices.value;
  return (
    <div class="devices">
      <DeviceSelect label="Microphone" setting="inputDevice" devices={inputs} />
      <DeviceSelect label="Speaker" setting="outputDevice" devices={outputs} />
    </div>
  );
}

interface DeviceSelectProps {
  readonly label: string;
  readonly setting: keyof Pick<PreferencesView, "inputDevice" | "outputDevice" | "ringDevice">;
  readonly devices: readonly AudioDevice[];
}

export function DeviceSelect({ label, setting, devices }: DeviceSelectProps) {
  const { phone, attempt } = useScreen();
  const chosen = phone.preferences.value[setting];
  const isGone = chosen !== null && !devices.some((device) => device.id === chosen);
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select
        value={chosen ?? ""}
        onChange={(event) => void attempt(phone.setPreferences({ [setting]: event.currentTarget.value || null }))}
      >
        <option value="">System default</option>
        {isGone && <option value={chosen}>Unplugged device</option>}
        {devices
          .filter((device) => device.id !== "" && device.id !== "default")
          .map((device, index) => (
            <option key={device.id} value={device.id}>
              {device.label || `${label} ${index + 1}`}
            </option>
          ))}
      </select>
    </label>
  );
}
