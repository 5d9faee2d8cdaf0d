import type { TabLockRequest, TabLocks } from "./browser.ts";

/** `dropped`: this tab released while it asked. `forbidden`: this frame may not use locks at all. */
export type LockOutcome = "granted" | "refused" | "forbidden" | "dropped";

/** The one lock as this tab sees it: held or not, asked for or not. */
export interface TabLock {
  isHeld(): boolean;
  /** `granted` runs at the moment the lock is ours, before the promise resolves. */
  ask(mode: TabLockRequest["mode"], granted: () => void): Promise<LockOutcome>;
  /** Gives the lock back and forgets every question that is still open. */
  release(): void;
}

/** @param lost  another tab stole the lock that this one held. */
export function createTabLock(locks: TabLocks, lost: () => void): TabLock {
  let letGo: (() => void) | null = null;
  let queued: AbortController | null = null;
  /** Grows with each release, so that the answer to an older question is known as such. */
  let round = 0;

  const ask = (mode: TabLockRequest["mode"], granted: () => void, resolve: (outcome: LockOutcome) => void): Promise<void> => {
    const mine = round;
    const hold = (isOurs: boolean): Promise<void> => {
      if (!isOurs || mine !== round) return Promise.resolve();
      return new Promise((done) => {
        letGo = done;
        granted();
        resolve("granted");
      });
    };
    const failed = (error: unknown): void => {
      const wasHeld = letGo !== null;
      if (mine !== round) return resolve("dropped");
      letGo = null;
      if (wasHeld) lost();
      else resolve(error instanceof DOMException && error.name === "AbortError" ? "refused" : "forbidden");
    };
    queued = new AbortController();
    const how: TabLockRequest = mode === "queue" ? { mode, signal: queued.signal } : { mode };
    return locks.request(how, hold).then(() => resolve(mine === round ? "refused" : "dropped"), failed);
  };

  return {
    isHeld: () => letGo !== null,
    ask: (mode, granted) => new Promise((resolve) => void ask(mode, granted, resolve)),
    release() {
      round += 1;
      queued?.abort();
      queued = null;
      letGo?.();
      letGo = null;
    },
  };
}
