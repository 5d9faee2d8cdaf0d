import { PhoneError } from "../../core/errors.ts";
import type { EngineEvent, LegInvitation, LegStatistics } from "../../core/engine-port.ts";
import type { Clock, Log } from "../../core/ports.ts";
import { endByCancel } from "./end-reason.ts";
import type { LegEnd } from "./end-reason.ts";
import { SessionAudio } from "./leg-audio.ts";
import { SessionHold } from "./leg-hold.ts";
import { SessionSignalling } from "./leg-signalling.ts";
import { digitRequest } from "../shared/digit-request.ts";
import { isMicrophoneError, microphoneProblem } from "../shared/microphone-problem.ts";
import { MuteReport } from "../shared/mute-report.ts";
import { OpenAck } from "../shared/open-ack.ts";
import { readStatistics } from "../shared/statistics.ts";
import type { SdkConnection, SdkPhone, SdkSession, SdkTrack } from "./sdk.ts";
import type { EngineWorld } from "./world.ts";

export interface LegParts {
  readonly session: SdkSession;
  readonly invitation: LegInvitation;
  readonly phone: SdkPhone;
  readonly world: EngineWorld;
  readonly clock: Clock;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Told once, after `leg-ended`. */
  ended(): void;
  /** Told once, when the SDK is done with the call too: a moment later where a BYE still looks for its way. */
  released(): void;
}

/** One INVITE to us, from its first ring to its end. */
export class Leg {
  readonly invitation: LegInvitation;
  readonly #parts: LegParts;
  readonly #session: SdkSession;
  readonly #audio: SessionAudio;
  readonly #ack: OpenAck;
  readonly #hold: SessionHold;
  readonly #signalling: SessionSignalling;
  readonly #mute: MuteReport;
  #mediaOk = true;
  #wasUp = false;
  /** The first cause that was seen; what ends the session afterwards is only its consequence. */
  #end: LegEnd | null = null;
  /** Told to the phone; the SDK may still be busy with it. */
  #over = false;
  #released = false;
  #accepting: Promise<void> | null = null;

