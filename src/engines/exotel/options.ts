import type { Clock, Log } from "../../core/ports.ts";
import type { Config } from "../../protocol/config.ts";

export interface EngineOptions {
  readonly sip: Pick<Config["sip"], "security" | "endpoint" | "iceServers" | "iceGatheringMs">;
  readonly clock: Clock;
  readonly log: Log;
}
