import { PhoneError } from "../../core/errors.ts";
import type {
  Engine,
  EngineCapabilities,
  EngineEvent,
  LegId,
  LegStatistics,
  PlacedLeg,
  SipAccount,
  Unsubscribe,
} from "../../core/ports.ts";
import { createEmitter } from "../../lib/emitter.ts";
import { ClientSession } from "./client-session.ts";
import { readInvitation } from "../shared/invitation.ts";
import { Leg } from "./leg.ts";
import { Line } from "./line.ts";
import type { EngineOptions } from "./options.ts";
import { Refusals } from "./refusals.ts";
import type { Sdk, SdkSession } from "./sdk.ts";
import type { SipTrace } from "./sip-trace.ts";
import type { EngineWorld } from "./world.ts";

/** The engine over any SDK in any world. */
export function assembleEngine(sdk: Sdk, world: EngineWorld, options: EngineOptions): Engine {
  return new ExotelEngine(sdk, world, options);
}

class ExotelEngine implements Engine {
  readonly capabilities: EngineCapabilities;
  readonly #sdk: Sdk;
  readonly #world: EngineWorld;
  readonly #options: EngineOptions;
  readonly #events = createEmitter<EngineEvent>();
  readonly #line: Line;
  readonly #refusals: Refusals;
  /** At most one: the SDK refuses a second INVITE. */
  readonly #legs = new Map<LegId, Leg>();
  /** Legs that the SDK is not done with, also those that are over for the agent. */
  #unreleased = 0;
  #count = 0;
  #inputDevice: string | null = null;
  #outputDevice: string | null = null;

