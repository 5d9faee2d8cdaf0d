import type { BodyAndContentType, SessionDescriptionHandler } from "sip.js";
import type { LegStatistics } from "../../core/engine-port.ts";
import type { Clock, Log } from "../../core/ports.ts";
import { bestCandidate, toIceServer } from "../shared/ice-server.ts";
import { readStatistics } from "../shared/statistics.ts";
import { inOrder } from "./codec-order.ts";
import { gathered } from "./ice-gathering.ts";
import { insertDigits } from "./insert-digits.ts";
import type { EngineOptions } from "./options.ts";
import { afterOrigin, candidatesOf, sdpOrigin, withActiveSetup, withoutCandidates } from "./sdp.ts";
import type { MediaDirection, SdpOrigin } from "./sdp.ts";
import type { AudioTrack, EngineWorld, PeerConnection, Speaker, Transceiver } from "./world.ts";

export interface LegMediaParts {
  readonly sip: EngineOptions["sip"];
  readonly iceServers?: EngineOptions["iceServers"];
  readonly world: EngineWorld;
  readonly clock: Clock;
  readonly log: Log;
  /** `true`: audio can flow. `false`: ICE or DTLS lost its way. */
  connection(ok: boolean, state: string): void;
}

/** The microphone, the connection and the loudspeaker of one leg; what sip.js calls a session description handler. */
export class LegMedia implements SessionDescriptionHandler {
  /** What the next description of ours shall say. */
  wanted: MediaDirection = "sendrecv";
  /** Whether the next offer looks for new network paths. */
  iceRestart = false;
  /** Of the last description that we sent; one from before this page is continued. */
  origin: SdpOrigin | null = null;
  /** Why there is no microphone. */
  microphoneError: unknown = null;
  #continues = false;
  #sending = false;
  #hearing = true;
  #closed = false;
  #microphone: Promise<AudioTrack> | null = null;
  /** The first offer of a call that goes on, made before sip.js has asked for it; resolves to whether it is there. */
  #early: { readonly wanted: MediaDirection; readonly isMade: Promise<boolean> } | null = null;
  /** The caller's offer, read and answered before sip.js has brought it. */
  #ahead: { readonly sdp: string; readonly isAnswered: Promise<boolean> } | null = null;
  /** sip.js has brought it, and asks for the answer next. */
  #isAnswered = false;
  #track: AudioTrack | null = null;
  /** Whose codecs are as they shall be. */
  #inOrder: Transceiver["receiver"] | null = null;
  #connection: PeerConnection | null = null;
  #speaker: Speaker | null = null;
  readonly #parts: LegMediaParts;

  constructor(parts: LegMediaParts) {
    this.#parts = parts;
  }

  /** Starts opening; nothing is described before it is open. `null`: the default device. */
  openMicrophone(deviceId: string | null): Promise<AudioTrack> {
    const opening = this.#parts.world.openMicrophone(deviceId);
    this.#microphone = opening;
    opening.then(
      (track) => this.#take(track),
      (error: unknown) => void (this.microphoneError = error),
    );
    return opening;
  }

