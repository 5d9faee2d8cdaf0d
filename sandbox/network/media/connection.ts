import { RTCPeerConnection, RTCRtpCodecParameters, RtpHeader } from "werift";
import type { RtpPacket } from "werift";
import { withLoopbackOnly } from "./sdp.ts";

const LOOPBACK = "127.0.0.1";

/** One WebRTC transport on loopback: offers or answers G.711, then carries RTP packets as they are. */
export class Connection {
  readonly #pc = new RTCPeerConnection({
    codecs: { audio: [codec("PCMU", 0), codec("PCMA", 8), codec("telephone-event", 101)] },
    // The default is a public STUN server.
    iceServers: [],
    iceAdditionalHostAddresses: [LOOPBACK],
    iceInterfaceAddresses: { udp4: LOOPBACK },
    iceUseIpv6: false,
    iceUseTcp: false,
  });

  readonly #onRtp: (packet: RtpPacket) => void;

  constructor(onRtp: (packet: RtpPacket) => void) {
    this.#onRtp = onRtp;
  }

  async offer(): Promise<string> {
    this.#pc.addTransceiver("audio", { direction: "sendrecv" });
    this.#listen();
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    return withLoopbackOnly(this.#pc.localDescription?.sdp ?? "");
  }

  async accept(answer: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: "answer", sdp: answer });
  }

  async answer(offer: string): Promise<string> {
    await this.#pc.setRemoteDescription({ type: "offer", sdp: offer });
    this.#pc.getTransceivers()[0]?.setDirection("sendrecv");
    this.#listen();
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    return withLoopbackOnly(this.#pc.localDescription?.sdp ?? "");
  }

  get isConnected(): boolean {
    return this.#pc.connectionState === "connected";
  }

  send(payload: Buffer, fields: { payloadType: number; sequenceNumber: number; timestamp: number; marker: boolean }): void {
    const sender = this.#pc.getTransceivers()[0]?.sender;
    // Straight to the transport: the sender would stamp its one codec on telephone events.
    if (sender !== undefined && this.isConnected)
      void sender.dtlsTransport.sendRtp(payload, new RtpHeader({ ...fields, ssrc: sender.ssrc }));
  }

  async close(): Promise<void> {
    await this.#pc.close();
  }

  #listen(): void {
    // On the transport, not on tracks: `onTrack` fires again after each negotiation.
    this.#pc.getTransceivers()[0]?.dtlsTransport.onRtp.subscribe(this.#onRtp);
  }
}

function codec(name: string, payloadType: number): RTCRtpCodecParameters {
  return new RTCRtpCodecParameters({ mimeType: `audio/${name}`, clockRate: 8000, channels: 1, payloadType });
}
