import { createSocket, type RemoteInfo, type Socket } from "node:dgram";

const FRAME_MS = 20;
const SAMPLES = 160;
const PCMA = 8;

/**
 * The customer's ear and mouth beside sipp, which only signals: plain RTP with PCMA (RFC 3551) on one UDP port. It says a
 * square tone to whoever speaks to it, and measures what it hears.
 */
export class RtpParty {
  readonly #socket: Socket = createSocket("udp4");
  #timer: NodeJS.Timeout | null = null;
  #peer: Pick<RemoteInfo, "address" | "port"> | null = null;
  #sequence = 0;
  #packets: { at: number; energy: number }[] = [];
  #count = 0;
  #speaks = true;
  /** Epoch ms, one a packet. */
  readonly #arrivals: number[] = [];

  /** Binds and returns the port for the SDP. */
  async open(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("error", reject);
      this.#socket.bind(0, "127.0.0.1", resolve);
    });
    this.#socket.on("message", (packet, from) => this.#hear(packet, from));
    this.#timer = setInterval(() => this.#speak(), FRAME_MS);
    return this.#socket.address().port;
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#socket.close();
  }

  /** From now on speaks there, not only to whoever speaks to it; `speaks: false` keeps it silent. */
  speakTo(address: string, port: number, speaks: boolean): void {
    this.#peer = { address, port };
    this.#speaks = speaks;
  }

  get packets(): number {
    return this.#count;
  }

  /** Mean square of the samples of the last second, 0 to 1; `null` where less than half a second arrived in it. */
  heard(): number | null {
    const since = Date.now() - 1_000;
    this.#packets = this.#packets.filter((packet) => packet.at >= since);
    if (this.#packets.length < 500 / FRAME_MS) return null;
    return this.#packets.reduce((sum, packet) => sum + packet.energy, 0) / this.#packets.length;
  }

  /** Milliseconds since the newest packet. */
  quietFor(): number {
    return Date.now() - (this.#packets.at(-1)?.at ?? 0);
  }

  /** How many packets came after this time (epoch ms). */
  packetsSince(at: number): number {
    return this.#arrivals.length - this.#arrivals.findLastIndex((arrival) => arrival <= at) - 1;
  }

  /** The longest silence that the customer has sat through since `at`, one that still lasts included. `from`: epoch ms. */
  longestSilenceSince(at: number): { readonly from: number; readonly ms: number } {
    const before = this.#arrivals.findLastIndex((arrival) => arrival <= at);
    const times = [...this.#arrivals.slice(Math.max(0, before)), performance.timeOrigin + performance.now()];
    const silences = times.slice(1).map((time, index) => ({ from: times[index] ?? time, ms: time - (times[index] ?? time) }));
    return silences.reduce((longest, silence) => (silence.ms > longest.ms ? silence : longest), { from: at, ms: 0 });
  }

  #hear(packet: Buffer, from: RemoteInfo): void {
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    this.#peer = from;
    this.#count += 1;
    this.#arrivals.push(performance.timeOrigin + performance.now());
    const samples = packet.subarray(12);
    let sum = 0;
    for (const byte of samples) sum += decodeALaw(byte) ** 2;
    this.#packets.push({ at: Date.now(), energy: sum / samples.length });
  }

  #speak(): void {
    if (!this.#peer || !this.#speaks) return;
    this.#sequence += 1;
    const packet = Buffer.alloc(12 + SAMPLES);
    packet[0] = 0x80;
    packet[1] = PCMA;
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE((this.#sequence * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(0x5151, 8);
    for (let i = 0; i < SAMPLES; i++) packet[12 + i] = i % 8 < 4 ? 0x95 : 0x15;
    this.#socket.send(packet, this.#peer.port, this.#peer.address);
  }
}

/** ITU-T G.711 A-law to a sample between -1 and 1. */
function decodeALaw(byte: number): number {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  const mantissa = ((value & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return ((value & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
}
