import type { Engine, EngineEvent, LegId, SipAccount } from "../../core/engine-port.ts";
import type { Clock } from "../../core/ports.ts";
import { assembleEngine } from "./assemble.ts";
import type { SessionDouble } from "./session-double.ts";
import { VendorDouble } from "./vendor-double.ts";
import { WorldDouble } from "./world-double.ts";

export const ACCOUNT: SipAccount = {
  user: "asha",
  password: "correct-horse",
  domain: "acme.voip.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};

/** The engine over the SDK's double, with everything that it said and logged. */
export interface PlayedEngine {
  readonly engine: Engine;
  readonly vendor: VendorDouble;
  readonly world: WorldDouble;
  readonly events: EngineEvent[];
  readonly logged: string[];
  /** Types of what was said since the last time, with what matters of it. */
  said(): string[];
  ready(): Promise<void>;
  ring(headers?: Readonly<Record<string, string>>): { readonly leg: LegId; readonly session: SessionDouble };
  up(): Promise<{ readonly leg: LegId; readonly session: SessionDouble }>;
}

export function playEngine(
  clock: Clock,
  settled: () => Promise<void>,
  prepare: (vendor: VendorDouble, world: WorldDouble) => void = () => {},
): PlayedEngine {
  const world = new WorldDouble();
  const vendor = new VendorDouble(world);
  prepare(vendor, world);
  const events: EngineEvent[] = [];
  const logged: string[] = [];
  const log = { write: (...line: unknown[]) => void logged.push(JSON.stringify(line)), text: () => logged.join("\n") };
  const iceServers = [{ urls: "turn:turn.example.com" }];
  const engine = assembleEngine(vendor, world, { sip: { security: "wss", endpoint: "wss", iceServers, iceGatheringMs: 300 }, clock, log });
  engine.on((event) => events.push(event));
  let heard = 0;
  const ring: PlayedEngine["ring"] = (headers) => {
    const session = vendor.ring(headers);
    const last = events.findLast((event) => event.type === "leg-ringing");
    return { leg: last?.type === "leg-ringing" ? last.invitation.leg : "", session };
  };
  return {
    engine,
    vendor,
    world,
    events,
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
