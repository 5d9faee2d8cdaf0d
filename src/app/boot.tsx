import { effect } from "@preact/signals";
import { render, type VNode } from "preact";
import type { SipAccount } from "../core/engine-port.ts";
import type { RunningPhone } from "../core/phone.ts";
import type { Store, Vault } from "../core/ports.ts";
import { isConversation, PREFIX as CALLS } from "../core/surviving-call.ts";
import { createLog } from "../diagnostics/log.ts";
import type { SessionLog } from "../diagnostics/log.ts";
import { logUncaught } from "../diagnostics/uncaught.ts";
import type { Config } from "../protocol/config.ts";
import { BootScreen } from "../ui/BootScreen.tsx";
import type { BootState } from "../ui/BootScreen.tsx";
import { socketAddress } from "../engines/sipjs/socket-address.ts";
import { toIceServer } from "../engines/shared/ice-server.ts";
import { aboutBrowser } from "./about-browser.ts";
import { systemClock } from "./clock.ts";
import { loadConfig, type LoadedConfig, readConfigText } from "./config.ts";
import { openDatabase } from "./database.ts";
import { createEngineLoader } from "./engines.ts";
import { createExpectation, type Expectation } from "./expectation.ts";
import { createSessionVault, openGatewaySession } from "./gateway-session.ts";
import { agentHints } from "./hosts.ts";
import { createRest } from "./rest.ts";
import { createArrival, Shell } from "./Shell.tsx";
import { createSafe } from "./safe.ts";
import { takeSignInLink } from "./sign-in-link.ts";
import { createVault } from "./vault.ts";
import { createWaitingPhone } from "./waiting-phone.ts";
import { browserMedia, createWarmUp, type WarmUp } from "./warm-up.ts";

/**
 * Puts the phone on screen. Configuration and kept account are asked for at the same moment. Where an account is found,
 * engine, host and the rules of calls follow at once: what an agent waits for is the slowest of them, not their sum.
 * Where none is, the sign-in screen is painted first and nothing competes with it.
 */
export async function boot(root: HTMLElement): Promise<void> {
  const { paint, paintAfter } = createPainter(root);
  const show = (state: BootState): void => paint(<BootScreen state={state} />);
  const log = createLog(systemClock.now, () => aboutBrowser(globalThis.window));
  logUncaught(globalThis, log);
  if (typeof RTCPeerConnection === "undefined" || !globalThis.isSecureContext) return show({ kind: "unsupported" });

  const { expectation, fetchingConfig, drawers, vault, kept, engines, safe, rest, warm, isCallKept } = askAtOnce(log);
  // A customer who sits in silence goes before a picture of waiting; so does a phone that will be there in a moment.
  if (expectation.settings === null) paintAfter(expectation.engine === null ? 0 : MOMENT_MS, <BootScreen state={{ kind: "loading" }} />);

  const loaded = await fetchingConfig;
  if (loaded.kind !== "loaded") {
    log.write("error", "config-not-loaded", loaded);
    rest.giveUp();
    return show(loaded.kind === "missing" ? { kind: "config-missing" } : { kind: "config-broken", problems: loaded.problems });
  }
  const { config } = loaded;
  const { account, takeProof, ...identity } = await findAgent(config, log, { kept, vault });
  // The way to the SIP server takes its time, and needs nothing but its address.
  if (config.sip.engine === SURVIVES && config.staySignedIn)
    void account.then((found) => found !== null && warm.openSocket(socketAddress(config.sip, found.proxy)));
  const waiting = createWaitingPhone(config);
  const arrived = createArrival();
  const screen = <Shell waiting={waiting.phone} arrived={arrived} agent={{ ...agentHints(globalThis.window), takeProof }} />;
  // Somebody who is signed in already has no use for the sign-in screen, not even for the blink of an eye.
  const isKept = isCallKept.then(async (isUp) => isUp || (config.staySignedIn && (await account) !== null));
  const showSignIn = isKept.then((is) => (is ? null : paint(screen)));
  // Who was signed in a moment ago does not wait for the database to say so.
  if (expectation.engine === null) await showSignIn.then(async () => (await isKept) || painted());
  try {
    const { startPhone, createHost } = await rest.fetch();
    const phone = startPhone({ config, createHost, engines, log, records: drawers("records"), ...identity, safe });
    // Another tab has the call, and with it the one microphone that is open.
    phone.tabRole.subscribe((role) => void (role === "follower" && warm.close()));
    phone.agent.subscribe((agent) => expectation.remember(agent === null ? null : config.sip.engine));
    if (config.sip.engine === SURVIVES) rememberCall(phone, expectation, loaded.text);
    waiting.arrive(phone);
    // What is waited for goes before its picture: a customer in silence, or the line.
    const isWaitedFor = await isKept;
    const atMost = (ms: number, news: Promise<void>) => (isWaitedFor ? Promise.race([news, following(phone), after(ms)]) : null);
    await atMost(CODE_MS, warm.answered);
    arrived.value = { phone, ...(await import("./screen.ts")) };
    await atMost(SCREEN_MS, (await isCallKept) ? engines.callNews : engines.lineNews);
    paint(screen);
  } catch (error) {
    log.write("error", "phone-not-started", { error });
    rest.giveUp();
    // Else a sign-in screen without a phone behind it could be painted over the reason.
    await showSignIn;
    show({ kind: "engine-failed" });
  }
}

