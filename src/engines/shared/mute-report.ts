import type { EngineEvent, LegId } from "../../core/engine-port.ts";
import type { Log } from "../../core/ports.ts";

export interface MuteReportParts {
  readonly leg: LegId;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Silent because of a hold, whatever is wanted. */
  isHeld(): boolean;
  /** The truth: no track that is sent carries sound. */
  isSilent(): boolean;
}

/** What the agent wants of the microphone, and what is told about it: what the tracks say, never what was asked. */
export class MuteReport {
  wanted = false;
  #told = false;
  readonly #parts: MuteReportParts;

  constructor(parts: MuteReportParts) {
    this.#parts = parts;
  }

  /** @param asked  an answer is waited for, even where nothing has changed. */
  tell(asked: boolean): void {
    const { leg, log, emit, isHeld, isSilent } = this.#parts;
    // On hold the tracks are silent in any case; what counts then is what they will be afterwards.
    const now = isHeld() ? this.wanted : isSilent();
    if (now !== this.wanted) log.write("error", "the microphone does not follow", { wanted: this.wanted });
    if (!asked && now === this.#told) return;
    this.#told = now;
    emit({ type: "leg-muted", leg, muted: now });
  }
}