  constructor(parts: LegParts) {
    const { session, invitation, world, clock, log, emit } = parts;
    this.invitation = invitation;
    this.#parts = parts;
    this.#session = session;
    this.#audio = new SessionAudio(session);
    this.#ack = new OpenAck(clock);
    this.#signalling = new SessionSignalling(session, this.#ack, clock);
    this.#ack.opened();
    this.#hold = new SessionHold({
      session,
      ack: this.#ack,
      leg: invitation.leg,
      clock,
      random: world.random,
      emit,
      changed: () => this.#applyAudio(),
      gone: () => this.drop({ reason: "connection-lost", sipCode: 481 }),
    });
    this.#mute = new MuteReport({
      leg: invitation.leg,
      log,
      emit,
      isHeld: () => this.#hold.isSilent(),
      isSilent: () => this.#audio.isSilent(),
    });
    this.#listen();
  }

  isUp(): boolean {
    return !this.#over && this.#session.state === "Established";
  }

  /** @param inputDevice  `null`: the browser's default microphone. */
  async answer(inputDevice: string | null): Promise<void> {
    if (this.#session.state !== "Initial") throw new PhoneError("not-possible-now");
    if (inputDevice !== null) {
      // Not `exact`: a call is better answered with another microphone than not at all.
      this.#session.sessionDescriptionHandlerOptions = { constraints: { audio: { deviceId: inputDevice }, video: false } };
    }
    this.#parts.phone.pickCall();
    try {
      if (this.#accepting === null) throw new Error("the SDK has lost this call");
      await this.#accepting;
    } catch (error) {
      throw await this.#answerFailed(error);
    }
  }

  reject(): void {
    this.#end ??= { reason: "rejected", sipCode: 486 };
    this.#terminate();
  }

  hangUp(): void {
    if (!this.#wasUp) return this.reject();
    this.#end ??= { reason: "hung-up-here", sipCode: null };
    const { ok } = this.#signalling;
    if (ok) this.#terminate();
    if (this.#over) return;
    // Over for the agent at once, and silent. The far end hears of it when its ACK has come (RFC 3261 section 15), or
    // as soon as there is a way to it again.
    this.#audio.apply(true, true);
    this.#tell(this.#end);
    if (ok) return;
    void this.#signalling.open().then(() => {
      this.#terminate();
      this.#release();
    });
  }

  /** Ends at once, for a reason that no message will tell. */
  drop(end: LegEnd): void {
    this.#end ??= end;
    this.#terminate();
    this.#finish(this.#end);
  }

  setMuted(muted: boolean): void {
    this.#mute.wanted = muted;
    if (!this.isUp()) return;
    this.#parts.phone.muteAction(muted);
    this.#applyAudio();
    this.#mute.tell(true);
  }

  setHeld(held: boolean): void {
    if (!this.isUp()) throw new PhoneError("not-possible-now");
    void this.#hold.set(held);
  }

  // Not by the SDK's `sendDTMFWebRTC`: it loses the promise of what it sends.
  async sendDigit(digit: string): Promise<void> {
    if (!this.isUp()) throw new PhoneError("not-possible-now");
    try {
      await this.#session.info(digitRequest(digit));
    } catch (error) {
      throw new PhoneError("not-possible-now", error);
    }
  }

  async statistics(): Promise<LegStatistics | null> {
    const connection = this.#session.sessionDescriptionHandler?.peerConnection;
    if (this.#over || connection === undefined) return null;
    return readStatistics(await connection.getStats(), this.#parts.clock.now());
  }

  replaceMicrophone(track: SdkTrack): Promise<void> {
    return this.#audio.replace(track);
  }

  watchMedia(connection: SdkConnection): void {
    connection.addEventListener("connectionstatechange", () => {
      const { connectionState } = connection;
      const ok = connectionState === "connected";
      const known = ok || connectionState === "disconnected" || connectionState === "failed";
      if (this.#over || !known || ok === this.#mediaOk) return;
      this.#mediaOk = ok;
      this.#parts.log.write(ok ? "info" : "warn", "leg media", { connectionState });
      this.#parts.emit({ type: "leg-media", leg: this.invitation.leg, ok });
    });
  }

  /** The CANCEL that is about to end this leg. */
  cancelled(reasonHeader: string | null): void {
    this.#end ??= endByCancel(reasonHeader);
  }

  /** The socket under this leg is gone. */
  socketLost(): void {
    if (!this.isUp()) return this.drop({ reason: "connection-lost", sipCode: null });
    if (!this.#signalling.ok) return;
    this.#signalling.lost();
    this.#parts.emit({ type: "leg-signalling", leg: this.invitation.leg, ok: false });
  }

  /** The registrar can be reached again. */
  async socketBack(): Promise<void> {
    if (this.#signalling.ok || !this.isUp()) return;
    const connection = this.#session.sessionDescriptionHandler?.peerConnection;
    const iceRestart = connection?.connectionState !== "connected";
    const status = await this.#signalling.restore({ hold: this.#hold.held, offerOptions: { iceRestart } });
    this.#parts.log.write("info", "leg signalling restored", { status });
    if (this.#over) return;
    this.#applyAudio();
    if (status === 200) this.#parts.emit({ type: "leg-signalling", leg: this.invitation.leg, ok: true });
    if (status === 481) this.drop({ reason: "connection-lost", sipCode: 481 });
  }

  #listen(): void {
    const session = this.#session;
    session.stateChange.addListener((state) => {
      if (state === "Established") this.#connected();
      else if (state === "Terminated") this.#terminated();
    });
    // The SDK swallows why an answer failed; the session still knows.
    const accept = session.accept.bind(session);
    session.accept = (options) => (this.#accepting = accept(options));
    session.delegate = {
      ...session.delegate,
      onBye: (bye) => {
        this.#end ??= { reason: "hung-up-there", sipCode: null };
        void bye.accept();
      },
      onAck: () => this.#ack.arrived(),
      onInvite: (request, _response, statusCode) => {
        if (statusCode !== 200) return;
        this.#ack.opened();
        this.#hold.heardOffer(request.body);
      },
      // Nobody but the agent places calls from this phone.
      onRefer: (referral) => void referral.reject(),
    };
  }

  #connected(): void {
    this.#wasUp = true;
    // The SDK's idea of mute outlives the call before: it is set anew, whatever it was.
    this.#parts.phone.muteAction(this.#mute.wanted);
    this.#applyAudio();
    this.#mute.tell(false);
    this.#parts.emit({ type: "leg-connected", leg: this.invitation.leg });
  }

  #terminated(): void {
    if (this.#over) return this.#release();
    if (this.#end !== null) return this.#finish(this.#end);
    if (this.#session.isCanceled) return this.#finish(endByCancel(null));
    if (this.#wasUp) return this.#finish({ reason: "connection-lost", sipCode: null });
    // While answering it may be the microphone: known when `accept` has failed, a moment later.
    if (this.#accepting === null) this.#finish({ reason: "missed", sipCode: 480 });
  }

  async #answerFailed(error: unknown): Promise<PhoneError> {
    if (this.#over || this.#end !== null || this.#session.isCanceled) return new PhoneError("no-call", error);
    const { world, log, emit } = this.#parts;
    const denied = isMicrophoneError(error);
    if (this.#session.state === "Initial" || this.#session.state === "Establishing") {
      await this.#session.reject({ statusCode: 480 }).catch(() => {});
    }
    const code = denied ? await microphoneProblem(error, world) : "internal";
    log.write("warn", "answer failed", { code, error });
    if (denied) emit({ type: "leg-media-denied", leg: this.invitation.leg, code });
    this.#finish({ reason: denied ? "media-denied" : "failed", sipCode: 480 });
    return new PhoneError(code, error);
  }

  #terminate(): void {
    const { state } = this.#session;
    // Once is enough: what the SDK then does twice is an unhandled rejection.
    if (state !== "Terminated" && state !== "Terminating") this.#parts.phone.rejectCall();
  }

  #finish(end: LegEnd): void {
    if (this.#over) return;
    this.#tell(end);
    this.#release();
  }

  #tell(end: LegEnd): void {
    this.#over = true;
    this.#parts.log.write("info", "leg ended", { reason: end.reason, sipCode: end.sipCode });
    this.#parts.emit({ type: "leg-ended", leg: this.invitation.leg, ...end });
    this.#parts.ended();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#signalling.close();
    this.#parts.released();
  }

  #applyAudio(): void {
    if (this.isUp()) this.#audio.apply(this.#mute.wanted, this.#hold.isSilent());
  }
}
