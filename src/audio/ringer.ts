import type { Unsubscribe } from "../core/ports.ts";
import type { AudioWorld } from "./browser.ts";
import { renderDigit, renderRing } from "./sounds.ts";
import type { PlayingSound, Speaker } from "./speaker.ts";

/** Everything that sounds: the ring and the key tones. */
export interface Ringer {
  start(): void;
  stop(): void;
  canRing(): boolean;
  onCanRing(listener: (can: boolean) => void): Unsubscribe;
  /** Asks the browser to let this page sound; from a gesture, or while a microphone is open. */
  unlock(): void;
  /** The same, and waits for the browser. */
  enable(): Promise<boolean>;
  playDigit(digit: string): void;
  setVolume(volume: number): void;
  /** The browser's device id. */
  setOutput(deviceId: string | null): Promise<void>;
  dispose(): void;
}

/** How long a click waits for the browser to start the sound. */
const RESUME_MS = 1_000;

/**
 * One audio context for the page's life, opened by the first gesture or microphone: one that runs keeps running when
 * the microphone is closed, a new one would not (autoplay policy).
 */
export function createRinger(world: AudioWorld): Ringer {
  const listeners = new Set<(can: boolean) => void>();
  let speaker: Speaker | null = null;
  let ring: PlayingSound | null = null;
  let isRinging = false;
  let volume = 1;
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
    for (const listener of listeners) listener(told);
  };
  const unlock = (): void => {
    if (canRing()) return;
    speaker ??= openSpeaker(world, output, runningChanged);
    speaker?.resume();
    runningChanged();
  };
  const stop = (): void => {
    isRinging = false;
    ring?.stop();
    ring = null;
  };
  return {
    start() {
      isRinging = true;
      unlock();
      keepRinging();
    },
    stop,
    canRing,
    onCanRing(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    unlock,
    enable() {
      unlock();
      return speaker ? waitUntilRunning(speaker, world) : Promise.resolve(false);
    },
    playDigit(digit) {
      if (speaker?.isRunning()) playOnce(speaker, renderDigit(digit, speaker.sampleRate));
    },
    setVolume(next) {
      volume = Math.min(1, Math.max(0, next));
      ring?.setVolume(volume);
    },
    async setOutput(deviceId) {
      output = deviceId;
      await speaker?.setOutput(deviceId);
    },
    dispose() {
      stop();
      listeners.clear();
      speaker?.close();
      speaker = null;
    },
  };
}

function openSpeaker(world: AudioWorld, output: string | null, changed: () => void): Speaker | null {
  const speaker = world.openSpeaker();
  speaker?.onRunning(changed);
  // A device that cannot be used leaves the ring on the default one.
  if (output) speaker?.setOutput(output).catch(() => undefined);
  return speaker;
}

function waitUntilRunning(speaker: Speaker, world: AudioWorld): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (): void => {
      giveUp();
      stopListening();
      resolve(speaker.isRunning());
    };
    const giveUp = world.after(RESUME_MS, () => done());
    const stopListening = speaker.onRunning(() => speaker.isRunning() && done());
    if (speaker.isRunning()) done();
  });
}

function playOnce(speaker: Speaker, samples: Float32Array<ArrayBuffer> | null): void {
  if (samples) speaker.play(samples, { loop: false, volume: 1 });
}
