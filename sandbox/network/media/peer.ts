import type { RtpPacket } from "werift";
import { Connection } from "./connection.ts";
import { decode, encode, lawOf } from "./g711.ts";
import type { Law } from "./g711.ts";
import type { MediaEvent, MediaReply } from "./messages.ts";
import { Meter } from "./meter.ts";
import { Recorder } from "./recorder.ts";
import {
  directionFor,
  directionOf,
  preferredPayloadType,
  receives,
  sends,
  setupOf,
  telephoneEventOf,
  transportOf,
  withDirection,
  withOrigin,
  withSetup,
} from "./sdp.ts";
import { FRAME_SAMPLES, createSource } from "./source.ts";
import type { Source, SourceKind } from "./source.ts";
import { EventReader, pressOf } from "./telephone-event.ts";
import type { EventPacket } from "./telephone-event.ts";

const REPORT_FRAMES = 5;

/** The network's end of one agent's audio: the customer's voice out, the customer's ear in. */
export class Peer {
  readonly #id: string;
  readonly #voice: number;
  readonly #emit: (event: MediaEvent) => void;
  readonly #session = Math.floor(Math.random() * 2 ** 31);
  readonly #meter = new Meter();
  readonly #events = new EventReader();
  #connection = new Connection((packet) => this.#received(packet));
  #source: Source;
  #recorder: Recorder | null = null;
  #bridged = false;
  #stopped = false;

  #local = "";
  #version = 0;
  /** What names the other side's transport; empty before the first answer. */
  #remoteTransport = "";
  #maySend = false;
  #mayReceive = true;
  /** What `#mayReceive` becomes when the other side takes our offer. */
  #offeredReceive = true;

  #law: Law = "PCMU";
  #eventType: number | null = null;
  #pressing: (EventPacket | null)[] = [];
  #sequence = Math.floor(Math.random() * 0x7fff);
  #timestamp = Math.floor(Math.random() * 0x7fff_ffff);
  #ticks = 0;
  #reported = "";

  constructor(id: string, voice: number, emit: (event: MediaEvent) => void) {
    this.#id = id;
    this.#voice = voice;
    this.#emit = emit;
    this.#source = createSource("silence", voice);
  }

  async open(): Promise<MediaReply> {
    this.#local = await this.#connection.offer();
    return { sdp: this.#describe("sendrecv", "actpass") };
  }

  async answered(sdp: string): Promise<MediaReply> {
    this.#take(sdp);
    if (this.#remoteTransport === "") {
      this.#remoteTransport = transportOf(sdp);
      this.#local = withSetup(this.#local, setupOf(sdp) === "passive" ? "active" : "passive");
      await this.#connection.accept(sdp);
    }
    this.#mayReceive = this.#offeredReceive;
    return { direction: directionOf(sdp) };
  }

  reoffer(receive: boolean): MediaReply {
    this.#offeredReceive = receive;
    return { sdp: this.#describe(directionFor(true, receive), "actpass") };
  }

  refused(): MediaReply {
    this.#offeredReceive = this.#mayReceive;
    return {};
  }

  async offered(sdp: string): Promise<MediaReply> {
    const direction = directionOf(sdp);
    if (transportOf(sdp) !== this.#remoteTransport) {
      // A page that was loaded anew, or an ICE restart: answer from a transport that is new as well.
      const fresh = new Connection((packet) => this.#received(packet));
      const old = this.#connection;
      try {
        this.#local = await fresh.answer(sdp);
      } catch (error) {
        await fresh.close();
        throw error;
      }
      this.#remoteTransport = transportOf(sdp);
      this.#connection = fresh;
      await old.close();
    }
    this.#take(sdp);
    const answer = directionFor(receives(direction), this.#mayReceive && sends(direction));
    return { sdp: this.#describe(answer, setupOf(this.#local) ?? "passive"), direction };
  }

  setSource(kind: SourceKind): void {
    this.#source = createSource(kind, this.#voice);
  }

  setStopped(stopped: boolean): void {
    this.#stopped = stopped;
  }

  /** False where the agent's side does not take telephone events. */
  press(digits: string): boolean {
    if (this.#eventType === null) return false;
    for (const digit of digits) this.#pressing.push(...pressOf(digit));
    return true;
  }

  bridge(recording: string): void {
    this.#bridged = true;
    this.#recorder = new Recorder(recording, performance.now());
  }

  /** Every 20 ms, also after a delay: once for each packet that was due. `nowMs` is when it was due. */
  tick(nowMs: number): void {
    this.#ticks += 1;
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
    const samples = this.#source.next();
    const event = this.#pressing.shift() ?? null;
    if (this.#maySend && !this.#stopped) {
      if (event !== null && this.#eventType !== null) {
        const timestamp = (this.#timestamp - event.framesSinceStart * FRAME_SAMPLES) >>> 0;
        this.#send(event.payload, this.#eventType, timestamp, event.marker);
      } else this.#send(encode(this.#law, samples), this.#law === "PCMU" ? 0 : 8, this.#timestamp, false);
      this.#recorder?.customer(samples, nowMs);
    } else this.#recorder?.customer(new Int16Array(0), nowMs);
    if (this.#ticks % REPORT_FRAMES === 0) this.#report();
  }

  async close(): Promise<void> {
    this.#recorder?.close(performance.now());
    this.#recorder = null;
    await this.#connection.close();
  }

  #describe(direction: ReturnType<typeof directionOf>, setup: string): string {
    this.#version += 1;
    return withSetup(withDirection(withOrigin(this.#local, this.#session, this.#version), direction), setup);
  }

  #take(sdp: string): void {
    const law = lawOf(preferredPayloadType(sdp) ?? -1);
    if (law === null) throw new Error("no G.711 in the session description");
    this.#law = law;
    this.#eventType = telephoneEventOf(sdp);
    this.#maySend = receives(directionOf(sdp));
  }

  #send(payload: Buffer, payloadType: number, timestamp: number, marker: boolean): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#connection.send(payload, { payloadType, sequenceNumber: this.#sequence, timestamp, marker });
  }

  #received({ header, payload }: RtpPacket): void {
    if (!this.#bridged) return;
    if (header.payloadType === this.#eventType) {
      const digit = this.#events.read(payload, header.timestamp);
      if (digit !== null) this.#emit({ type: "digit", peer: this.#id, digit });
      return;
    }
    const law = lawOf(header.payloadType);
    if (law === null) return;
    const samples = decode(law, payload);
    this.#meter.frame(samples, Date.now());
    this.#source.heard(samples);
    this.#recorder?.agent(samples, header.timestamp, performance.now());
  }

  #report(): void {
    const { packets, lastPacketAt } = this.#meter;
    const energy = this.#meter.energy(Date.now());
    const report = `${packets} ${energy}`;
    if (report === this.#reported) return;
    this.#reported = report;
    this.#emit({ type: "heard", peer: this.#id, packets, energy, lastPacketAt });
  }
}
