import { render } from "preact";
import { version } from "../../package.json";
import { createAudio } from "../audio/audio.ts";
import { browserAudio } from "../audio/browser.ts";
import { createPhone } from "../core/phone.ts";
import type { RunningPhone } from "../core/phone.ts";
import type { SipAccount, Vault } from "../core/ports.ts";
import { createLog } from "../diagnostics/log.ts";
import { logUncaught } from "../diagnostics/uncaught.ts";
import { browserTabs } from "../tabs/browser.ts";
import { createTabs } from "../tabs/tabs.ts";
import { App } from "../ui/App.tsx";
import { BootScreen } from "../ui/BootScreen.tsx";
import type { BootState } from "../ui/BootScreen.tsx";
import { aboutBrowser } from "./about-browser.ts";
import { createClickToCall } from "./click-to-call.ts";
import { systemClock } from "./clock.ts";
import { loadConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { createEngineLoader } from "./engines.ts";
import { fetchHost } from "./hosts.ts";
import { whenIdle } from "./idle.ts";
import { watchLeaving } from "./leaving.ts";
import { createNumberReader } from "./numbers.ts";
import { createStore } from "./store.ts";
import { createVault } from "./vault.ts";
import { watchWaking } from "./waking.ts";

/**
 * Puts the phone together and on screen. Configuration, kept account, host and lead are asked for at the same moment, and
 * the engine as soon as an account is found: what an agent waits for is the slowest of them, not their sum.
 */
export async function boot(root: HTMLElement): Promise<void> {
  const show = (state: BootState): void => render(<BootScreen state={state} />, root);
  const log = createLog(systemClock.now, () => aboutBrowser(globalThis.window));
  logUncaught(globalThis, log);
  if (typeof RTCPeerConnection === "undefined" || !globalThis.isSecureContext) return show({ kind: "unsupported" });

  const drawers = openDatabase(log);
  const vault = createVault(drawers("secrets"), log.hide);
  const kept = vault.load().catch(() => null);
  const engines = createEngineLoader(log);
  void kept.then((account) => account && engines.fetch());
  const fetching = Promise.all([loadConfig("config.json", fetch), fetchHost(globalThis.window)]);
  const tabs = createTabs(browserTabs);
  show({ kind: "loading" });

  const [loaded, createHost] = await fetching;
  if (loaded.kind !== "loaded") {
    log.write("error", "config-not-loaded", loaded);
    return show(loaded.kind === "missing" ? { kind: "config-missing" } : { kind: "config-broken", problems: loaded.problems });
  }
  const { config } = loaded;
  const audio = createAudio(browserAudio);
  const numbers = createNumberReader(config.dialing.country, fetchNumberRules, log);
  const newId = (): string => crypto.randomUUID();
  const phone = createPhone(
    {
      engine: () => engines.load(config, audio),
      host: createHost({ config, clock: systemClock, log, newId }),
      tabs,
      audio,
      clock: systemClock,
      random: Math.random,
      newId,
      store: createStore(drawers("records")),
      vault: startingWith(kept, vault),
      log,
      clickToCall: config.dialing.url === undefined ? null : createClickToCall(config.dialing.url, fetch),
      numbers,
    },
    config,
  );
  render(<App phone={phone} hints={{ version }} />, root);
  watchPage(phone);
  whenIdle(() => {
    void numbers.load();
    engines.fetch();
    // Says whether a ring would be heard: where the CRM page was clicked before, and allows it, no click is needed here.
    void audio.enableRinging();
  });
}

function watchPage(phone: RunningPhone): void {
  const isCallUp = (): boolean => {
    const phase = phone.call.peek()?.phase;
    return phase !== undefined && phase !== "wrap-up" && phase !== "ended";
  };
  watchLeaving(globalThis.window, isCallUp, phone.leave);
  watchWaking([globalThis.window, document], () => document.visibilityState === "visible", systemClock, phone);
  if (!navigator.onLine) phone.networkChanged(false);
}

/** The first look into the vault is under way since before there was a phone. */
function startingWith(first: Promise<SipAccount | null>, vault: Vault): Vault {
  let next: Promise<SipAccount | null> | null = first;
  return {
    ...vault,
    load() {
      const found = next ?? vault.load();
      next = null;
      return found;
    },
  };
}

async function fetchNumberRules() {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/min");
  return parsePhoneNumberFromString;
}
