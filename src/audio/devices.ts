import type { AudioDevice, AudioDevices } from "../core/ports.ts";
import type { DeviceInUse } from "./browser.ts";

/** Named devices only: before permission a browser lists one blank entry a kind. */
export function sortDevices(found: readonly DeviceInUse[]): AudioDevices {
  const named = (kind: MediaDeviceKind): AudioDevice[] =>
    found
      .filter((device) => device.kind === kind && device.deviceId !== "" && device.label !== "")
      .map((device) => ({ id: device.deviceId, label: device.label }));
  return { inputs: named("audioinput"), outputs: named("audiooutput") };
}
