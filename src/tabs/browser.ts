import type { Unsubscribe } from "../core/ports.ts";

/** What the election needs from a browser. `null` means: this browser, or this frame, does not have it. */
export interface TabWorld {
  readonly locks: TabLocks | null;
  openChannel(): TabChannel | null;
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

export const browserTabs: TabWorld = {
  locks: readLocks(),
  openChannel: () => (typeof BroadcastChannel === "undefined" ? null : openChannel()),
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
  };
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
