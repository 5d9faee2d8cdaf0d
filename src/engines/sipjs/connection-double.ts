import { audioDirection } from "./sdp.ts";
import type { MediaDirection } from "./sdp.ts";
import type { AudioTrack, DigitSender, PeerConnection, Transceiver } from "./world.ts";

/** A track that only knows whether it is live. */
export class TrackDouble implements AudioTrack {
  readonly kind: string;
  enabled = true;
  stopped = false;

  constructor(kind = "audio") {
    this.kind = kind;
  }
  stop(): void {
    this.stopped = true;
  }
}

export class DigitSenderDouble implements DigitSender {
  canInsertDTMF = true;
  toneBuffer = "";
  insertDTMF(tones: string): void {
    this.toneBuffer = tones;
  }
}

export class TransceiverDouble implements Transceiver {
  direction: RTCRtpTransceiverDirection = "recvonly";
  codecs: RTCRtpCodec[] = [];
  readonly receiver: { readonly track: TrackDouble };
  readonly sender = {
    track: null as AudioTrack | null,
    dtmf: new DigitSenderDouble(),
    replaceTrack: async (track: AudioTrack) => void (this.sender.track = track),
  };

  constructor(kind = "audio") {
    this.receiver = { track: new TrackDouble(kind) };
  }
  setCodecPreferences(codecs: RTCRtpCodec[]): void {
    this.codecs = codecs;
  }
}

/** As much of a peer connection as decides what the descriptions say. */
export class ConnectionDouble implements PeerConnection {
  connectionState = "connected";
  signalingState = "stable";
  iceGatheringState = "complete";
  localDescription: { readonly sdp: string } | null = null;
  remoteDescription: { readonly sdp: string } | null = null;
  onTrack: ((track: AudioTrack) => void) | null = null;
  onConnectionState: (() => void) | null = null;
  onGathered: (() => void) | null = null;
  onCandidate: ((type: string) => void) | null = null;
  readonly transceivers: TransceiverDouble[] = [];
  readonly iceServers: readonly RTCIceServer[];
  readonly restarts: boolean[] = [];
  /** Of the far end, brought after its description. */
  readonly candidates: string[] = [];
  report: readonly unknown[] = [];
  closed = false;

  constructor(iceServers: readonly RTCIceServer[]) {
    this.iceServers = iceServers;
  }

  get audio(): TransceiverDouble {
    const [audio] = this.transceivers;
    if (audio === undefined) throw new Error("no audio yet");
    return audio;
  }
  getTransceivers(): readonly Transceiver[] {
    return this.transceivers;
  }
  addAudioTransceiver(direction: RTCRtpTransceiverDirection): Transceiver {
    const transceiver = new TransceiverDouble();
    transceiver.direction = direction;
    this.transceivers.push(transceiver);
    return transceiver;
  }
  async createOffer({ iceRestart }: { readonly iceRestart: boolean }): Promise<RTCSessionDescriptionInit> {
    this.restarts.push(iceRestart);
    return { type: "offer", sdp: playedSdp(this.audio.direction as MediaDirection) };
  }
  async setLocalDescription({ type, sdp = "" }: RTCLocalSessionDescriptionInit = this.#answer()): Promise<void> {
    this.#alive();
    if (type !== "rollback") this.localDescription = { sdp };
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
  }
  async setRemoteDescription({ type, sdp = "" }: RTCSessionDescriptionInit): Promise<void> {
    this.#alive();
    this.signalingState = type === "offer" ? "have-remote-offer" : "stable";
    if (type === "rollback") return;
    this.remoteDescription = { sdp };
    if (this.transceivers.length === 0) {
      for (const [, kind] of sdp.matchAll(/^m=(\w+)/gm)) this.transceivers.push(new TransceiverDouble(kind));
      this.onTrack?.(this.audio.receiver.track);
    }
  }
  async addIceCandidate({ candidate }: { readonly candidate: string }): Promise<void> {
    this.#alive();
    this.candidates.push(candidate);
  }
  async getStats() {
    return { forEach: (visit: (entry: unknown) => void) => this.report.forEach((entry) => visit(entry)) };
  }
  close(): void {
    this.closed = true;
    this.signalingState = "closed";
    Object.assign(this, { onTrack: null, onConnectionState: null, onGathered: null, onCandidate: null });
  }
  /** Played: ICE and DTLS say so. */
  become(state: string): void {
    this.connectionState = state;
    this.onConnectionState?.();
  }
  /** Played: the last candidate is there. */
  gathered(): void {
    this.iceGatheringState = "complete";
    this.onGathered?.();
  }

  #answer(): RTCLocalSessionDescriptionInit {
    if (this.signalingState !== "have-remote-offer") throw new Error("nothing to answer");
    const offered = audioDirection(this.remoteDescription?.sdp ?? "");
    return { type: "answer", sdp: playedSdp(answerTo(offered, this.audio.direction as MediaDirection), "active") };
  }
  #alive(): void {
    if (this.closed) throw new Error("closed");
  }
}

export function playedSdp(direction: MediaDirection = "sendrecv", setup = "actpass"): string {
  const audio = `m=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=setup:${setup}\r\na=${direction}\r\n`;
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${audio}`;
}

/** RFC 3264 section 6.1, and what the one who answers wants. */
export function answerTo(offered: MediaDirection, wanted: MediaDirection): MediaDirection {
  const sends = /^(sendrecv|recvonly)$/.test(offered) && /^(sendrecv|sendonly)$/.test(wanted);
  const receives = /^(sendrecv|sendonly)$/.test(offered) && /^(sendrecv|recvonly)$/.test(wanted);
  if (sends) return receives ? "sendrecv" : "sendonly";
  return receives ? "recvonly" : "inactive";
}
