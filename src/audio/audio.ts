import type { Audio, Unsubscribe } from "../core/ports.ts";
import { PhoneError } from "../core/errors.ts";
import type { AudioWorld } from "./browser.ts";
import { createChosenDevice } from "./chosen-device.ts";
import { readDevices } from "./devices.ts";
import type { KnownDevices } from "./devices.ts";
import { createLateSpeaker } from "./late-speaker.ts";
import { checkMicrophone } from "./microphone.ts";
import { createRinger } from "./ringer.ts";
import { renderRing } from "./sounds.ts";

/** The port, and for whoever else plays or records: which device of the browser one of the port's ids means now. */
export interface NamedAudio extends Audio {
  devices(): Promise<KnownDevices>;
}

/** After the click or call that let this page sound has been dealt with. */
const PREPARE_MS = 1_000;

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
  const prepare = (): Unsubscribe => {
    let stop = (): void => {};
    const stopListening = speaker.onRunning((isRunning) => {
      const sampleRate = speaker.running()?.sampleRate;
      if (isRunning && sampleRate !== undefined) stop = world.after(PREPARE_MS, () => void renderRing(sampleRate));
    });
    return () => {
      stopListening();
      stop();
    };
  };
  const undo = [prepare(), world.onGesture(speaker.unlock), onDevicesChanged(() => void ringDevice.refresh().catch(() => undefined))];

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
