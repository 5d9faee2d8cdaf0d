import type { Audio, Unsubscribe } from "../core/ports.ts";
import { PhoneError } from "../core/errors.ts";
import type { AudioWorld } from "./browser.ts";
import { createChosenDevice } from "./chosen-device.ts";
import { readDevices } from "./devices.ts";
import type { KnownDevices } from "./devices.ts";
import { checkMicrophone } from "./microphone.ts";
import { renderDigit, renderRing } from "./sounds.ts";
import type { PlayingSound, Speaker } from "./speaker.ts";

/** How long a click waits for the browser to start the sound. */
const RESUME_MS = 1_000;

/** The port, and for whoever else plays or records: which device of the browser one of the port's ids means now. */
export interface NamedAudio extends Audio {
  devices(): Promise<KnownDevices>;
}

/**
 * Ringing, key tones, devices. One audio context for the page's life, opened here and started by the first gesture or
 * microphone: one that runs keeps running when the microphone is closed, a new one would not (autoplay policy).
 */
export function createAudio(world: AudioWorld): NamedAudio {
  const canRingListeners = new Set<(can: boolean) => void>();
  const undo: Unsubscribe[] = [];
  let speaker: Speaker | null = null;
  let ring: PlayingSound | null = null;
  let isRinging = false;
  let volume = 1;
  /** The browser's id. */
  let output: string | null = null;
  let told = false;

  const canRing = (): boolean => speaker?.isRunning() ?? false;
  const keepRinging = (): void => {
    // A source that starts in a stopped context would begin its ring long after the call, so it waits for the context.
    if (!isRinging || ring || !speaker?.isRunning()) return;
    ring = speaker.play(renderRing(speaker.sampleRate), { loop: true, volume });
  };
  const runningChanged = (): void => {
    keepRinging();
    if (canRing() === told) return;
    told = canRing();
    for (const listener of canRingListeners) listener(told);
  };
  const open = (): Speaker | null => {
    if (speaker) return speaker;
    speaker = world.openSpeaker();
    if (!speaker) return null;
    undo.push(speaker.onRunning(runningChanged));
    if (output) speaker.setOutput(output).catch(() => undefined);
    return speaker;
  };
  const start = (): void => {
    if (canRing()) return;
    open()?.resume();
    runningChanged();
  };
  const waitUntilRunning = (): Promise<boolean> =>
    new Promise((resolve) => {
      if (canRing() || !speaker) return resolve(canRing());
      const stopListening = speaker.onRunning(() => canRing() && done());
      const giveUp = world.after(RESUME_MS, () => done());
      const done = (): void => {
        giveUp();
        stopListening();
        resolve(canRing());
      };
    });
  const devices = async (): Promise<KnownDevices> => readDevices((await world.mediaDevices?.enumerateDevices()) ?? []);
  const ringDevice = createChosenDevice(
    async (id) => (await devices()).deviceIdOf("output", id),
    async (deviceId) => {
      output = deviceId;
      await speaker?.setOutput(deviceId);
    },
  );
  const onDevicesChanged = (listener: () => void): Unsubscribe => {
    // Names become known with the permission, which is a change of the list for whoever shows it.
    const undoBoth = [world.mediaDevices?.onChanged(listener), world.onMicrophonePermission(listener)];
    return () => undoBoth.forEach((run) => run?.());
  };
  undo.push(world.onGesture(start));
  undo.push(onDevicesChanged(() => void ringDevice.refresh().catch(() => undefined)));

  return {
    startRinging() {
      isRinging = true;
      start();
      keepRinging();
    },
    stopRinging() {
      isRinging = false;
      ring?.stop();
      ring = null;
    },
    canRing,
    onCanRing(listener) {
      canRingListeners.add(listener);
      return () => void canRingListeners.delete(listener);
    },
    async enableRinging() {
      start();
      return waitUntilRunning();
    },
    playDigit(digit) {
      if (!speaker?.isRunning()) return;
      const samples = renderDigit(digit, speaker.sampleRate);
      if (samples) speaker.play(samples, { loop: false, volume: 1 });
    },
    async checkMicrophone(ask) {
      return checkMicrophone(world, ask, start);
    },
    devices,
    onDevicesChanged,
    async setRingOutput(id) {
      try {
        await ringDevice.choose(id);
      } catch (error) {
        throw new PhoneError("not-supported", error);
      }
    },
    setRingVolume(next) {
      volume = Math.min(1, Math.max(0, next));
      ring?.setVolume(volume);
    },
    dispose() {
      this.stopRinging();
      for (const run of undo) run();
      canRingListeners.clear();
      speaker?.close();
      speaker = null;
    },
  };
}
