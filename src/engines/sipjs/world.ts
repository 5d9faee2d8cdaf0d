import type { Random } from "../../core/ports.ts";
import type { MicrophoneWorld } from "../shared/microphone-problem.ts";

/** What the engine needs from a browser besides sip.js. */
export interface EngineWorld extends MicrophoneWorld {
  /** Opens a WebSocket with the subprotocol `sip` (RFC 7118). */
  openSocket(url: string): Socket;
  createPeerConnection(iceServers: readonly RTCIceServer[]): PeerConnection;
  /** Codecs that can be received, in the browser's own order. */
  audioCodecs(): readonly RTCRtpCodec[];
  /** Rejects as `getUserMedia` does. `null`: the default microphone. */
  openMicrophone(deviceId: string | null): Promise<AudioTrack>;
  createSpeaker(): Speaker;
  readonly random: Random;
}

/** Told at most once each; nothing is told after `close`. */
export interface Socket {
  onOpen: (() => void) | null;
  onMessage: ((text: string) => void) | null;
  onClose: (() => void) | null;
  /** Throws where the socket is not open. */
  send(text: string): void;
  close(): void;
}

/** Plays what the far end says. */
export interface Speaker {
  play(track: AudioTrack): void;
  /** Tries once more: browsers let a page sound while its microphone is open, and that may come later. */
  resume(): void;
  /** `null`: the default device. */
  setOutput(deviceId: string | null): Promise<void>;
  close(): void;
}

// ------------------------------------------------ WebRTC, only as far as it is used

export interface AudioTrack {
  readonly kind: string;
  enabled: boolean;
  stop(): void;
}
export interface DigitSender {
  readonly canInsertDTMF: boolean;
  readonly toneBuffer: string;
  insertDTMF(tones: string, duration?: number, interToneGap?: number): void;
}
export interface Transceiver {
  direction: RTCRtpTransceiverDirection;
  readonly sender: {
    readonly track: AudioTrack | null;
    readonly dtmf: DigitSender | null;
    replaceTrack(track: AudioTrack): Promise<void>;
  };
  readonly receiver: { readonly track: AudioTrack };
  setCodecPreferences(codecs: RTCRtpCodec[]): void;
}
export interface PeerConnection {
  readonly connectionState: string;
  readonly signalingState: string;
  readonly iceGatheringState: string;
  readonly localDescription: { readonly sdp: string } | null;
  readonly remoteDescription: { readonly sdp: string } | null;
  onTrack: ((track: AudioTrack) => void) | null;
  onConnectionState: (() => void) | null;
  onGathered: (() => void) | null;
  /** One more candidate is in the local description: `host`, `srflx` or `relay` (RFC 8839 section 5.1). */
  onCandidate: ((type: string) => void) | null;
  getTransceivers(): readonly Transceiver[];
  addAudioTransceiver(direction: RTCRtpTransceiverDirection): Transceiver;
  createOffer(options: { readonly iceRestart: boolean }): Promise<RTCSessionDescriptionInit>;
  /** Without a description: makes the one that fits, and sets it without coming back here in between. */
  setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void>;
  addIceCandidate(candidate: { readonly candidate: string; readonly sdpMLineIndex: number }): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  /** A map of `RTCStats` objects (W3C WebRTC statistics). */
  getStats(): Promise<{ forEach(visit: (entry: unknown) => void): void }>;
  /** Nothing is told afterwards. */
  close(): void;
}
