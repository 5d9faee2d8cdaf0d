import { effect, untracked } from "@preact/signals-core";
import { createAudio } from "../audio/audio.ts";
import { browserAudio } from "../audio/browser.ts";
import { createPhone } from "../core/phone.ts";
import type { RunningPhone } from "../core/phone.ts";
import type { Phone } from "../core/view.ts";
import type { Clock, Gateway, Log, Store, Tabs, Vault } from "../core/ports.ts";
import type { AgentSession } from "../gateway-client/agent-server.ts";
import { createStandaloneHost } from "../hosts/standalone.ts";
import { createHttpGateway } from "../gateway-client/http-gateway.ts";
import type { SipIdentity } from "../engines/sipjs/options.ts";
import type { Config } from "../protocol/config.ts";
import { browserTabs } from "../tabs/browser.ts";
import { createTabs } from "../tabs/tabs.ts";
import { loadChallenges } from "./challenges.ts";
import { createClickToCall } from "./click-to-call.ts";
import { systemClock } from "./clock.ts";
import type { Drawer } from "./database.ts";
import type { EngineLoader } from "./engines.ts";
import type { HostMaker } from "./hosts.ts";
import { whenIdle } from "./idle.ts";
import { watchLeaving } from "./leaving.ts";
import { createNumberReader } from "./numbers.ts";
import { createSipIdentity, loadSipIdentity } from "./sip-identity.ts";
import { startTimerWorker } from "./start-timer-worker.ts";
import { createStore } from "./store.ts";
import { watchWaking } from "./waking.ts";
import { createWorkerClock } from "./worker-clock.ts";

let tabs: Tabs | null = null;

/** The part of this page among the tabs of its browser: one, however often it is asked for. */
export function openTabs(): Tabs {
  return (tabs ??= createTabs(browserTabs));
}

export interface PhoneNeeds {
  readonly config: Config;
  /** `null`: the page is the phone's own. */
  readonly createHost: HostMaker | null;
  readonly engines: EngineLoader;
  readonly log: Log;
  readonly records: Drawer;
  readonly vault: Vault;
  readonly safe: Store;
  /** `null`: no gateway knows the agents. */
  readonly session: AgentSession | null;
}

/** Adapters to ports, ports to a phone, the phone to its page. */
export function startPhone({ config, createHost, engines, log, records, vault, safe, session }: PhoneNeeds): RunningPhone {
  const audio = createAudio(browserAudio);
  const clock = createWorkerClock({
    startWorker: startTimerWorker,
    page: systemClock,
    monotonicMs: () => performance.now(),
    failed: (error) => log.write("warn", "timers: without a worker", { error }),
  });
  const numbers = createNumberReader(config.dialing.country, fetchNumberRules, log);
  const tabs = openTabs();
  const newId = (): string => crypto.randomUUID();
  const phone = createPhone(
    {
      engine: async () => {
        const [identity, challenges] = await Promise.all([identityOf(tabs, records), loadChallenges(records)]);
        return engines.load(config, { audio, clock, identity, challenges });
      },
      host: createHost === null ? createStandaloneHost(globalThis) : createHost({ config, clock, log, newId }),
      tabs,
      audio,
      clock,
      random: Math.random,
      newId,
      store: createStore(records),
      vault,
      safe,
      log,
      clickToCall: config.dialing.url === undefined ? null : createClickToCall(config.dialing.url, sendTo(config.dialing.url, session)),
      gateway: gatewayOf(config, clock, log),
      agents: session,
      numbers,
    },
    config,
  );
  watchPage(phone, clock);
  whenSettled(phone, () => {
    clock.start();
    void phone.listDevices();
    void numbers.load();
    engines.fetch();
    // Finds out whether a ring would be heard: where the CRM page was clicked before, and allows it, no click is needed here.
    void phone.enableRinging();
  });
  return phone;
}

/** Not while it signs in: what can wait for that must not compete with it. */
function whenSettled(phone: Phone, run: () => void): void {
  let isDone = false;
  const start = (): void => {
    if (!isDone) whenIdle(run);
    isDone = true;
  };
  systemClock.after(LATEST_MS, start);
  effect(() => {
    if (!isDone && phone.line.value.state !== "connecting") untracked(start);
  });
}

const LATEST_MS = 3_000;

/** Tabs that know nothing of each other are phones of their own. */
async function identityOf(tabs: Tabs, records: Drawer): Promise<SipIdentity> {
  return tabs.role() === "alone" ? createSipIdentity() : loadSipIdentity(records);
}

/** The agent's session is shown to nobody but the gateway, which is on this origin. */
function sendTo(url: string, session: AgentSession | null): typeof fetch {
  return session !== null && url.startsWith("/") ? session.send : fetch.bind(globalThis);
}

function gatewayOf(config: Config, clock: Clock, log: Log): Gateway | null {
  if (config.gateway === undefined) return null;
  const beacon = (address: string, body: string): boolean => navigator.sendBeacon(address, body);
  return createHttpGateway({ url: config.gateway.url, beacon, send: fetch.bind(globalThis), clock, log });
}

function watchPage(phone: RunningPhone, clock: Clock): void {
  const isCallUp = (): boolean => {
    const phase = phone.call.peek()?.phase;
    return phase !== undefined && phase !== "wrap-up" && phase !== "ended";
  };
  watchLeaving(globalThis.window, isCallUp, phone.leave);
  watchWaking([globalThis.window, document], () => document.visibilityState === "visible", clock, phone);
  if (!navigator.onLine) phone.networkChanged(false);
}

async function fetchNumberRules() {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/min");
  return parsePhoneNumberFromString;
}
