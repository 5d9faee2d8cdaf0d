import type { LateSpeaker } from "./late-speaker.ts";
import type { RingSound } from "../core/ports.ts";
import { renderDigit, renderRing, renderRingback, renderWaiting } from "./sounds.ts";
import type { PlayingSound } from "./speaker.ts";

/** Everything that sounds: the ring and the key tones. */
export interface Ringer {
  start(sound: RingSound): void;
  stop(): void;
  playDigit(digit: string): void;
  setVolume(volume: number): void;
}

const RENDER = { ring: renderRing, waiting: renderWaiting, ringback: renderRingback } as const;

export function createRinger(speaker: LateSpeaker): Ringer {
  let ring: PlayingSound | null = null;
  let sound: RingSound | null = null;
  let volume = 1;

  const keepRinging = (): void => {
    const running = speaker.running();
    // A source that starts in a stopped context would begin its ring long after the call, so it waits for the context.
    if (sound !== null && !ring && running) ring = running.play(RENDER[sound](running.sampleRate), { loop: true, volume: volumeOf(sound) });
  };
  const volumeOf = (of: RingSound): number => (of === "ring" ? volume : 1);
  const silence = (): void => {
    ring?.stop();
    ring = null;
  };
  speaker.onRunning(keepRinging);
  return {
    start(next) {
      if (next !== sound) silence();
      sound = next;
      speaker.unlock();
      keepRinging();
    },
    stop() {
      sound = null;
      silence();
    },
    playDigit(digit) {
      const running = speaker.running();
      const samples = running && renderDigit(digit, running.sampleRate);
      if (samples) running.play(samples, { loop: false, volume: 1 });
    },
    setVolume(next) {
      volume = Math.min(1, Math.max(0, next));
      if (sound === "ring") ring?.setVolume(volume);
    },
  };
}
