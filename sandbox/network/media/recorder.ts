import { closeSync, openSync, writeSync } from "node:fs";
import { WAV_HEADER_BYTES, wavHeader } from "./wav.ts";

const SAMPLE_RATE = 8000;
/** Audio later than this is lost to the recording; what is older is on disk. */
const WINDOW = SAMPLE_RATE;
/** Further off its arrival than this, an RTP timestamp belongs to a new stream (hold, another page) and is anchored anew. */
const DRIFT_LIMIT = SAMPLE_RATE / 4;

/** Writes a stereo WAV file while the call goes on: left the agent, right the customer, each frame where its clock says. */
export class Recorder {
  readonly #file: number;
  readonly #startedAt: number;
  /** Interleaved, twice the window: `#flushed` is its first frame. */
  #frames = new Int16Array(WINDOW * 4);
  #flushed = 0;
  #end = 0;
  #anchor: { timestamp: number; position: number } | null = null;

  /** `nowMs` of every method: one monotonic clock. */
  constructor(path: string, nowMs: number) {
    this.#file = openSync(path, "w");
    this.#startedAt = nowMs;
    writeSync(this.#file, wavHeader(SAMPLE_RATE, 2, 0));
  }

  /** Places what the agent said by its RTP timestamp (8 kHz, 32 bits, wraps). */
  agent(samples: Int16Array, timestamp: number, nowMs: number): void {
    const arrival = this.#position(nowMs);
    const ahead = this.#anchor === null ? 0 : (timestamp - this.#anchor.timestamp) | 0;
    const position = this.#anchor === null ? arrival : this.#anchor.position + ahead;
    if (this.#anchor === null || Math.abs(position - arrival) > DRIFT_LIMIT) {
      this.#anchor = { timestamp, position: arrival };
      this.#place(0, samples, arrival);
    } else this.#place(0, samples, position);
  }

  /** Places what the customer said at the tick of the clock that sent it. */
  customer(samples: Int16Array, nowMs: number): void {
    this.#place(1, samples, this.#position(nowMs));
    this.#flush(this.#position(nowMs) - WINDOW);
  }

  close(nowMs: number): void {
    this.#end = Math.max(this.#end, this.#position(nowMs));
    while (this.#flushed < this.#end) this.#flush(Math.min(this.#end, this.#flushed + WINDOW));
    writeSync(this.#file, wavHeader(SAMPLE_RATE, 2, this.#end * 4), 0, WAV_HEADER_BYTES, 0);
    closeSync(this.#file);
  }

  #position(nowMs: number): number {
    return Math.round(((nowMs - this.#startedAt) * SAMPLE_RATE) / 1000);
  }

  #place(channel: 0 | 1, samples: Int16Array, position: number): void {
    for (let index = 0; index < samples.length; index += 1) {
      const frame = position + index - this.#flushed;
      if (frame < 0 || frame * 2 >= this.#frames.length) continue;
      this.#frames[frame * 2 + channel] = samples[index] ?? 0;
    }
    this.#end = Math.max(this.#end, position + samples.length);
  }

  /** Writes everything before `position` and moves the rest to the front. */
  #flush(position: number): void {
    const count = Math.min(position - this.#flushed, this.#frames.length / 2);
    if (count <= 0) return;
    const bytes = Buffer.alloc(count * 4);
    for (let index = 0; index < count * 2; index += 1) bytes.writeInt16LE(this.#frames[index] ?? 0, index * 2);
    writeSync(this.#file, bytes, 0, bytes.length, WAV_HEADER_BYTES + this.#flushed * 4);
    this.#frames.copyWithin(0, count * 2);
    this.#frames.fill(0, this.#frames.length - count * 2);
    this.#flushed += count;
  }
}
