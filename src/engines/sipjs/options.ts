import type { Clock, Log } from "../../core/ports.ts";
import type { Config } from "../../protocol/config.ts";
import type { EngineWorld } from "./world.ts";

export interface EngineOptions {
  readonly sip: Pick<Config["sip"], "security" | "endpoint" | "iceServers" | "iceGatheringMs" | "codecs" | "dtmf" | "dialDirect">;
  /** Those of this moment, where their credentials expire; else `sip.iceServers`. */
  readonly iceServers?: (() => readonly Config["sip"]["iceServers"][number][]) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly world: EngineWorld;
}
