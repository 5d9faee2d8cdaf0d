import { PhoneError, type PhoneErrorCode } from "../../core/errors.ts";
import type {
  Engine,
  EngineCapabilities,
  EngineEvent,
  LegId,
  LegInvitation,
  LegStatistics,
  LegToResume,
  PlacedLeg,
  SipAccount,
} from "../../core/ports.ts";
import type { EndReason } from "../../protocol/call.ts";
import { createEmitter } from "../../lib/emitter.ts";

export type FakeCommand =
  | { readonly name: "register"; readonly user: string }
  | { readonly name: "unregister" | "leave" | "dispose" | "probe" }
  | { readonly name: "abandon"; readonly lingerMs: number }
  | { readonly name: "resume"; readonly user: string; readonly legs: readonly LegToResume[] }
  | { readonly name: "answer" | "reject" | "hangUp"; readonly leg: LegId }
  | { readonly name: "setMuted"; readonly leg: LegId; readonly muted: boolean }
  | { readonly name: "setHeld"; readonly leg: LegId; readonly held: boolean }
  | { readonly name: "sendDigit"; readonly leg: LegId; readonly digit: string }
  | { readonly name: "transfer" | "place"; readonly number: string }
  | { readonly name: "transferTo"; readonly leg: LegId; readonly other: LegId }
  | { readonly name: "setInputDevice" | "setOutputDevice"; readonly device: string | null };

/**
 * An engine without a network, played by a test: it keeps what it was told and says what it is told to say. Left alone
 * it does what a good engine does on a good day.
 */
export class FakeEngine implements Engine {
  capabilities: EngineCapabilities = {
    canTransfer: false,
    canDialDirect: false,
    canSurviveReload: false,
    canHoldTwoCalls: false,
    canSuppressNoise: false,
  };
  readonly commands: FakeCommand[] = [];
  /** Commands for a leg that is not there: a phone that is right never gives one. */
  readonly strayCommands: FakeCommand[] = [];
  /** What the registrar says to the next registrations. */
  registrar: "accepts" | "refuses" | "unreachable" | "silent" = "accepts";
  answersProbes = true;
  /** Legs connect, mute and hold as soon as they are asked to; otherwise the test says when. */
  obeys = true;
  /** What is wrong with the microphone on answer. */
  microphone: PhoneErrorCode | null = null;
  /** How the next transfers go; a promise while the target has not said anything yet. */
  transferResult: "reached" | "refused" | Promise<"reached" | "refused"> = "reached";
  readonly failing = new Map<FakeCommand["name"], PhoneErrorCode>();
  statisticsOf: (leg: LegId) => LegStatistics | null = () => null;
  /** Legs that are ringing or up. */
  readonly legs = new Map<LegId, { readonly invitation: LegInvitation; muted: boolean; held: boolean }>();
  readonly #events = createEmitter<EngineEvent>();
  #legCount = 0;

  on(listener: (event: EngineEvent) => void): () => void {
    return this.#events.on(listener);
  }
  listenerCount(): number {
    return this.#events.listenerCount();
  }
  emit(event: EngineEvent): void {
    if (event.type === "leg-ended" || event.type === "leg-media-denied") this.legs.delete(event.leg);
    this.#events.emit(event);
    if (!this.capabilities.canSurviveReload) return;
    if (event.type === "leg-ringing")
      this.#events.emit({ type: "leg-record", leg: event.invitation.leg, record: { leg: event.invitation.leg } });
  }

  /** A call comes in; returns the leg. */
  ring(about: Partial<LegInvitation> = {}): LegId {
    this.#legCount += 1;
    const leg = about.leg ?? `leg-${this.#legCount}`;
    const invitation: LegInvitation = { ...NO_INVITATION, leg, sipCallId: `sip-${leg}`, ...about };
    this.legs.set(leg, { invitation, muted: false, held: false });
    this.emit({ type: "leg-ringing", invitation });
    return leg;
  }
  end(leg: LegId, reason: EndReason = "hung-up-there", sipCode: number | null = null): void {
    this.emit({ type: "leg-ended", leg, reason, sipCode });
  }
  commandsNamed<N extends FakeCommand["name"]>(name: N): Extract<FakeCommand, { name: N }>[] {
    return this.commands.filter((command): command is Extract<FakeCommand, { name: N }> => command.name === name);
  }

