import type { Invitation, Inviter } from "sip.js";
import type { Clock, EngineEvent, LegId, Log } from "../../core/ports.ts";
import type { LegMedia } from "./leg-media.ts";
import type { EngineOptions } from "./options.ts";
import type { EngineWorld } from "./world.ts";

export interface LegParts {
  readonly leg: LegId;
  readonly session: Invitation | Inviter;
  readonly media: LegMedia;
  readonly world: EngineWorld;
  readonly dtmf: EngineOptions["sip"]["dtmf"];
  readonly clock: Clock;
  readonly log: Log;
  emit(event: EngineEvent): void;
  /** Told once, after `leg-ended`. */
  ended(): void;
  /** Told once, when nothing is left to be sent: later than `ended` where a BYE waits for its way. */
  released(): void;
}
