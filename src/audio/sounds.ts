/**
 * The sounds of the phone as samples, so that no sound file ships. A ring is one buffer that loops: timers in a hidden
 * frame run once a minute, a looped buffer runs by itself.
 */

const rings = new Map<number, Float32Array<ArrayBuffer>>();

/** Two soft double notes, then a pause: 3 s in all. Made once for each rate: it takes as long as all else before a call is seen. */
export function renderRing(sampleRate: number): Float32Array<ArrayBuffer> {
  const known = rings.get(sampleRate);
  if (known !== undefined) return known;
  const samples = new Float32Array(Math.round(3 * sampleRate));
  for (const startSeconds of [0, 0.5]) {
    addNote(samples, sampleRate, { startSeconds, seconds: 0.45, frequencies: [659.25, 830.61], peak: 0.5 });
    addNote(samples, sampleRate, { startSeconds: startSeconds + 0.22, seconds: 0.45, frequencies: [523.25, 659.25], peak: 0.4 });
  }
  rings.set(sampleRate, samples);
  return samples;
}

/** One soft high note, then a pause: 4 s in all. Under a conversation it must be heard and not hurt. */
export function renderWaiting(sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(4 * sampleRate));
  addNote(samples, sampleRate, { startSeconds: 0, seconds: 0.35, frequencies: [830.61], peak: 0.12 });
  return samples;
}

/** India's ring-back tone: 400 Hz, 0.4 s on, 0.2 s off, 0.4 s on, 2 s off (ITU-T E.180 supplement 2). */
export function renderRingback(sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(3 * sampleRate));
  for (const startSeconds of [0, 0.6]) {
    addNote(samples, sampleRate, { startSeconds, seconds: 0.4, frequencies: [400], peak: 0.12, steady: true });
  }
  return samples;
}

/** Frequencies in Hz (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = ["123A", "456B", "789C", "*0#D"] as const;

/** The tone of one key, 120 ms; `null` for anything that is no key. */
export function renderDigit(digit: string, sampleRate: number): Float32Array<ArrayBuffer> | null {
  const row = KEYS.findIndex((keys) => digit.length === 1 && keys.includes(digit));
  const low = ROWS[row];
  const high = COLUMNS[KEYS[row]?.indexOf(digit) ?? -1];
  if (low === undefined || high === undefined) return null;
  const samples = new Float32Array(Math.round(0.12 * sampleRate));
  addNote(samples, sampleRate, { startSeconds: 0, seconds: 0.12, frequencies: [low, high], peak: 0.15, steady: true });
  return samples;
}

interface Note {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly frequencies: readonly number[];
  /** 0 to 1, for all frequencies together. */
  readonly peak: number;
  /** Holds its loudness instead of ringing out like a bell. */
  readonly steady?: boolean;
}

const ATTACK_SECONDS = 0.008;

function addNote(samples: Float32Array, sampleRate: number, note: Note): void {
  const first = Math.round(note.startSeconds * sampleRate);
  const count = Math.min(Math.round(note.seconds * sampleRate), samples.length - first);
  for (let i = 0; i < count; i += 1) {
    const t = i / sampleRate;
    // Starts and ends at nothing: a jump would be heard as a click.
    const edge = Math.min(1, t / ATTACK_SECONDS, (note.seconds - t) / ATTACK_SECONDS);
    const shape = note.steady ? edge : edge * Math.exp(-4 * t);
    const wave = note.frequencies.reduce((sum, frequency) => sum + Math.sin(2 * Math.PI * frequency * t), 0) / note.frequencies.length;
    samples[first + i] = (samples[first + i] ?? 0) + note.peak * shape * wave;
  }
}
