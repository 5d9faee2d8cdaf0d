import type { Clock, Log } from "../../core/ports.ts";
import type { Config } from "../../protocol/config.ts";
import type { Challenges } from "./challenge.ts";
import type { EngineWorld } from "./world.ts";

/**
 * What makes this phone the same contact after a reload, so that its REGISTER replaces the binding of the page before
 * (RFC 3261 section 10.3, RFC 5626 section 4.1). One for each browser partition: all tabs are one phone.
 */
export interface SipIdentity {
  /** User part of the contact. */
  readonly contactName: string;
  /** `….invalid` (RFC 7118 section 5). */
  readonly viaHost: string;
  /** A UUID. */
  readonly instanceId: string;
}

export interface EngineOptions {
  readonly sip: Pick<Config["sip"], "security" | "endpoint" | "iceServers" | "iceGatheringMs" | "codecs" | "dtmf" | "dialDirect">;
  /** Those of this moment, where their credentials expire; else `sip.iceServers`. */
  readonly iceServers?: (() => readonly Config["sip"]["iceServers"][number][]) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly world: EngineWorld;
  /** Absent: a new one for each page. */
  readonly identity?: SipIdentity | undefined;
  /** Absent: each page waits for a challenge of its own. */
  readonly challenges?: Challenges | undefined;
}
