/** RIFF/WAVE with 16-bit PCM, the only kind the sandbox reads and writes. */
export interface Wav {
  readonly sampleRate: number;
  /** One array a channel, all of one length. */
  readonly channels: readonly Int16Array[];
}

export const WAV_HEADER_BYTES = 44;

export function wavHeader(sampleRate: number, channels: number, dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Throws an error that names what is wrong, for anything but 16-bit PCM. */
export function parseWav(bytes: Buffer): Wav {
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE") throw new Error("not a RIFF/WAVE file");
  let format: { channels: number; sampleRate: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === "fmt ") {
      if (bytes.readUInt16LE(start) !== 1 || bytes.readUInt16LE(start + 14) !== 16) throw new Error("not 16-bit PCM");
      format = { channels: bytes.readUInt16LE(start + 2), sampleRate: bytes.readUInt32LE(start + 4) };
    }
    if (id === "data") {
      if (format === null) throw new Error("no format before the data");
      return { sampleRate: format.sampleRate, channels: separate(bytes.subarray(start, start + size), format.channels) };
    }
    at = start + size + (size % 2);
  }
  throw new Error("no data chunk");
}

function separate(data: Buffer, count: number): Int16Array[] {
  const frames = Math.floor(data.length / (2 * count));
  return Array.from({ length: count }, (_, channel) =>
    Int16Array.from({ length: frames }, (_, frame) => data.readInt16LE((frame * count + channel) * 2)),
  );
}