  async register(account: SipAccount): Promise<void> {
    this.#take({ name: "register", user: account.user });
    if (this.registrar === "accepts") {
      this.emit({ type: "registered" });
      for (const leg of this.legs.keys()) this.emit({ type: "leg-signalling", leg, ok: true });
    }
    if (this.registrar === "refuses") this.emit({ type: "registration-refused", sipCode: 403 });
    if (this.registrar === "unreachable") this.emit({ type: "registration-lost", code: "server-unreachable", sipCode: null });
  }
  async unregister(): Promise<void> {
    this.#take({ name: "unregister" });
  }
  async probe(): Promise<boolean> {
    this.#take({ name: "probe" });
    return this.answersProbes;
  }
  /** What becomes of the leg, the test says. */
  async place(number: string): Promise<PlacedLeg> {
    this.#take({ name: "place", number });
    if (!this.capabilities.canDialDirect) throw new PhoneError("not-supported");
    this.#legCount += 1;
    const leg = `leg-${this.#legCount}`;
    this.legs.set(leg, { invitation: { ...NO_INVITATION, leg, number }, muted: false, held: false });
    return { leg, sipCallId: `sip-${leg}` };
  }
  async answer(leg: LegId): Promise<void> {
    this.#takeFor(leg, { name: "answer", leg });
    if (this.microphone !== null) {
      this.emit({ type: "leg-media-denied", leg, code: this.microphone });
      throw new PhoneError(this.microphone);
    }
    if (this.obeys) this.emit({ type: "leg-connected", leg });
  }
  async reject(leg: LegId): Promise<void> {
    this.#takeFor(leg, { name: "reject", leg });
    this.end(leg, "rejected");
  }
  async hangUp(leg: LegId): Promise<void> {
    this.#takeFor(leg, { name: "hangUp", leg });
    this.end(leg, "hung-up-here");
  }
  async setMuted(leg: LegId, muted: boolean): Promise<void> {
    const known = this.#takeFor(leg, { name: "setMuted", leg, muted });
    known.muted = muted;
    if (this.obeys) this.emit({ type: "leg-muted", leg, muted });
  }
  async setHeld(leg: LegId, held: boolean): Promise<void> {
    const known = this.#takeFor(leg, { name: "setHeld", leg, held });
    known.held = held;
    if (this.obeys) this.emit({ type: "leg-held", leg, held });
  }
  async sendDigit(leg: LegId, digit: string): Promise<void> {
    this.#takeFor(leg, { name: "sendDigit", leg, digit });
  }
  async transfer(leg: LegId, number: string): Promise<void> {
    this.#takeFor(leg, { name: "transfer", number });
    if (!this.capabilities.canTransfer) throw new PhoneError("not-supported");
    await this.#targetSays();
    this.end(leg, "transferred");
  }
  async transferTo(leg: LegId, other: LegId): Promise<void> {
    this.#takeFor(leg, { name: "transferTo", leg, other });
    if (!this.capabilities.canTransfer) throw new PhoneError("not-supported");
    if (!this.legs.has(other)) throw new PhoneError("no-call");
    await this.#targetSays();
    this.end(leg, "transferred");
    this.end(other, "transferred");
  }
  async statistics(leg: LegId): Promise<LegStatistics | null> {
    return this.statisticsOf(leg);
  }
  async setInputDevice(device: string | null): Promise<void> {
    this.#take({ name: "setInputDevice", device });
  }
  async setOutputDevice(device: string | null): Promise<void> {
    this.#take({ name: "setOutputDevice", device });
  }
  leave(): void {
    this.#take({ name: "leave" });
  }
  /** A record is `{ leg }`. What becomes of the legs, the test says. */
  async resume(account: SipAccount, resumed: readonly LegToResume[]): Promise<readonly LegId[]> {
    this.#take({ name: "resume", user: account.user, legs: resumed });
    const legs = resumed.map(({ record }) => String(record["leg"]));
    for (const [index, leg] of legs.entries()) {
      const { muted = false, held = false } = resumed[index] ?? {};
      this.legs.set(leg, { invitation: { ...NO_INVITATION, leg }, muted, held });
    }
    if (this.registrar === "accepts") this.emit({ type: "registered" });
    return legs;
  }
  abandon(lingerMs: number): void {
    this.#take({ name: "abandon", lingerMs });
    this.legs.clear();
  }
  async dispose(): Promise<void> {
    this.#take({ name: "dispose" });
  }

  async #targetSays(): Promise<void> {
    if ((await this.transferResult) === "refused") throw new PhoneError("dial-failed");
  }
  #take(command: FakeCommand): void {
    this.commands.push(command);
    const code = this.failing.get(command.name);
    if (code !== undefined) throw new PhoneError(code);
  }
  #takeFor(leg: LegId, command: FakeCommand) {
    this.#take(command);
    const known = this.legs.get(leg);
    if (known !== undefined) return known;
    this.strayCommands.push(command);
    throw new PhoneError("no-call");
  }
}

const NO_INVITATION: LegInvitation = {
  leg: "",
  number: "+918000000001",
  name: null,
  localNumber: null,
  sipCallId: null,
  exotelCallSid: null,
  exotelLegSid: null,
};
