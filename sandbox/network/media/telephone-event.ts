/** DTMF as RTP events (RFC 4733, `telephone-event/8000`). */
const KEYS = "0123456789*#ABCD";
const FRAME_SAMPLES = 160;
const PRESS_FRAMES = 6;
const END_PACKETS = 3;
const GAP_FRAMES = 4;

export interface EventPacket {
  readonly payload: Buffer;
  /** Frames since the key went down: an event keeps the timestamp of its first packet. */
  readonly framesSinceStart: number;
  readonly marker: boolean;
}

/** One key press as the packets of consecutive 20 ms ticks; `null` is a tick with audio. */
export function pressOf(key: string): (EventPacket | null)[] {
  const event = KEYS.indexOf(key);
  if (event < 0) return [];
  const packet = (frames: number, ended: boolean, framesSinceStart: number): EventPacket => {
    const payload = Buffer.from([event, (ended ? 0x80 : 0) | 10, 0, 0]);
    payload.writeUInt16BE(frames * FRAME_SAMPLES, 2);
    return { payload, framesSinceStart, marker: framesSinceStart === 0 };
  };
  return [
    ...Array.from({ length: PRESS_FRAMES }, (_, frame) => packet(frame + 1, false, frame)),
    ...Array.from({ length: END_PACKETS }, (_, frame) => packet(PRESS_FRAMES, true, PRESS_FRAMES + frame)),
    ...Array.from({ length: GAP_FRAMES }, () => null),
  ];
}

/** Reads key presses out of a stream of events; each press is many packets of one timestamp. */
export class EventReader {
  #last: number | null = null;

  /** The key, at the first packet of a press; else `null`. */
  read(payload: Uint8Array, timestamp: number): string | null {
    if (timestamp === this.#last) return null;
    this.#last = timestamp;
    return KEYS[payload[0] ?? 255] ?? null;
  }
}
