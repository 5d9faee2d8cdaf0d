import type { LateSpeaker } from "./late-speaker.ts";
import { renderDigit, renderRing } from "./sounds.ts";
import type { PlayingSound } from "./speaker.ts";

/** Everything that sounds: the ring and the key tones. */
export interface Ringer {
  start(): void;
  stop(): void;
  playDigit(digit: string): void;
  setVolume(volume: number): void;
}

export function createRinger(speaker: LateSpeaker): Ringer {
  let ring: PlayingSound | null = null;
  let isRinging = false;
  let volume = 1;

  const keepRinging = (): void => {
    const running = speaker.running();
    // A source that starts in a stopped context would begin its ring long after the call, so it waits for the context.
    if (isRinging && !ring && running) ring = running.play(renderRing(running.sampleRate), { loop: true, volume });
  };
  speaker.onRunning(keepRinging);
  return {
    start() {
      isRinging = true;
      speaker.unlock();
      keepRinging();
    },
    stop() {
      isRinging = false;
      ring?.stop();
      ring = null;
    },
    playDigit(digit) {
      const running = speaker.running();
      const samples = running && renderDigit(digit, running.sampleRate);
      if (samples) running.play(samples, { loop: false, volume: 1 });
    },
    setVolume(next) {
      volume = Math.min(1, Math.max(0, next));
      ring?.setVolume(volume);
    },
  };
}