  constructor(sdk: Sdk, world: EngineWorld, options: EngineOptions) {
    this.#sdk = sdk;
    this.#world = world;
    this.#options = options;
    this.#refusals = new Refusals((invitation) => {
      if (this.#unreleased > 0) this.#emit({ type: "leg-refused-busy", invitation });
    });
    const isBusy = (): boolean => this.#unreleased > 0;
    const client = new ClientSession({
      ...options,
      sdk,
      world,
      isBusy,
      onConnection: (event) => this.#line.onConnection(event),
      onInvite: (session) => this.#onInvite(session),
      onPeerConnection: (connection) => this.#each((leg) => leg.watchMedia(connection)),
      onTrace: (trace) => this.#onTrace(trace),
    });
    this.#line = new Line({
      sdk: client,
      clock: options.clock,
      log: options.log,
      emit: (event) => this.#emit(event),
      isBusy,
      socketLost: () => this.#each((leg) => leg.socketLost()),
    });
    this.capabilities = {
      canTransfer: false,
      canDialDirect: false,
      canSurviveReload: false,
      canHoldTwoCalls: false,
      canSuppressNoise: client.canSuppressNoise,
    };
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

  async place(): Promise<PlacedLeg> {
    throw new PhoneError("not-supported");
  }

  async transfer(): Promise<void> {
    throw new PhoneError("not-supported");
  }

  async transferTo(): Promise<void> {
    throw new PhoneError("not-supported");
  }

  // Nothing is awaited before the SDK is called: from the click to the 200 OK somebody waits.
  async answer(id: LegId): Promise<void> {
    await this.#need(id).answer(this.#inputDevice);
  }

  async reject(id: LegId): Promise<void> {
    this.#need(id).reject();
  }

  async hangUp(id: LegId): Promise<void> {
    this.#need(id).hangUp();
  }

  async setMuted(id: LegId, muted: boolean): Promise<void> {
    this.#need(id).setMuted(muted);
  }

  async setHeld(id: LegId, held: boolean): Promise<void> {
    this.#need(id).setHeld(held);
  }

  async sendDigit(id: LegId, digit: string): Promise<void> {
    if (!/^[0-9A-D*#]$/.test(digit)) throw new PhoneError("digit-invalid");
    await this.#need(id).sendDigit(digit);
  }

  async statistics(id: LegId): Promise<LegStatistics | null> {
    return (await this.#legs.get(id)?.statistics()) ?? null;
  }

  async setInputDevice(deviceId: string | null): Promise<void> {
    this.#inputDevice = deviceId;
    for (const leg of this.#legs.values()) {
      if (leg.isUp()) await leg.replaceMicrophone(await this.#world.openMicrophone(deviceId));
    }
  }

  async setOutputDevice(deviceId: string | null): Promise<void> {
    this.#outputDevice = deviceId;
    if ([...this.#legs.values()].some((leg) => leg.isUp())) await this.#useOutput(deviceId);
  }

  leave(): void {
    this.#each((leg) => (leg.isUp() ? leg.hangUp() : leg.drop({ reason: "missed", sipCode: 486 })));
  }

  async resume(): Promise<readonly LegId[]> {
    throw new PhoneError("not-supported");
  }

  /** The SDK cannot leave a call to another page: the far end is told. */
  abandon(): void {
    this.leave();
    void this.#line.unregister();
  }

  async dispose(): Promise<void> {
    this.#each((leg) => leg.hangUp());
    await this.#line.unregister();
  }

  #emit(event: EngineEvent): void {
    this.#events.emit(event);
    // After everybody knows: a call that has lost its way gets one again.
    if (event.type === "registered") this.#each((leg) => void leg.socketBack());
  }

  #onTrace(trace: SipTrace): void {
    this.#line.onTrace(trace);
    const isOurs = ({ invitation }: Leg) => invitation.sipCallId === trace.callId;
    if (trace.direction === "in" && trace.method === "CANCEL") {
      this.#each((leg) => {
        if (isOurs(leg)) leg.cancelled(trace.header("Reason"));
      });
    }
    this.#refusals.onTrace(trace, () => [...this.#legs.values()].some(isOurs));
  }

  #onInvite(session: SdkSession): void {
    const { sip, clock, log } = this.#options;
    const { request, userAgent } = session;
    this.#count += 1;
    const invitation = readInvitation(`${request.callId}#${this.#count}`, (name) => request.getHeader(name));
    userAgent.configuration.sessionDescriptionHandlerFactoryOptions = {
      ...userAgent.configuration.sessionDescriptionHandlerFactoryOptions,
      iceGatheringTimeout: sip.iceGatheringMs,
      peerConnectionConfiguration: { iceServers: sip.iceServers },
    };
    const leg = new Leg({
      session,
      invitation,
      phone: this.#sdk.phone,
      world: this.#world,
      clock,
      log,
      emit: (event) => {
        if (event.type === "leg-connected" && this.#outputDevice !== null) void this.#useOutput(this.#outputDevice);
        this.#emit(event);
      },
      ended: () => this.#onEnded(invitation.leg),
      released: () => {
        this.#unreleased -= 1;
        this.#line.onFree();
      },
    });
    this.#unreleased += 1;
    this.#legs.set(invitation.leg, leg);
    log.write("info", "leg rings", { sipCallId: invitation.sipCallId, exotelCallSid: invitation.exotelCallSid });
    this.#emit({ type: "leg-ringing", invitation });
  }

  #onEnded(id: LegId): void {
    this.#legs.delete(id);
    // The SDK would put the next call on the same device without looking whether it is still there.
    if (this.#outputDevice !== null) queueMicrotask(() => void this.#useOutput(null));
  }

  #useOutput(deviceId: string | null): Promise<void> {
    return new Promise((done) => {
      const failed = (error: unknown): void => {
        this.#options.log.write("warn", "output device", { error });
        done();
      };
      this.#sdk.phone.changeAudioOutputDevice(deviceId ?? "", done, failed, true);
    });
  }

  #each(visit: (leg: Leg) => void): void {
    for (const leg of this.#legs.values()) visit(leg);
  }

  #need(id: LegId): Leg {
    const leg = this.#legs.get(id);
    if (leg === undefined) throw new PhoneError("no-call");
    return leg;
  }
}
