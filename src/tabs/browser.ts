import type { Unsubscribe } from "../core/ports.ts";

/** What the election needs from a browser. `null` means: this browser, or this frame, does not have it. */
export interface TabWorld {
  readonly locks: TabLocks | null;
  openChannel(): TabChannel | null;
  /**
   * Names this tab; kept over a reload. `isBack`: it had the name before this page. A duplicated tab has the name of the
   * first, so that the name proves nothing.
   */
  readonly self: { readonly id: string; readonly isBack: boolean };
  /** The page that goes away is known to be loaded again. */
  isReloading(): boolean;
  /** The page goes away, perhaps into the back/forward cache. */
  onLeave(listener: () => void): Unsubscribe;
  /** The page came back out of the back/forward cache. */
  onReturn(listener: () => void): Unsubscribe;
  newId(): string;
  /** Epoch ms. */
  now(): number;
  after(ms: number, run: () => void): Unsubscribe;
}

/** The part of `LockManager` in use. The lock is held until the promise that `run` returns is settled. */
export interface TabLocks {
  request(how: TabLockRequest, run: (granted: boolean) => Promise<void>): Promise<void>;
  /** Whether the browser says that this page holds the lock; `true` where it does not say. */
  isHolder(): Promise<boolean>;
}
export type TabLockRequest =
  | { readonly mode: "if-free" }
  | { readonly mode: "steal" }
  | { readonly mode: "queue"; readonly signal: AbortSignal };

export interface TabChannel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
}

const NAME = "softphone";
const TAB_KEY = "softphone-tab";
const reloading = watchReload();

export const browserTabs: TabWorld = {
  locks: readLocks(),
  openChannel: () => (typeof BroadcastChannel === "undefined" ? null : openChannel()),
  self: readSelf(),
  isReloading: () => reloading.isUnderWay,
  onLeave: (listener) => listen("pagehide", listener),
  onReturn: (listener) => listen("pageshow", (event) => event.persisted && listener()),
  newId: () => crypto.randomUUID(),
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

function readLocks(): TabLocks | null {
  const locks = globalThis.navigator?.locks as LockManager | undefined; // absent in an insecure context
  if (!locks) return null;
  return {
    async request(how, run) {
      await locks.request(NAME, lockOptions(how), (lock) => run(lock !== null));
    },
    isHolder: () => isHolder(locks).catch(() => true),
  };
}

/** A page is known to itself by no name in `query`: it takes one more lock, and looks who holds both. */
async function isHolder(locks: LockManager): Promise<boolean> {
  const mark = `${NAME}-${crypto.randomUUID()}`;
  return locks.request(mark, async () => {
    const { held = [] } = await locks.query();
    const self = held.find(({ name }) => name === mark)?.clientId;
    return held.some(({ name, clientId }) => name === NAME && clientId === self);
  });
}

function readSelf(): TabWorld["self"] {
  try {
    const kept = sessionStorage.getItem(TAB_KEY);
    const id = kept ?? crypto.randomUUID();
    sessionStorage.setItem(TAB_KEY, id);
    return { id, isBack: kept !== null };
  } catch {
    return { id: crypto.randomUUID(), isBack: false }; // storage is blocked, or there is none
  }
}

/**
 * Chromium 156 tells a page of its own `location.reload()`, and of nothing else: not of F5 or the reload button, and in a
 * frame not of what happens to the page around it. There every end looks like a close.
 */
function watchReload(): { readonly isUnderWay: boolean } {
  const state = { isUnderWay: false };
  const navigation = (globalThis as { navigation?: EventTarget }).navigation;
  navigation?.addEventListener("navigate", (event) => {
    state.isUnderWay = "navigationType" in event && event.navigationType === "reload";
  });
  // The agent was asked whether to leave, and stays.
  navigation?.addEventListener("navigateerror", () => (state.isUnderWay = false));
  return state;
}

function lockOptions(how: TabLockRequest): LockOptions {
  if (how.mode === "queue") return { signal: how.signal };
  return how.mode === "steal" ? { steal: true } : { ifAvailable: true };
}

function openChannel(): TabChannel | null {
  try {
    const channel = new BroadcastChannel(NAME);
    return {
      post: (message) => channel.postMessage(message),
      onMessage: (listener) => channel.addEventListener("message", (event: MessageEvent<unknown>) => listener(event.data)),
      close: () => channel.close(),
    };
  } catch {
    return null; // an opaque origin: a sandboxed frame
  }
}

function listen<K extends "pagehide" | "pageshow">(type: K, listener: (event: PageTransitionEvent) => void): Unsubscribe {
  globalThis.addEventListener(type, listener);
  return () => globalThis.removeEventListener(type, listener);
}
