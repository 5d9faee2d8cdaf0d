import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import type { Reinvites } from "./reinvites.ts";
import { audioDirection } from "./sdp.ts";
import type { MediaDirection } from "./sdp.ts";

export interface LegHoldParts {
  readonly reinvites: Reinvites;
  readonly leg: LegId;
  /** Whether it is held from the start. */
  readonly held: boolean;
  isUp(): boolean;
  emit(event: EngineEvent): void;
  /** What may be sent or heard may be different now. */
  changed(): void;
  /** The far end does not know this call any more. */
  gone(): void;
}

/** Hold of one leg, both ways. Only an answered re-INVITE makes it true. */
export class LegHold {
  held: boolean;
  #asked: boolean | null = null;
  #heldThere = false;
  readonly #parts: LegHoldParts;

  constructor(parts: LegHoldParts) {
    this.#parts = parts;
    this.held = parts.held;
  }

  /** Held, or about to be: nothing may be sent. */
  isSilent(): boolean {
    return this.held || this.#asked === true;
  }

  /** What our next offer or answer shall say. Held from both sides, nobody sends (RFC 3264 section 8.4). */
  direction(held: boolean = this.held): MediaDirection {
    if (!held) return "sendrecv";
    return this.#heldThere ? "inactive" : "sendonly";
  }

  async set(wanted: boolean): Promise<void> {
    const { reinvites, leg, emit, changed, gone, isUp } = this.#parts;
    if (this.#asked !== null) return;
    if (wanted === this.held) return emit({ type: "leg-held", leg, held: wanted });
    this.#asked = wanted;
    changed();
    const { status, sdp } = await reinvites.send((media) => void (media.wanted = this.direction(wanted)));
    this.#asked = null;
    if (!isUp()) return;
    if (status === 200) this.held = wanted;
    changed();
    if (status === 200) emit({ type: "leg-held", leg, held: wanted });
    else emit({ type: "leg-hold-refused", leg, held: this.held, sipCode: status });
    if (status === 200 && !wanted) this.heard(sdp);
    if (status === 481) gone();
  }

  /** A description of the far end that is in force: `sendonly` or `inactive` is its hold. */
  heard(sdp: string): void {
    if (sdp === "") return;
    const { leg, emit } = this.#parts;
    const direction = audioDirection(sdp);
    const now = direction === "sendonly" || direction === "inactive";
    if (now === this.#heldThere) return;
    this.#heldThere = now;
    emit({ type: "leg-held-there", leg, held: now });
  }
}