/** For a registrar that is far away there is time enough to fetch the screen meanwhile. */
const CODE_MS = 60;
const SCREEN_MS = 200;
/** Nobody needs to be told of a wait that is over before it is noticed. */
const MOMENT_MS = 300;

function createPainter(root: HTMLElement) {
  let stopWaiting = (): void => {};
  const paint = (screen: VNode): void => {
    stopWaiting();
    render(screen, root);
  };
  return {
    paint,
    /** Unless something else is painted before. */
    paintAfter(ms: number, screen: VNode): void {
      if (ms === 0) return paint(screen);
      stopWaiting = systemClock.after(ms, () => paint(screen));
    },
  };
}

/** The engine whose calls go on in the next page. */
const SURVIVES = "sipjs";

/** Not forgotten at once: a page that goes lets go of its call, and the next one goes on with it. */
function rememberCall({ tabRole, call }: RunningPhone, expectation: Expectation, settings: string): void {
  effect(() => {
    const phase = call.value?.phase;
    const isInCall = tabRole.value !== "follower" && (phase === "connecting" || phase === "active" || phase === "reconnecting");
    if (!isInCall) return systemClock.after(FORGET_MS, () => expectation.rememberCall(null));
    expectation.rememberCall(settings);
  });
}

const FORGET_MS = 500;

function following({ tabRole }: RunningPhone): Promise<void> {
  return new Promise((resolve) => void tabRole.subscribe((role) => void (role === "follower" && resolve())));
}

/** Everything that takes its time, asked for in the same moment. */
function askAtOnce(log: SessionLog) {
  const expectation = createExpectation(
    () => globalThis.localStorage,
    () => globalThis.sessionStorage,
  );
  const fetchingConfig = findConfig(expectation);
  const drawers = openDatabase(log);
  const vault = createVault(drawers("secrets"), log.hide);
  const kept = withinMs(
    KEPT_MS,
    vault.load().catch(() => null),
  );
  // A call that was up in the page before goes on in this one: a customer waits.
  const warm = createWarmUp(browserMedia, systemClock);
  if (expectation.settings !== null) warmUp(warm, fetchingConfig);
  const engines = createEngineLoader(
    log,
    fetchingConfig.then((result) => (result.kind === "loaded" ? result.config.sip.engine : null)),
    warm,
  );
  const rest = createRest();
  // Its code and the engine's are on their way already (`early.ts`); who leads among the tabs is asked now.
  if (expectation.engine !== null) rest.fetch().catch(() => undefined);
  const safe = createSafe(drawers("secrets"));
  const found = withinMs(
    KEPT_MS,
    findCall(safe, (goesOn) => (goesOn ? warmUp(warm, fetchingConfig) : warm.closeMedia())),
  );
  const isCallKept = found.then((isUp) => isUp === true);
  void Promise.all([kept, isCallKept]).then(([account, isUp]) => {
    if (account === null && !isUp) return;
    engines.fetch();
    rest.fetch().catch(() => undefined);
  });
  return { expectation, fetchingConfig, drawers, vault, kept, engines, safe, rest, warm, isCallKept };
}

/** A call goes on with the settings with which it began: asking for them takes its time, and a customer waits. */
function findConfig({ settings }: Expectation): Promise<LoadedConfig> {
  const kept = settings === null ? null : readConfigText(settings);
  return kept?.kind === "loaded" ? Promise.resolve(kept) : loadConfig("config.json", fetch.bind(globalThis));
}

function warmUp(warm: WarmUp, fetchingConfig: Promise<LoadedConfig>): void {
  warm.openMicrophone();
  void fetchingConfig.then((result) => {
    if (result.kind === "loaded" && result.config.sip.engine === SURVIVES)
      warm.openConnection(result.config.sip.iceServers.map(toIceServer));
  });
}

interface KeptAgent {
  readonly kept: Promise<SipAccount | null>;
  readonly vault: Vault;
}

/**
 * Who is signed in from before: by the session at the gateway where that knows the agents, else on this device. Somebody who
 * follows a link or brings a token is signed in by that instead.
 */
async function findAgent(config: Config, log: ReturnType<typeof createLog>, { kept, vault }: KeptAgent) {
  const session = await openGatewaySession({ config, log });
  if (session === null) return { session, account: kept, vault: startingWith(kept, vault), takeProof: () => null };
  let proof = takeSignInLink(globalThis.window);
  const sessionVault = createSessionVault(session, config);
  const isAsked = proof === null && config.staySignedIn;
  const account = isAsked
    ? withinMs(
        KEPT_MS,
        sessionVault.load().catch(() => null),
      )
    : Promise.resolve(null);
  const takeProof = () => {
    const taken = proof;
    proof = null;
    return taken;
  };
  return { session, account, vault: startingWith(account, sessionVault), takeProof };
}

/** @param told  whether there is one that somebody had answered. */
async function findCall(safe: Store, told: (goesOn: boolean) => void): Promise<boolean> {
  const calls = await safe.all(CALLS).catch(() => new Map<string, unknown>());
  told([...calls.values()].some((call) => isConversation(call, systemClock.now())));
  return calls.size > 0;
}

/** A tab in the background paints nothing, and still has a phone to start. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
}

/** A database that does not open must not keep an agent from signing in. */
const KEPT_MS = 3_000;

function withinMs<T>(ms: number, work: Promise<T>): Promise<T | null> {
  return Promise.race([work, after(ms)]);
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => systemClock.after(ms, () => resolve(null)));
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
