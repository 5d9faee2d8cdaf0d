import { Invitation, Inviter, SessionState, type URI } from "sip.js";
import { PhoneError } from "../../core/errors.ts";
import type { LegId, LegStatistics } from "../../core/engine-port.ts";
import { microphoneProblem } from "../shared/microphone-problem.ts";
import { LegAudio } from "./leg-audio.ts";
import { callingDelegate } from "./calling.ts";
import { type LegEnd, TRANSFERRED, endByBye, endByCancel } from "./leg-end.ts";
import { LegEnding } from "./leg-ending.ts";
import type { LegMedia } from "./leg-media.ts";
import type { LegParts, LegSession } from "./leg-parts.ts";
import { LegRing } from "./leg-ring.ts";
import { type DialogRecord, type RingingRecord, legRecord } from "./leg-record.ts";
import { LegSignalling } from "./leg-signalling.ts";
import { LegTransfer } from "./leg-transfer.ts";
import { Reinvites } from "./reinvites.ts";
import { ResumedSession } from "./resumed-session.ts";
import { sendDigit } from "./send-digit.ts";

/** One voice leg, from its first ring to its end. */
export class Leg {
  readonly id: LegId;
  readonly #parts: LegParts;
  readonly session: LegSession;
  readonly media: LegMedia;
  readonly #reinvites: Reinvites;
  readonly audio: LegAudio;
  readonly #transfer: LegTransfer;
  readonly #signalling: LegSignalling;
  #wasUp: boolean;
  /** There is a socket, whether or not the far end has answered over it. */
  #hasSocket: boolean;
  readonly #ending: LegEnding;
  readonly #ring: LegRing;
  #accepting: Promise<void> | null = null;

