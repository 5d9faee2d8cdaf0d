import { type Config, readConfig } from "../../protocol/config.ts";
import type { Engine, SipAccount } from "../engine-port.ts";
import type { AgentServer, Gateway, NumberReader, Ports, TabRole } from "../ports.ts";
import { FakeAudio } from "./audio.ts";
import { FakeClock } from "./clock.ts";
import { FakeHost } from "./host.ts";
import { FakeStore, FakeVault } from "./store.ts";
import { FakeTabs } from "./tabs.ts";

/** Asha's account, as the fake deployment knows it. */
export const ASHA: SipAccount = {
  user: "asha",
  password: "correct-horse",
  domain: "acme1.voip.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};

/** Everything around a phone, played by a test. Keep `store` and `vault` for the next phone to reload the page. */
export interface FakeWorld {
  readonly ports: Ports;
  readonly clock: FakeClock;
  readonly host: FakeHost;
  readonly tabs: FakeTabs;
  readonly audio: FakeAudio;
  readonly store: FakeStore;
  readonly vault: FakeVault;
  /** What it keeps is readable here. */
  readonly safe: FakeStore;
  readonly logged: string[];
}

export interface FakeWorldOptions {
  readonly role?: TabRole;
  readonly store?: FakeStore;
  readonly vault?: FakeVault;
  readonly safe?: FakeStore;
  readonly gateway?: Gateway;
  readonly agents?: AgentServer;
  readonly clock?: FakeClock;
  readonly host?: FakeHost;
  readonly audio?: FakeAudio;
}

export function fakeWorld(engine: Engine, options: FakeWorldOptions = {}): FakeWorld {
  const clock = options.clock ?? new FakeClock();
  const host = options.host ?? new FakeHost();
  const tabs = new FakeTabs(options.role ?? "leader");
  const audio = options.audio ?? new FakeAudio();
  const store = options.store ?? new FakeStore();
  const vault = options.vault ?? new FakeVault();
  const safe = options.safe ?? new FakeStore();
  const logged: string[] = [];
  const prefix = `page-${clock.now()}`;
  let ids = 0;
  const log: Ports["log"] = {
    write: (level, event, facts) => void logged.push(`${level} ${event} ${JSON.stringify(facts ?? {})}`),
    text: () => logged.join("\n"),
  };
  const ports: Ports = {
    engine: async () => engine,
    host,
    tabs,
    audio,
    clock,
    store,
    vault,
    safe,
    log,
    random: () => 0.5,
    newId: () => `${prefix}-${(ids += 1)}`,
    clickToCall: null,
    gateway: options.gateway ?? null,
    agents: options.agents ?? null,
    numbers: INDIAN_NUMBERS,
  };
  return { ports, clock, host, tabs, audio, store, vault, safe, logged };
}

/** The least that `config.json` may say, and a field that must be filled in. */
export function fakeConfig(change: Record<string, unknown> = {}): Config {
  const result = readConfig({
    sip: { presets: [{ id: "test", label: "Test", domain: "{account}.voip.example.com", proxy: "voip.example.com:443" }] },
    wrapUp: {
      seconds: 60,
      fields: [{ id: "outcome", label: "Outcome", kind: "choice", required: true, options: [{ value: "sold", label: "Sold" }] }],
    },
    ...change,
  });
  if (!result.ok) throw new Error(result.problems.join("; "));
  return result.config;
}

const INDIAN_NUMBERS: NumberReader = {
  toE164: (text) => {
    const digits = text.replace(/[\s()-]/g, "");
    if (/^\+\d{7,15}$/.test(digits)) return digits;
    if (/^0?\d{10}$/.test(digits)) return `+91${digits.slice(-10)}`;
    return /^\d{3,6}$/.test(digits) ? digits : null;
  },
  format: (number) => number,
};
