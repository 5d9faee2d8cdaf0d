import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { LineNeed } from "../protocol/host.ts";
import { type Desk, MICROPHONE_CODES, codeOf } from "./desk.ts";
import type { PhoneErrorCode } from "./errors.ts";
import type { MicrophoneState } from "./ports.ts";

/** What a call that rings needs besides a registration. `null`: not known yet, and nothing is said about it. */
export interface ReachFacts {
  /** False from a freeze or a sleep until the registrar has answered once more. */
  readonly awake: boolean;
  readonly microphone: MicrophoneState | null;
  /** Whether the browser lets this page ring aloud. */
  readonly ringing: boolean | null;
}

/**
 * What is missing for a call to ring here now and be answered, the strongest first; empty: nothing is.
 *
 * - [L20] Without a registration, nothing else counts for much, and all the same it is said.
 * - [L21] A page that slept claims nothing until the registrar has answered.
 * - [L22] A microphone that is refused, absent, busy or not passed on by the CRM is missing; one that the agent has not
 *   been asked for yet is not: the call rings, and the browser asks.
 * - [L23] A phone that may not sound is missing its ring.
 * - [L24] What nobody has looked at yet is not missing.
 * - [L25] Nobody looks while the registrar is being asked: to list devices takes a browser longer than to register.
 */
export function missingOf(registered: boolean, { awake, microphone, ringing }: ReachFacts): readonly LineNeed[] {
  const missing: LineNeed[] = [];
  if (!registered) missing.push("registration");
  if (!awake) missing.push("page");
  if (microphone !== null && microphone !== "usable" && microphone !== "unknown") missing.push("microphone");
  if (ringing === false) missing.push("ringing");
  return missing;
}

/** Why a registered phone is not ready, as the one thing to mend first. */
export function reasonOf(missing: readonly LineNeed[], { microphone }: ReachFacts): PhoneErrorCode | null {
  const [first] = missing;
  if (first === "ringing") return "sound-blocked";
  return first === "microphone" && microphone !== "usable" && microphone !== "unknown" ? microphone : null;
}

/** Looks after everything that the facts say: at once when something changes, and every now and then. */
export interface Reachability {
  readonly facts: ReadonlySignal<ReachFacts>;
  readonly canRing: ReadonlySignal<boolean>;
  readonly microphone: ReadonlySignal<MicrophoneState | null>;
  /** `leads`: an agent is signed in and available here. While a call is up nothing is looked at by itself. */
  watch(what: { readonly leads: boolean; readonly inCall: boolean }): void;
  /** Looks now, without asking the agent anything. */
  look(): void;
  /** Devices or permissions have changed. */
  devicesChanged(): void;
  /** From a click: may prompt the agent. */
  askForMicrophone(): Promise<void>;
  enableRinging(): Promise<void>;
  /** The page is being frozen, or was asleep. */
  doubt(): void;
  /** The registrar has answered. */
  confirm(): void;
}

const LOOK_EVERY_MS = 60_000;
/** A click in the CRM's page may allow sound here, and nobody tells. */
const RING_AGAIN_MS = 5_000;

/** @param changed  the facts are others now. */
export function createReachability(desk: Desk, changed: () => void): Reachability {
  const { audio } = desk.ports;
  const { facts, set } = createFacts(desk, changed);
  const checkMicrophone = createMicrophoneCheck(desk);
  let watched = { leads: false, inCall: false };
  const isIdle = (): boolean => watched.leads && !watched.inCall;

  /** @param forgives  something has happened that may have mended what was found or complained about before. */
  const checkAnew = async (ask: boolean, forgives: boolean): Promise<void> => {
    const microphone = await checkMicrophone(ask);
    if (microphone === null) return;
    if (forgives && microphone === "usable") desk.notices.clear(...MICROPHONE_CODES);
    set({ microphone });
  };
  const look = async (): Promise<void> => {
    // That another program keeps it is seen only by opening it.
    if (facts.peek().microphone !== "microphone-busy") await checkAnew(false, false);
  };
  const tryRinging = async (): Promise<void> => {
    set({ ringing: await audio.enableRinging() });
    setTimers();
  };
  const looking = createRepeat(desk, LOOK_EVERY_MS, () => void look());
  const ringing = createRepeat(desk, RING_AGAIN_MS, () => void tryRinging());
  const setTimers = (): void => {
    looking.set(isIdle());
    ringing.set(isIdle() && facts.peek().ringing === false);
  };
  desk.scope.add(
    audio.onCanRing((can) => {
      set({ ringing: can });
      setTimers();
    }),
  );
  return {
    facts,
    canRing: computed(() => facts.value.ringing !== false),
    microphone: computed(() => facts.value.microphone),
    watch(next) {
      const was = isIdle();
      watched = next;
      if (!was && isIdle()) void checkAnew(false, false);
      setTimers();
    },
    look: () => void look(),
    devicesChanged: () => void checkAnew(false, true),
    askForMicrophone: () => checkAnew(true, true),
    enableRinging: tryRinging,
    doubt: () => set({ awake: false }),
    confirm: () => set({ awake: true }),
  };
}

function createFacts({ ports: { audio, log }, scope }: Desk, changed: () => void) {
  const facts = signal<ReachFacts>({ awake: true, microphone: null, ringing: audio.canRing() ? true : null });
  const set = (change: Partial<ReachFacts>): void => {
    const before = facts.peek();
    const after = { ...before, ...change };
    const same = before.awake === after.awake && before.microphone === after.microphone && before.ringing === after.ringing;
    if (same || scope.isClosed()) return;
    facts.value = after;
    log.write("info", "reach: changed", { ...after });
    changed();
  };
  return { facts, set };
}

/** Runs again and again while it is set. */
function createRepeat({ ports: { clock }, scope }: Desk, ms: number, run: () => void) {
  let stop: (() => void) | null = null;
  const again = (): void => {
    stop = clock.after(ms, () => {
      again();
      run();
    });
  };
  const set = (on: boolean): void => {
    if (on === (stop !== null)) return;
    stop?.();
    stop = null;
    if (on) again();
  };
  scope.add(() => set(false));
  return { set };
}

/** `null`: nothing is known by it, because a newer look is on its way or the browser failed. */
type MicrophoneCheck = (ask: boolean) => Promise<MicrophoneState | null>;

function createMicrophoneCheck({ ports: { audio, log } }: Desk): MicrophoneCheck {
  let looks = 0;
  /** The agent allowed the microphone when asked: a browser without permissions to query does not know it afterwards. */
  let proven = false;
  return async (ask) => {
    looks += 1;
    const asked = looks;
    try {
      const found = await audio.checkMicrophone(ask);
      // While the agent was being asked, looks went on; the answer outdoes them.
      if (ask) looks += 1;
      else if (asked !== looks) return null;
      if (ask && found === "usable") proven = true;
      return found === "unknown" && proven ? "usable" : found;
    } catch (error) {
      log.write("warn", "reach: microphone not checked", { code: codeOf(error) });
      return null;
    }
  };
}
