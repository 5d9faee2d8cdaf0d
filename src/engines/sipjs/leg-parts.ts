import type { Invitation, Inviter } from "sip.js";
import type { Clock, EngineEvent, LegId, Log } from "../../core/ports.ts";
import type { LegMedia } from "./leg-media.ts";
import type { EngineOptions } from "./options.ts";
import type { ResumedSession } from "./resumed-session.ts";
import type { EngineWorld } from "./world.ts";

export type LegSession = Invitation | Inviter | ResumedSession;

export interface LegParts {
  readonly leg: LegId;
  readonly session: LegSession;
  /** We made the Call-ID. */
  readonly isOurs: boolean;
  /** The INVITE as it came, where it came to us. */
  readonly invite: string | null;
  /** How the call was in the page before; `null` for one that begins here. */
  readonly resumed: { readonly muted: boolean; readonly held: boolean; readonly openInvite: number | null } | null;
  /** How the leg was whose place this one takes. */
  readonly replaced: { readonly muted: boolean; readonly held: boolean } | null;
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
