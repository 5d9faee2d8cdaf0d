import type { Engine, EngineEvent, LegId, LegRecord, SipAccount } from "../../core/engine-port.ts";
import type { Clock } from "../../core/ports.ts";
import type { CallDouble } from "./call-double.ts";
import { NetworkDouble } from "./network-double.ts";
import type { EngineOptions, SipIdentity } from "./options.ts";
import { createSipjsEngine } from "./sipjs-engine.ts";
import { WorldDouble } from "./world-double.ts";

export const ACCOUNT: SipAccount = {
  user: "asha",
  password: "correct-horse",
  domain: "acme.voip.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};

const IDENTITY: SipIdentity = { contactName: "asha1", viaHost: "tab.invalid", instanceId: "5f6b1d0e-7c2a-4b8e-9d3f-0a1b2c3d4e5f" };

/** The engine on a played network, with everything that it said and logged. */
export interface PlayedEngine {
  readonly engine: Engine;
  readonly network: NetworkDouble;
  readonly world: WorldDouble;
  /** All but the records, which are kept here, the newest of each leg. */
  readonly events: EngineEvent[];
  readonly records: ReadonlyMap<LegId, LegRecord>;
  readonly logged: string[];
  /** What was said since the last time, with what matters of it. */
  said(): string[];
  ready(): Promise<void>;
  ring(headers?: Readonly<Record<string, string>>, sdp?: string): { readonly leg: LegId; readonly call: CallDouble };
  up(): Promise<{ readonly leg: LegId; readonly call: CallDouble }>;
}

/** @param network  the one of an earlier page, where this plays the next. */
export function playEngine(
  clock: Clock,
  settled: () => Promise<void>,
  changes: Partial<EngineOptions["sip"]> = {},
  network: NetworkDouble = new NetworkDouble(),
  more: Pick<EngineOptions, "iceServers" | "challenges"> = {},
): PlayedEngine {
  const world = new WorldDouble(network);
  const events: EngineEvent[] = [];
  const logged: string[] = [];
  const log = { write: (...line: unknown[]) => void logged.push(JSON.stringify(line)), text: () => logged.join("\n") };
  const sip: EngineOptions["sip"] = {
    security: "wss",
    endpoint: "wss",
    iceServers: [],
    iceGatheringMs: 300,
    codecs: [],
    dtmf: "info",
    dialDirect: false,
    ...changes,
  };
  const engine = createSipjsEngine({ sip, clock, log, world, identity: IDENTITY, ...more });
  const records = new Map<LegId, LegRecord>();
  engine.on((event) => {
    if (event.type === "leg-record") records.set(event.leg, event.record);
    else events.push(event);
  });
  let heard = 0;
  const ring: PlayedEngine["ring"] = (headers, sdp) => {
    const call = network.ring(headers, sdp);
    const last = events.findLast((event) => event.type === "leg-ringing");
    return { leg: last?.type === "leg-ringing" ? last.invitation.leg : "", call };
  };
  return {
    engine,
    network,
    world,
    events,
    records,
    logged,
    said: () => {
      const news = events.slice(heard).map(describe);
      heard = events.length;
      return news;
    },
    async ready() {
      await engine.register(ACCOUNT);
      await settled();
      heard = events.length;
    },
    ring,
    async up() {
      const rung = ring();
      await engine.answer(rung.leg);
      await settled();
      heard = events.length;
      return rung;
    },
  };
}

function describe(event: EngineEvent): string {
  const { type, leg: _leg, invitation: _invitation, ...rest } = { leg: null, invitation: null, ...event };
  return [type, ...Object.values(rest).filter((value) => value !== null)].join(" ");
}
