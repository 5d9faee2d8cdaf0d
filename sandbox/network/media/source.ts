import { readdirSync, readFileSync } from "node:fs";
import { parseWav } from "./wav.ts";

/** One packet: 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160;
const SAMPLE_RATE = 8000;
const ECHO_FRAMES = 15;
const PAUSE_FRAMES = 50;

/** What a peer sends. */
export type SourceKind = "silence" | "speech" | "echo" | "ringback";

export interface Source {
  next(): Int16Array;
  /** What was heard, for the echo. */
  heard(samples: Int16Array): void;
}

/** `voice` picks one of the recorded voices, so that a customer always has the same. */
export function createSource(kind: SourceKind, voice: number): Source {
  if (kind === "echo") return echo();
  const samples = kind === "speech" ? speechOf(voice) : kind === "ringback" ? ringback : silence;
  let at = 0;
  return {
    next() {
      const frame = samples.subarray(at, at + FRAME_SAMPLES);
      at = at + FRAME_SAMPLES >= samples.length ? 0 : at + FRAME_SAMPLES;
      return frame;
    },
    heard: () => undefined,
  };
}

/** Gives back what it hears, 300 ms later. */
function echo(): Source {
  const waiting: Int16Array[] = Array.from({ length: ECHO_FRAMES }, () => silence);
  return {
    next: () => waiting.shift() ?? silence,
    heard(samples) {
      // A sender whose clock runs faster than ours must not build up delay.
      if (waiting.length < ECHO_FRAMES * 2 && samples.length === FRAME_SAMPLES) waiting.push(samples);
    },
  };
}

const silence = new Int16Array(FRAME_SAMPLES);

/** India: 400 Hz modulated by 25 Hz, 0.4 s on, 0.2 s off, 0.4 s on, 2 s off (ITU-T E.180). */
const ringback = Int16Array.from({ length: 3 * SAMPLE_RATE }, (_, index) => {
  const second = index / SAMPLE_RATE;
  const on = second < 0.4 || (second >= 0.6 && second < 1);
  return on ? 4000 * Math.sin(2 * Math.PI * 400 * second) * (1 + Math.sin(2 * Math.PI * 25 * second)) : 0;
});

let voices: readonly Int16Array[] | null = null;

function speechOf(voice: number): Int16Array {
  voices ??= readVoices();
  const speech = voices[voice % voices.length];
  if (speech === undefined) throw new Error("sandbox/speech has no recordings: run make-speech.sh");
  return speech;
}

function readVoices(): readonly Int16Array[] {
  const folder = new URL("../../speech/", import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wav"))
    .toSorted()
    .map((name) => wholeFramesAndPause(parseWav(readFileSync(new URL(name, folder))).channels[0] ?? new Int16Array(0)));
}

function wholeFramesAndPause(speech: Int16Array): Int16Array {
  const padded = new Int16Array((Math.ceil(speech.length / FRAME_SAMPLES) + PAUSE_FRAMES) * FRAME_SAMPLES);
  padded.set(speech);
  return padded;
}
