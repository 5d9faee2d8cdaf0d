import type { Session } from "sip.js";
import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import { PhoneError } from "../../core/errors.ts";
import type { LegMedia } from "./leg-media.ts";
import type { LegParts, LegSession } from "./leg-parts.ts";
import { Leg } from "./leg.ts";
import type { EngineOptions } from "./options.ts";

export type LegOrigin = Pick<LegParts, "isOurs" | "invite"> & Partial<Pick<LegParts, "resumed" | "replaced">>;

export interface LegsParts {
  readonly options: EngineOptions;
  mediaOf(session: Session): LegMedia;
  emit(event: EngineEvent): void;
  /** A leg has nothing left to send. */
  free(): void;
}

/** The legs of one engine: those that the agent knows, and those that are over and still have something to send. */
export class Legs {
  /** `null`: the browser's default device. */
  outputDevice: string | null = null;
  readonly #known = new Map<LegId, Leg>();
  readonly #unreleased = new Set<Leg>();
  readonly #parts: LegsParts;
  #count = 0;

  constructor(parts: LegsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#known.size;
  }

  /** A name for a leg of this Call-ID, which several can have one after the other. */
  nameFor(callId: string): LegId {
    return `${callId}#${this.#count}`;
  }

  /** @param connecting  told before everybody hears that it is connected; may be told twice. */
  add(id: LegId, session: LegSession, origin: LegOrigin, connecting = (): void => {}): Leg {
    const { options, mediaOf, emit, free } = this.#parts;
    const { clock, log, world, sip } = options;
    this.#count += 1;
    const leg = new Leg({
      leg: id,
      resumed: null,
      replaced: null,
      ...origin,
      session,
      media: mediaOf(session),
      world,
      dtmf: sip.dtmf,
      clock,
      log,
      emit: (event) => {
        if (event.type === "leg-muted" || event.type === "leg-connected") connecting();
        if (event.type === "leg-connected" && this.outputDevice !== null) void this.#useOutput(leg);
        emit(event);
      },
      ended: () => void this.#known.delete(id),
      released: () => {
        this.#unreleased.delete(leg);
        // Not in the middle of a message that sip.js still works on.
        queueMicrotask(free);
      },
    });
    this.#known.set(id, leg);
    this.#unreleased.add(leg);
    return leg;
  }

  has(id: LegId): boolean {
    return this.#known.has(id);
  }

  find(id: LegId): Leg | undefined {
    return this.#known.get(id);
  }

  need(id: LegId): Leg {
    const leg = this.#known.get(id);
    if (leg === undefined) throw new PhoneError("no-call");
    return leg;
  }

  of(session: Session): Leg | undefined {
    return this.known().find((leg) => leg.session === session);
  }

  known(): readonly Leg[] {
    return [...this.#known.values()];
  }

  /** Also those that are over for the agent. */
  each(visit: (leg: Leg) => void): void {
    for (const leg of this.#unreleased) visit(leg);
  }

  /** Something is still to be said over the user agent. */
  isBusy(): boolean {
    return [...this.#unreleased].some((leg) => !leg.isStranded());
  }

  /** Knows none of them from now on. */
  forget(): readonly Leg[] {
    const legs = [...this.#unreleased];
    this.#known.clear();
    this.#unreleased.clear();
    return legs;
  }

  async setOutput(deviceId: string | null): Promise<void> {
    this.outputDevice = deviceId;
    for (const leg of this.known()) if (leg.isUp()) await this.#useOutput(leg);
  }

  async #useOutput(leg: Leg): Promise<void> {
    try {
      await leg.media.setOutput(this.outputDevice);
    } catch (error) {
      this.#parts.options.log.write("warn", "output device", { error });
    }
  }
}
