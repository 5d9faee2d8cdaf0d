import { Inviter } from "sip.js";
import type { Invitation, Session, UserAgent } from "sip.js";
import { PhoneError } from "../../core/errors.ts";
import type {
  Engine,
  EngineCapabilities,
  EngineEvent,
  LegId,
  LegStatistics,
  LegToResume,
  PlacedLeg,
  SipAccount,
} from "../../core/engine-port.ts";
import type { Unsubscribe } from "../../core/ports.ts";
import { createEmitter } from "../../lib/emitter.ts";
import { readInvitation } from "../shared/invitation.ts";
import { microphoneProblem } from "../shared/microphone-problem.ts";
import { createBrowserWorld } from "./browser.ts";
import { NO_CHALLENGES } from "./challenge.ts";
import type { LegMedia } from "./leg-media.ts";
import { createLegRecords } from "./leg-records.ts";
import { dialogState, readLegRecord } from "./leg-record.ts";
import type { Leg } from "./leg.ts";
import { Legs } from "./legs.ts";
import { Line } from "./line.ts";
import { createMediaOf } from "./media-of.ts";
import type { EngineOptions } from "./options.ts";
import { ResumedRings } from "./resumed-rings.ts";
import { ResumedSession } from "./resumed-session.ts";
import { NO_SPARES, type Spares } from "./spares.ts";
import { unsupportedTags } from "./unsupported-tags.ts";
import { createUserAgent, uriOfNumber } from "./user-agent.ts";

/** The engine over sip.js. `world` is this browser unless a test plays another. */
export function createSipjsEngine({ spares = NO_SPARES, ...options }: BrowserOptions): Engine {
  return new SipjsEngine({ world: createBrowserWorld(spares), ...options });
}

interface BrowserOptions extends Omit<EngineOptions, "world">, Partial<Pick<EngineOptions, "world">> {
  readonly spares?: Spares;
}

const MOST_LEGS = 2;

class SipjsEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #options: EngineOptions;
  readonly #events = createEmitter<EngineEvent>();
  readonly #line: Line;
  /** At most two that the agent knows: a third call is refused. */
  readonly #legs: Legs;
  readonly #mediaOf: (session: Session) => LegMedia;
  readonly #rings: ResumedRings;
  readonly #records = createLegRecords(
    () => this.#legs.known(),
    (event) => this.#emit(event),
  );
  #inputDevice: string | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.capabilities = {
      canTransfer: true,
      canDialDirect: options.sip.dialDirect,
      canSurviveReload: true,
      canHoldTwoCalls: true,
      canSuppressNoise: false,
    };
    this.#mediaOf = createMediaOf(options, (session, ok, state) => this.#legs.of(session)?.mediaChanged(ok, state));
    this.#legs = new Legs({ options, mediaOf: this.#mediaOf, emit: (event) => this.#emit(event), free: () => this.#line.onFree() });
    this.#rings = new ResumedRings(options.clock, (leg) => this.#emit({ type: "leg-ended", leg, reason: "missed", sipCode: null }));
    this.#line = new Line({
      clock: options.clock,
      log: options.log,
      challenges: options.challenges ?? NO_CHALLENGES,
      createUserAgent: (account, hooks) =>
        createUserAgent(account, options, {
          ...hooks,
          mediaOf: (session) => this.#mediaOf(session),
          onTraffic: () => this.#records.tell(),
        }),
      onInvite: (invitation) => this.#onInvite(invitation),
      emit: (event) => this.#emit(event),
      isBusy: () => this.#legs.isBusy(),
      socketLost: () => this.#legs.each((leg) => leg.socketLost()),
      socketOpen: () => this.#socketOpen(),
    });
  }

  on(listener: (event: EngineEvent) => void): Unsubscribe {
    return this.#events.on(listener);
  }

  register(account: SipAccount): Promise<void> {
    return this.#line.register(account);
  }

  unregister(): Promise<void> {
    return this.#line.unregister();
  }

  probe(timeoutMs: number): Promise<boolean> {
    return this.#line.probe(timeoutMs);
  }

  async place(number: string): Promise<PlacedLeg> {
    if (!this.capabilities.canDialDirect) throw new PhoneError("not-supported");
    const station = this.#line.ready();
    if (station === null) throw new PhoneError("not-ready");
    if (this.#legs.size >= MOST_LEGS) throw new PhoneError("call-in-progress");
    const session = new Inviter(station.userAgent, uriOfNumber(number, station.account.domain), { earlyMedia: true });
    const leg = this.#legs.add(this.#legs.nameFor(session.request.callId), session, { isOurs: true, invite: null });
    const media = this.#mediaOf(session);
    try {
      await media.openMicrophone(this.#inputDevice);
      await leg.invite();
    } catch (error) {
      const code = media.microphoneError === null ? "dial-failed" : await microphoneProblem(error, this.#options.world);
      leg.drop({ reason: media.microphoneError === null ? "failed" : "media-denied", sipCode: null });
      throw new PhoneError(code, error);
    }
    return { leg: leg.id, sipCallId: session.request.callId };
  }

  // Nothing is awaited before the microphone is opened: from the click to the 200 OK somebody waits.
  async answer(id: LegId): Promise<void> {
    const arriving = this.#rings.whenArrived(id);
    if (arriving !== null) await arriving;
    await this.#legs.need(id).answer(this.#inputDevice);
  }

  async reject(id: LegId): Promise<void> {
    await this.#rings.whenArrived(id);
    this.#legs.need(id).reject();
  }

  async hangUp(id: LegId): Promise<void> {
    const arriving = this.#rings.whenArrived(id);
    if (arriving !== null) await arriving;
    this.#legs.need(id).hangUp();
  }

  async setMuted(id: LegId, muted: boolean): Promise<void> {
    this.#legs.need(id).setMuted(muted);
  }

  async setHeld(id: LegId, held: boolean): Promise<void> {
    this.#legs.need(id).setHeld(held);
  }

  async sendDigit(id: LegId, digit: string): Promise<void> {
    if (!/^[0-9A-D*#]$/.test(digit)) throw new PhoneError("digit-invalid");
    await this.#legs.need(id).sendDigit(digit);
  }

  /** Resolves when the far end has reached `number`; rejects where it has not, and the call stays. */
  async transfer(id: LegId, number: string): Promise<void> {
    const leg = this.#legs.need(id);
    const station = this.#line.ready();
    if (station === null) throw new PhoneError("not-ready");
    await leg.transfer(uriOfNumber(number, station.account.domain));
  }

  async transferTo(id: LegId, other: LegId): Promise<void> {
    const [leg, target] = [this.#legs.need(id), this.#legs.need(other)];
    if (this.#line.ready() === null) throw new PhoneError("not-ready");
    await leg.transfer(target);
  }

  async statistics(id: LegId): Promise<LegStatistics | null> {
    return (await this.#legs.find(id)?.statistics()) ?? null;
  }

  async setInputDevice(deviceId: string | null): Promise<void> {
    this.#inputDevice = deviceId;
    const { world } = this.#options;
    for (const leg of this.#legs.known()) {
      if (leg.isUp())
        await leg.media.replaceMicrophone(await world.openMicrophone(deviceId).catch((error: unknown) => this.#denied(error)));
    }
  }

  setOutputDevice(deviceId: string | null): Promise<void> {
    return this.#legs.setOutput(deviceId);
  }

  leave(): void {
    this.#legs.each((leg) => this.#leave(leg));
  }

  #leave(leg: Leg): void {
    if (leg.isUp()) leg.hangUp();
    else leg.drop({ reason: "missed", sipCode: 486 });
  }

  async resume(account: SipAccount, legs: readonly LegToResume[]): Promise<readonly LegId[]> {
    const userAgent = this.#line.prepare(account);
    if (userAgent === null) throw new PhoneError("call-in-progress");
    const isReady = this.#line.ready() !== null;
    // First of all, because the socket opens while the rest is made.
    const registering = isReady ? null : this.#line.register(account);
    const known = legs.map((leg) => this.#takeUp(userAgent, leg)).filter((id) => id !== null);
    if (isReady) void this.#socketOpen();
    else for (const id of known) this.#legs.find(id)?.media.prepareOffer();
    await registering;
    return known;
  }

  abandon(lingerMs: number): void {
    this.#legs.each((leg) => leg.record() === null && this.#leave(leg));
    const legs = this.#legs.forget();
    this.#rings.clear();
    this.#line.abandon();
    for (const leg of legs) leg.abandon(lingerMs);
  }

  async dispose(): Promise<void> {
    this.#legs.each((leg) => leg.hangUp());
    // A BYE that never found its way has none any more.
    this.#legs.forget();
    await this.#line.unregister();
  }

  #emit(event: EngineEvent): void {
    this.#events.emit(event);
    // After everybody knows: a call that has lost its way gets one again.
    if (event.type === "registered") this.#legs.each((leg) => void leg.socketBack());
  }

  #onInvite(session: Invitation): void {
    const { log } = this.#options;
    const { request } = session;
    const unsupported = unsupportedTags(request.getHeader("Require") ?? "");
    if (unsupported.length > 0) {
      log.write("warn", "invite requires what we cannot do", { unsupported });
      return this.#refuse(session, 420, [`Unsupported: ${unsupported.join(", ")}`]);
    }
    if (session.replacee !== undefined) return this.#takePlace(session, session.replacee);
    const rang = this.#rings.legOf(request.callId);
    const invitation = readInvitation(rang ?? this.#legs.nameFor(request.callId), (name) => request.getHeader(name));
    if (this.#legs.size >= MOST_LEGS) {
      this.#refuse(session, 486);
      return this.#events.emit({ type: "leg-refused-busy", invitation });
    }
    const leg = this.#legs.add(invitation.leg, session, { isOurs: false, invite: request.data });
    session.progress().catch(() => undefined);
    if (rang !== null) {
      // The phone knows of it already.
      leg.ringsOn();
      return this.#rings.arrived(request.callId);
    }
    log.write("info", "leg rings", { sipCallId: invitation.sipCallId, exotelCallSid: invitation.exotelCallSid });
    this.#emit({ type: "leg-ringing", invitation });
  }

  /** RFC 3891 section 3: answered at once, as the call that it replaces was. One that still rings cannot be replaced here. */
  #takePlace(session: Invitation, replacee: Session): void {
    const { request } = session;
    const last = this.#legs.of(replacee);
    if (last?.isUp() !== true) return this.#refuse(session, 481);
    const by = readInvitation(this.#legs.nameFor(request.callId), (name) => request.getHeader(name));
    const arrived = (): void => {
      if (!this.#legs.has(last.id)) return;
      last.giveWay();
      this.#emit({ type: "leg-replaced", leg: last.id, by });
    };
    const leg = this.#legs.add(by.leg, session, { isOurs: false, invite: null, replaced: last.audio.wishes() }, arrived);
    leg.answer(this.#inputDevice).catch((error: unknown) => this.#options.log.write("warn", "leg not replaced", { error }));
  }

  #refuse(session: Invitation, statusCode: number, extraHeaders: string[] = []): void {
    session.reject({ statusCode, extraHeaders }).catch(() => undefined);
  }

  #takeUp(userAgent: UserAgent, { record, muted, held }: LegToResume): LegId | null {
    const read = readLegRecord(record);
    if (read === null || this.#legs.has(read.leg)) return null;
    if (read.kind === "ringing") return this.#rings.add(read) ? read.leg : null;
    const state = dialogState(read);
    if (state === null) return null;
    const session = new ResumedSession(userAgent, state);
    this.#mediaOf(session).resume(read.origin, this.#inputDevice);
    return this.#legs.add(read.leg, session, { isOurs: read.isOurs, invite: null, resumed: { muted, held, openInvite: read.openInvite } })
      .id;
  }

  /** Resolves when the far ends of calls that go on have answered; `null` where there are none. */
  #socketOpen(): Promise<unknown> | null {
    const answers: Promise<void>[] = [];
    this.#legs.each((leg) => void answers.push(leg.socketOpen()));
    this.#rings.deliver((invite) => this.#line.receive(invite));
    return answers.length === 0 ? null : Promise.all(answers);
  }

  async #denied(error: unknown): Promise<never> {
    throw new PhoneError(await microphoneProblem(error, this.#options.world), error);
  }
}
