import type { EngineEvent, LegId, Log } from "../../core/ports.ts";
import { endSession } from "./end-session.ts";
import type { LegEnd } from "./leg-end.ts";
import type { LegSession } from "./leg-parts.ts";

export interface LegEndingParts {
  readonly leg: LegId;
  readonly session: LegSession;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Right before it is told: nothing may be heard or sent any more. */
  closing(): void;
  ended(): void;
  released(): void;
}

/** How a leg ends: for the agent at once, at the far end as soon as there is a way, and told once each. */
export class LegEnding {
  /** The first cause that was seen; what ends the session afterwards is only its consequence. */
  cause: LegEnd | null = null;
  isOver = false;
  #released = false;
  readonly #parts: LegEndingParts;

  constructor(parts: LegEndingParts) {
    this.#parts = parts;
  }

  /** Whatever ends the session in the state it is in. */
  terminate(): void {
    endSession(this.#parts.session, this.cause?.sipCode ?? 486).catch((error: unknown) => {
      this.#parts.log.write("warn", "session not ended", { error });
      if (this.isOver) this.release();
    });
  }

  finish(end: LegEnd): void {
    this.tell(end);
    this.release();
  }

  tell(end: LegEnd): void {
    if (this.isOver) return;
    const { leg, log, emit, closing, ended } = this.#parts;
    this.isOver = true;
    closing();
    log.write("info", "leg ended", { reason: end.reason, sipCode: end.sipCode });
    emit({ type: "leg-ended", leg, ...end });
    ended();
  }

  /** Nothing is left to be sent. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#parts.released();
  }

  /** Over here without a word to anybody. */
  forget(): void {
    this.isOver = true;
    this.#released = true;
  }
}
