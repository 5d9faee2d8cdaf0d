import { ConnectionDouble, TrackDouble } from "./connection-double.ts";
import type { NetworkDouble } from "./network-double.ts";
import type { AudioTrack, EngineWorld, Socket, Speaker } from "./world.ts";

export class SpeakerDouble implements Speaker {
  output: string | null = null;
  playing: AudioTrack | null = null;
  closed = false;
  resumed = 0;
  resume(): void {
    this.resumed += 1;
  }
  play(track: AudioTrack): void {
    this.playing = track;
  }
  async setOutput(deviceId: string | null): Promise<void> {
    this.output = deviceId;
  }
  close(): void {
    this.closed = true;
    this.playing = null;
  }
}

/** A browser page in front of the played network. */
export class WorldDouble implements EngineWorld {
  delegated: boolean | null = true;
  permission: PermissionState | null = "granted";
  /** What `getUserMedia` fails with. */
  microphoneError: Error | null = null;
  readonly connections: ConnectionDouble[] = [];
  readonly microphones: { readonly deviceId: string | null; readonly track: TrackDouble }[] = [];
  readonly speakers: SpeakerDouble[] = [];
  /** How the next connections are before anything is said. */
  prepareConnection: (connection: ConnectionDouble) => void = () => {};
  readonly random = (): number => 0.5;
  readonly #network: NetworkDouble;
  #microphoneOpens: Promise<void> | null = null;

  constructor(network: NetworkDouble) {
    this.#network = network;
  }

  openSocket(url: string): Socket {
    return this.#network.openSocket(url);
  }
  createPeerConnection(iceServers: readonly RTCIceServer[]): ConnectionDouble {
    const connection = new ConnectionDouble(iceServers);
    this.prepareConnection(connection);
    this.connections.push(connection);
    return connection;
  }
  audioCodecs(): readonly RTCRtpCodec[] {
    return ["opus", "G722", "PCMU", "PCMA", "telephone-event"].map((name) => ({ mimeType: `audio/${name}`, clockRate: 8000 }));
  }
  /** The next microphones open when the returned function is called. */
  delayMicrophone(): () => void {
    let open: () => void = () => {};
    this.#microphoneOpens = new Promise((resolve) => (open = resolve));
    return open;
  }
  async openMicrophone(deviceId: string | null): Promise<AudioTrack> {
    if (this.microphoneError !== null) throw this.microphoneError;
    if (this.#microphoneOpens !== null) await this.#microphoneOpens;
    const track = new TrackDouble();
    this.microphones.push({ deviceId, track });
    return track;
  }
  createSpeaker(): Speaker {
    const speaker = new SpeakerDouble();
    this.speakers.push(speaker);
    return speaker;
  }
  isMicrophoneDelegated(): boolean | null {
    return this.delegated;
  }
  async microphonePermission(): Promise<PermissionState | null> {
    return this.permission;
  }

  get connection(): ConnectionDouble {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error("no connection yet");
    return last;
  }
  get track(): TrackDouble {
    const last = this.microphones.at(-1);
    if (last === undefined) throw new Error("no microphone yet");
    return last.track;
  }
}
