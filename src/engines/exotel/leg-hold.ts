import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import type { Clock, Random } from "../../core/ports.ts";
import type { OpenAck } from "../shared/open-ack.ts";
import { reinvite } from "./reinvite.ts";
import type { SdkSession } from "./sdk.ts";

/** Hold of one leg, both ways. Only an answered re-INVITE makes it true. */
export interface LegHold {
  readonly held: boolean;
  /** Held, or about to be: nothing may be sent. */
  isSilent(): boolean;
  set(held: boolean): Promise<void>;
  /** The offer of a re-INVITE that the far end sent and we answered. */
  heardOffer(sdp: string): void;
}

export interface LegHoldParts {
  readonly session: SdkSession;
  readonly ack: OpenAck;
  readonly leg: LegId;
  readonly clock: Clock;
  readonly random: Random;
  emit(event: EngineEvent): void;
  /** What may be sent or heard may be different now. */
  changed(): void;
  /** The far end does not know this call any more. */
  gone(): void;
}

/** RFC 3261 section 14.1: who did not make the Call-ID waits 0 to 2 s after a 491, in units of 10 ms. */
const GLARE_MS = 2_000;

export class SessionHold implements LegHold {
  held = false;
  #asked: boolean | null = null;
  #heldThere = false;
  readonly #parts: LegHoldParts;

  constructor(parts: LegHoldParts) {
    this.#parts = parts;
  }

  isSilent(): boolean {
    return this.held || this.#asked === true;
  }

  // Not by the SDK's `holdAction`: it tells no result, and after a refusal it leaves the microphone dead.
  async set(wanted: boolean): Promise<void> {
    const { session, ack, leg, emit, changed, gone } = this.#parts;
    if (this.#asked !== null) return;
    if (wanted === this.held) return emit({ type: "leg-held", leg, held: wanted });
    this.#asked = wanted;
    changed();
    let status = await reinvite(session, ack, { hold: wanted });
    if (status === 491) {
      await this.#wait();
      if (session.state === "Established") status = await reinvite(session, ack, { hold: wanted });
    }
    this.#asked = null;
    if (session.state !== "Established") return;
    if (status === 200) this.held = wanted;
    changed();
    if (status === 200) emit({ type: "leg-held", leg, held: wanted });
    else emit({ type: "leg-hold-refused", leg, held: this.held, sipCode: status });
    if (status === 481) gone();
  }

  heardOffer(sdp: string): void {
    const { leg, emit } = this.#parts;
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp.slice(Math.max(0, sdp.indexOf("m=audio"))))?.[1];
    const now = direction === "sendonly" || direction === "inactive";
    if (sdp === "" || now === this.#heldThere) return;
    this.#heldThere = now;
    emit({ type: "leg-held-there", leg, held: now });
  }

  #wait(): Promise<void> {
    const { clock, random } = this.#parts;
    return new Promise((resolve) => void clock.after(Math.floor(random() * (GLARE_MS / 10)) * 10, resolve));
  }
}