  constructor(parts: LegParts) {
    const { leg, session, media, world, clock, log, emit, resumed } = parts;
    const isResumed = resumed !== null;
    this.id = leg;
    this.#parts = parts;
    this.session = session;
    this.media = media;
    this.#wasUp = isResumed;
    this.#hasSocket = !isResumed;
    this.#reinvites = new Reinvites({ session, media, clock, random: world.random, isOurs: parts.isOurs });
    this.#transfer = new LegTransfer(session, clock);
    this.#ring = new LegRing(parts, (end) => this.drop(end));
    this.#ending = new LegEnding({
      leg,
      session,
      log,
      emit,
      closing: () => {
        this.#ring.stop();
        // At once, whatever the far end still has to say: a microphone must not stay open.
        this.media.close();
      },
      ended: () => {
        this.#transfer.ended();
        parts.ended();
      },
      released: parts.released,
    });
    this.audio = new LegAudio(parts, this.#reinvites, {
      isUp: () => this.isUp(),
      isOver: () => this.#ending.isOver,
      gone: () => this.drop({ reason: "connection-lost", sipCode: 481 }),
    });
    this.#signalling = new LegSignalling({
      leg,
      reinvites: this.#reinvites,
      clock,
      log,
      isResumed,
      isUp: () => this.isUp(),
      direction: () => this.audio.hold.direction(),
      heard: (sdp) => this.audio.hold.heard(sdp),
      settle: () => session instanceof ResumedSession && resumed?.openInvite && session.acknowledge(resumed.openInvite),
      emit,
      gone: (status) => this.drop({ reason: "connection-lost", sipCode: status }),
    });
    this.#listen();
    if (isResumed) this.audio.apply();
  }

  isUp(): boolean {
    return !this.#ending.isOver && this.session.state === SessionState.Established;
  }

  /** Over here, and the far end cannot be told. */
  isStranded(): boolean {
    return this.#ending.isOver && !this.#hasSocket;
  }

  /** @param inputDevice  `null`: the browser's default microphone. */
  async answer(inputDevice: string | null): Promise<void> {
    const session = this.session;
    if (!(session instanceof Invitation) || session.state !== SessionState.Initial) throw new PhoneError("not-possible-now");
    this.audio.apply();
    this.media.openMicrophone(inputDevice).catch(() => undefined);
    this.#accepting = session.accept();
    try {
      await this.#accepting;
    } catch (error) {
      throw await this.#answerFailed(error);
    }
    // sip.js keeps silent about a CANCEL that crossed the answer.
    if (this.#ending.isOver) throw new PhoneError("no-call");
  }

  /** Sends the INVITE of an outgoing leg. Its end is told as an event. */
  async invite(): Promise<void> {
    const session = this.session;
    if (!(session instanceof Inviter)) throw new PhoneError("not-possible-now");
    this.audio.apply();
    const { log, emit } = this.#parts;
    const requestDelegate = callingDelegate({
      log,
      isCalling: () => !this.#ending.isOver && this.#ending.cause === null && session.state === SessionState.Establishing,
      refused: (end) => void (this.#ending.cause ??= end),
      progress: (earlyMedia) => emit({ type: "leg-progress", leg: this.id, earlyMedia }),
    });
    try {
      await session.invite({ requestDelegate });
    } catch (error) {
      if (!this.#ending.isOver) throw error;
    }
  }

  reject(): void {
    this.#ending.cause ??= { reason: "rejected", sipCode: 486 };
    this.#ending.terminate();
    // An INVITE of ours ends only when the far end has answered the CANCEL; for the agent it is over now.
    this.#ending.finish(this.#ending.cause);
  }

  hangUp(): void {
    if (!this.#wasUp && this.session instanceof Invitation) return this.reject();
    this.#ending.cause ??= { reason: this.#wasUp ? "hung-up-here" : "cancelled", sipCode: null };
    // With no way to the far end, it hears of it as soon as there is one.
    if (this.#hasSocket) this.#ending.terminate();
    this.#ending.tell(this.#ending.cause);
    if (this.session.state === SessionState.Terminated) this.#ending.release();
  }

  /** Ends at once, for a reason that no message will tell. */
  drop(end: LegEnd): void {
    this.#ending.cause ??= end;
    this.#ending.terminate();
    this.#ending.finish(this.#ending.cause);
  }

  setMuted(muted: boolean): void {
    this.audio.setMuted(muted);
  }

  setHeld(held: boolean): void {
    this.#needUp();
    void this.audio.hold.set(held);
  }

  async sendDigit(digit: string): Promise<void> {
    this.#needUp();
    await sendDigit(this.#parts, digit);
  }

  /** Resolves when the far end talks to the target: our part of the call is over then, and that of a leg which is the target. */
  async transfer(target: URI | Leg): Promise<void> {
    this.#needUp();
    if (target instanceof Leg) {
      target.#needUp();
      await this.#transfer.toSession(target.session, target.#transfer);
      target.#leave();
    } else await this.#transfer.to(target);
    this.#leave();
  }

  /** After a transfer, unless the far end was faster. */
  #leave(): void {
    if (!this.isUp()) return;
    this.#ending.cause ??= TRANSFERRED;
    this.hangUp();
  }

  async statistics(): Promise<LegStatistics | null> {
    return this.#ending.isOver ? null : this.media.statistics();
  }

  mediaChanged(ok: boolean, connectionState: string): void {
    if (!this.#ending.isOver) this.#signalling.mediaChanged(ok, connectionState);
  }

  /** The socket under this leg is gone. */
  socketLost(): void {
    if (this.#ending.isOver) return;
    this.#hasSocket = false;
    if (this.#ring.ringing() !== null) this.#ring.socketLost();
    else if (this.isUp()) this.#signalling.lost();
    else this.drop({ reason: "connection-lost", sipCode: null });
  }

  /** There is a socket again, not yet registered: what the far end must hear at once. Resolves when it has answered. */
  async socketOpen(): Promise<void> {
    const isStranded = this.isStranded();
    this.#hasSocket = true;
    this.#ring.socketOpen();
    if (isStranded) {
      this.#ending.terminate();
      this.#ending.release();
    } else if (this.#parts.resumed !== null) await this.#signalling.restore();
  }

  /** It rang in the page before. */
  ringsOn(): void {
    this.#ring.movedHere();
  }

  /** The registrar knows us again: so must the far end. */
  async socketBack(): Promise<void> {
    await this.#signalling.restore();
  }

  /** All that another page needs to go on with this leg; `null` where none could. */
  record(): DialogRecord | RingingRecord | null {
    return this.#ending.isOver ? null : legRecord(this.#parts, this.media.origin);
  }

  /** Another leg has taken its place: over here without a word; sip.js ends the session. */
  giveWay(): void {
    this.#ending.isOver = true;
    this.media.close();
    this.#parts.ended();
  }

  /** Another page goes on with it, or will: over here, without a word. */
  abandon(lingerMs: number): void {
    this.#ending.forget();
    this.#ring.stop();
    this.media.closeAfter(lingerMs);
  }

  #listen(): void {
    this.session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#connected();
      else if (state === SessionState.Terminated) this.#terminated();
    });
    this.session.delegate = {
      onBye: (bye) => {
        this.#ending.cause ??= this.#transfer.isTaken() ? TRANSFERRED : endByBye(bye.request.getHeader("Reason") ?? null);
        bye.accept().catch(() => undefined);
      },
      onCancel: ({ request }) => void (this.#ending.cause ??= endByCancel(request.getHeader("Reason") ?? null)),
      onAck: () => this.#reinvites.ack.arrived(),
      onInvite: (request, _response, statusCode) => {
        if (statusCode !== 200) return;
        this.#reinvites.ack.opened();
        this.audio.hold.heard(request.body);
      },
      // Nobody but the agent places calls from this phone.
      onRefer: (referral) => void referral.reject().catch(() => undefined),
    };
  }

  #connected(): void {
    // Hung up in the moment of the answer: nobody must be heard any more.
    if (this.#ending.isOver) return this.#ending.terminate();
    this.#wasUp = true;
    this.audio.apply();
    this.audio.tell();
    this.#parts.log.write("info", "leg connected");
    this.#parts.emit({ type: "leg-connected", leg: this.id });
    if (this.session instanceof Invitation) this.audio.hold.heard(this.session.body ?? "");
  }

  #terminated(): void {
    if (this.#ending.isOver) return this.#ending.release();
    if (this.#ending.cause !== null) return this.#ending.finish(this.#ending.cause);
    if (this.#wasUp) return this.#ending.finish({ reason: "connection-lost", sipCode: null });
    // While answering it may be the microphone, while calling a status: known a moment later.
    if (this.session instanceof Invitation) {
      if (this.#accepting === null) this.#ending.finish({ reason: "missed", sipCode: 480 });
    } else queueMicrotask(() => this.#ending.finish(this.#ending.cause ?? { reason: "failed", sipCode: null }));
  }

  async #answerFailed(error: unknown): Promise<PhoneError> {
    if (this.#ending.isOver || this.#ending.cause !== null) return new PhoneError("no-call", error);
    const { world, log, emit } = this.#parts;
    const problem = this.media.microphoneError;
    const code = problem === null ? "internal" : await microphoneProblem(problem, world);
    log.write("warn", "answer failed", { code, error });
    this.#ending.terminate();
    if (problem !== null) emit({ type: "leg-media-denied", leg: this.id, code });
    this.#ending.finish({ reason: problem === null ? "failed" : "media-denied", sipCode: 480 });
    return new PhoneError(code, error);
  }

  #needUp(): void {
    if (!this.isUp()) throw new PhoneError("not-possible-now");
  }
}
