import type { Audio, Unsubscribe } from "../core/ports.ts";
import { PhoneError } from "../core/errors.ts";
import type { AudioWorld } from "./browser.ts";
import { createChosenDevice } from "./chosen-device.ts";
import { readDevices } from "./devices.ts";
import type { KnownDevices } from "./devices.ts";
import { createLateSpeaker } from "./late-speaker.ts";
import { checkMicrophone } from "./microphone.ts";
import { createRinger } from "./ringer.ts";

/** The port, and for whoever else plays or records: which device of the browser one of the port's ids means now. */
export interface NamedAudio extends Audio {
  devices(): Promise<KnownDevices>;
}

/** Ringing, key tones, microphone, devices. */
export function createAudio(world: AudioWorld): NamedAudio {
  const speaker = createLateSpeaker(world);
  const ringer = createRinger(speaker);
  const devices = async (): Promise<KnownDevices> => readDevices((await world.mediaDevices?.enumerateDevices()) ?? []);
  const ringDevice = createChosenDevice(async (id) => (await devices()).deviceIdOf("output", id), speaker.setOutput);
  const onDevicesChanged = (listener: () => void): Unsubscribe => {
    // Names become known with the permission, which is a change of the list for whoever shows it.
    const undoBoth = [world.mediaDevices?.onChanged(listener), world.onMicrophonePermission(listener)];
    return () => {
      for (const run of undoBoth) run?.();
    };
  };
  const undo = [world.onGesture(speaker.unlock), onDevicesChanged(() => void ringDevice.refresh().catch(() => undefined))];

  return {
    startRinging: ringer.start,
    stopRinging: ringer.stop,
    canRing: () => speaker.running() !== null,
    onCanRing: speaker.onRunning,
    enableRinging: speaker.enable,
    playDigit: ringer.playDigit,
    checkMicrophone: (ask) => checkMicrophone(world, ask, speaker.unlock),
    devices,
    onDevicesChanged,
    async setRingOutput(id) {
      try {
        await ringDevice.choose(id);
      } catch (error) {
        throw new PhoneError("not-supported", error);
      }
    },
    setRingVolume: ringer.setVolume,
    dispose() {
      for (const run of undo) run();
      ringer.stop();
      speaker.dispose();
    },
  };
}
