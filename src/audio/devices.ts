import type { AudioDevice, AudioDevices } from "../core/ports.ts";
import type { DeviceInUse } from "./browser.ts";

/**
 * Devices as the phone knows them: by label, because a browser that blocks third-party cookies gives a frame new device
 * ids at every load, and a choice kept by id would be lost with the page. The second of two equal labels is `Headset (2)`.
 */
export interface KnownDevices extends AudioDevices {
  /** The browser's own id for one of the ids above; `null` where the device is not there. */
  deviceIdOf(kind: "input" | "output", id: string): string | null;
  /** The microphone that the browser takes where none is chosen: the first it lists. `null` where there is none. */
  defaultInput(): string | null;
}

/** Named devices only: before permission a browser lists one blank entry a kind. */
export function readDevices(found: readonly DeviceInUse[]): KnownDevices {
  const inputs = nameDevices(found, "audioinput");
  const outputs = nameDevices(found, "audiooutput");
  const shown = (named: ReadonlyMap<string, DeviceInUse>): AudioDevice[] => [...named.keys()].map((id) => ({ id, label: id }));
  return {
    inputs: shown(inputs),
    outputs: shown(outputs),
    defaultInput: () => inputs.keys().next().value ?? null,
    deviceIdOf: (kind, id) => (kind === "input" ? inputs : outputs).get(id)?.deviceId ?? null,
  };
}

function nameDevices(found: readonly DeviceInUse[], kind: MediaDeviceKind): Map<string, DeviceInUse> {
  const named = new Map<string, DeviceInUse>();
  for (const device of found) {
    if (device.kind !== kind || device.deviceId === "" || device.label === "") continue;
    let id = device.label;
    for (let count = 2; named.has(id); count += 1) id = `${device.label} (${count})`;
    named.set(id, device);
  }
  return named;
}
