import type { Unsubscribe } from "../core/ports.ts";
import type { AudioWorld } from "./browser.ts";
import type { Speaker } from "./speaker.ts";

/** The speaker of a page that may not sound yet. */
export interface LateSpeaker {
  /** `null` while nothing may sound. */
  running(): Speaker | null;
  /** Called with every change of whether something may sound. */
  onRunning(listener: (isRunning: boolean) => void): Unsubscribe;
  /** Asks the browser to let this page sound; from a gesture, or while a microphone is open. */
  unlock(): void;
  /** The same, and waits for the browser. */
  enable(): Promise<boolean>;
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
export function createLateSpeaker(world: AudioWorld): LateSpeaker {
  const listeners = new Set<(isRunning: boolean) => void>();
  let speaker: Speaker | null = null;
  let output: string | null = null;
  let told = false;

  const running = (): Speaker | null => (speaker?.isRunning() ? speaker : null);
  const changed = (): void => {
    const isRunning = running() !== null;
    if (isRunning === told) return;
    told = isRunning;
    for (const listener of listeners) listener(isRunning);
  };
  const open = (): Speaker | null => {
    const opened = world.openSpeaker();
    opened?.onRunning(changed);
    // A device that cannot be used leaves the sound on the default one.
    if (output) opened?.setOutput(output).catch(() => undefined);
    return opened;
  };
  const unlock = (): void => {
    if (running()) return;
    speaker ??= open();
    speaker?.resume();
    changed();
  };
  return {
    running,
    onRunning(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    unlock,
    enable() {
      unlock();
      return speaker ? waitUntilRunning(speaker, world) : Promise.resolve(false);
    },
    async setOutput(deviceId) {
      output = deviceId;
      await speaker?.setOutput(deviceId);
    },
    dispose() {
      listeners.clear();
      speaker?.close();
      speaker = null;
    },
  };
}

function waitUntilRunning(speaker: Speaker, world: AudioWorld): Promise<boolean> {
  if (speaker.isRunning()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (): void => {
      giveUp();
      stopListening();
      resolve(speaker.isRunning());
    };
    const giveUp = world.after(RESUME_MS, done);
    const stopListening = speaker.onRunning(() => speaker.isRunning() && done());
  });
}