  /**
   * Goes on with what another page began. The offer does not wait for the microphone: a far end that hears nothing yet is
   * better than one that has lost the call to a slow device or an open question of the browser.
   */
  resume(origin: SdpOrigin | null, deviceId: string | null): void {
    this.#continues = true;
    this.origin = origin;
    this.openMicrophone(deviceId)
      .then((track) => this.#send(track))
      .catch((error: unknown) => this.#parts.log.write("warn", "call goes on without a microphone", { error }));
  }

  /** Makes the first offer of a call that goes on, while its socket opens: a customer sits in silence. */
  prepareOffer(): void {
    this.#early = { wanted: this.wanted, isMade: isDone(this.#describe(this.#open(), false)) };
  }

  /**
   * While it rings: all of the answer but the microphone, our addresses included. The caller is told nothing, and no path to
   * them is tried: for that their addresses would have to be known here.
   */
  answerAhead(sdp: string): void {
    if (this.#connection !== null || this.#closed) return;
    const answered = this.#read(withoutCandidates(sdp)).then(() => this.#describe(this.#open(), true));
    this.#ahead = { sdp, isAnswered: isDone(answered) };
  }

  /** It still rings, and the network has changed: our addresses with it. */
  forgetAnswer(): void {
    if (this.#ahead === null) return;
    this.#ahead = null;
    this.#connection?.close();
    this.#connection = null;
  }

  /** Makes the tracks fit. */
  apply(sending: boolean, hearing: boolean): void {
    this.#sending = sending;
    this.#hearing = hearing;
    if (this.#track !== null) this.#track.enabled = sending;
    for (const { receiver } of this.#connection?.getTransceivers() ?? []) receiver.track.enabled = hearing;
  }

  /** What the tracks themselves say: true unless one is live. */
  isSilent(): boolean {
    const sent = (this.#connection?.getTransceivers() ?? []).map(({ sender }) => sender.track);
    return ![...sent, this.#track].some((track) => track?.enabled === true);
  }

  connectionState(): string {
    return this.#connection?.connectionState ?? "new";
  }

  /** Sends another microphone from now on, as muted as the last one. */
  async replaceMicrophone(track: AudioTrack): Promise<void> {
    const last = this.#track;
    const sender = this.#audio()?.sender;
    if (this.#closed || sender === undefined || last === null) return track.stop();
    track.enabled = this.#sending;
    await sender.replaceTrack(track);
    this.#track = track;
    // Muted or hung up while the browser was changing it.
    track.enabled = this.#sending;
    last.stop();
    if (this.#closed) track.stop();
  }

  async setOutput(deviceId: string | null): Promise<void> {
    await this.#speakers().setOutput(deviceId);
  }

  async statistics(): Promise<LegStatistics | null> {
    if (this.#connection === null || this.#closed) return null;
    return readStatistics(await this.#connection.getStats(), this.#parts.clock.now());
  }

  // ------------------------------------------------ for sip.js

  hasDescription(contentType: string): boolean {
    return contentType === "application/sdp";
  }

  async setDescription(sdp: string): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = null;
    this.#isAnswered = ahead?.sdp === sdp && (await ahead.isAnswered);
    if (!this.#isAnswered) return this.#read(sdp);
    const connection = this.#open();
    for (const candidate of candidatesOf(sdp)) connection.addIceCandidate(candidate).catch(() => undefined);
  }

  async #read(sdp: string): Promise<void> {
    const connection = this.#open();
    if (this.#early !== null) await this.#takeBack(this.#early);
    const type = connection.signalingState === "have-local-offer" ? "answer" : "offer";
    if (type === "offer" && !/^m=audio /m.test(sdp)) throw new Error("an offer without audio");
    await connection.setRemoteDescription({ type, sdp });
  }

  async getDescription(): Promise<BodyAndContentType> {
    const connection = this.#open();
    const answering = connection.signalingState === "have-remote-offer";
    // The DTLS role is open only as long as nothing was agreed.
    const isFirst = connection.remoteDescription === null;
    const early = this.#early;
    this.#early = null;
    if (this.#isAnswered) await this.#attach();
    else if (early === null || !(await early.isMade) || early.wanted !== this.wanted) await this.#describe(connection, answering);
    this.#isAnswered = false;
    const own = connection.localDescription?.sdp ?? "";
    const sdp = this.#continues && this.origin !== null ? afterOrigin(own, this.origin) : own;
    this.origin = sdpOrigin(sdp);
    return { body: !answering && isFirst ? withActiveSetup(sdp) : sdp, contentType: "application/sdp" };
  }

  /** Leaves the description and its candidates in the connection. */
  async #describe(connection: PeerConnection, answering: boolean): Promise<void> {
    const isFirst = connection.remoteDescription === null;
    const { sip, clock } = this.#parts;
    this.#direct(connection, answering);
    const { iceRestart } = this;
    this.iceRestart = false;
    // Addresses are gathered while the microphone opens: somebody waits for both.
    const attaching = this.#attach();
    attaching.catch(() => undefined);
    if (answering) await connection.setLocalDescription();
    else await connection.setLocalDescription((await connection.createOffer({ iceRestart })) as RTCLocalSessionDescriptionInit);
    const enough = this.#continues && isFirst ? bestCandidate(this.#iceServers()) : null;
    await gathered(connection, { isAnew: !answering && iceRestart, enough, limitMs: sip.iceGatheringMs, clock });
    await attaching;
  }

  /** The far end was faster with an offer of its own. */
  async #takeBack({ isMade }: { readonly isMade: Promise<boolean> }): Promise<void> {
    this.#early = null;
    await isMade;
    await this.rollbackDescription();
  }

  async rollbackDescription(): Promise<void> {
    if (this.#connection?.signalingState === "have-local-offer") await this.#connection.setLocalDescription({ type: "rollback" });
    else if (this.#connection?.signalingState === "have-remote-offer") {
      await this.#connection.setRemoteDescription({ type: "rollback", sdp: "" });
    }
  }

  /** RFC 4733. False where the far end did not agree to it. */
  sendDtmf(tones: string): boolean {
    return insertDigits(this.#audio()?.sender.dtmf ?? null, tones);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sending = false;
    this.#track?.stop();
    this.#track = null;
    this.#connection?.close();
    this.#speaker?.close();
  }

  closeAfter(ms: number): void {
    if (ms === 0) this.close();
    else this.#parts.clock.after(ms, () => this.close());
  }

  #take(track: AudioTrack): void {
    if (this.#closed) return track.stop();
    track.enabled = this.#sending;
    this.#track = track;
    this.#speaker?.resume();
  }

  #open(): PeerConnection {
    if (this.#closed) throw new Error("the leg is over");
    if (this.#connection !== null) return this.#connection;
    const connection = this.#parts.world.createPeerConnection(this.#iceServers());
    this.#connection = connection;
    connection.onTrack = (track) => {
      if (track.kind !== "audio") return;
      track.enabled = this.#hearing;
      this.#speakers().play(track);
    };
    connection.onConnectionState = () => {
      const { connectionState } = connection;
      const ok = connectionState === "connected";
      if (ok || connectionState === "disconnected" || connectionState === "failed") this.#parts.connection(ok, connectionState);
    };
    return connection;
  }

  #speakers(): Speaker {
    this.#speaker ??= this.#parts.world.createSpeaker();
    return this.#speaker;
  }

  /** Audio alone, in the direction and with the codecs that are wanted. */
  #direct(connection: PeerConnection, answering: boolean): void {
    const audio = this.#audio() ?? (answering ? undefined : connection.addAudioTransceiver(this.wanted));
    if (audio === undefined) throw new Error("no audio to describe");
    for (const other of connection.getTransceivers()) if (other.receiver.track.kind !== "audio") other.direction = "inactive";
    if (audio.direction !== this.wanted) audio.direction = this.wanted;
    const { sip, world } = this.#parts;
    if (sip.codecs.length === 0 || this.#inOrder === audio.receiver) return;
    audio.setCodecPreferences(inOrder(world.audioCodecs(), sip.codecs));
    this.#inOrder = audio.receiver;
  }

  /** Resolves when the microphone is open. The description says nothing of the track: the caller need not wait for it. */
  async #attach(): Promise<void> {
    if (this.#microphone === null || this.#continues) return;
    const track = await this.#microphone;
    this.#send(track).catch((error: unknown) => this.#parts.log.write("error", "the microphone cannot be sent", { error }));
  }

  async #send(track: AudioTrack): Promise<void> {
    const sender = this.#audio()?.sender;
    if (sender?.track === null && !this.#closed) await sender.replaceTrack(track);
  }

  #audio(): Transceiver | undefined {
    return this.#connection?.getTransceivers().find(({ receiver }) => receiver.track.kind === "audio");
  }

  #iceServers(): readonly RTCIceServer[] {
    return (this.#parts.iceServers?.() ?? this.#parts.sip.iceServers).map(toIceServer);
  }
}

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
