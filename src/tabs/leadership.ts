import type { TabRole } from "../core/ports.ts";
import type { TabLocks, TabWorld } from "./browser.ts";

export interface Leadership {
  role(): TabRole;
  /** Takes the lead from a leader that has stepped down for this tab. Resolves once this tab leads, or could not. */
  take(): Promise<boolean>;
  /** Stops leading but keeps the lock, so that nobody but the tab that was granted the lead can take it. */
  stepDown(): void;
  /** Leads again, where the tab that was granted the lead never took it. */
  stepUp(): void;
  /** Gives the lock back and stops waiting for it. */
  release(): void;
  /** Competes for the lock. */
  enter(): void;
}

/**
 * One lock, one leader.
 *
 *     waiting ──lock free──▶ leader ──steps down──▶ follower (still holds the lock) ──stolen──▶ follower
 *        └──lock held elsewhere──▶ follower ──lock granted──▶ leader
 *
 * A browser without locks, or a frame that may not use them, is `alone`.
 */
export function createLeadership(world: TabWorld, changed: (role: TabRole) => void): Leadership {
  let role: TabRole = "waiting";
  /** Gives the held lock back; `null` while this tab holds none. */
  let letGo: (() => void) | null = null;
  let queued: AbortController | null = null;
  /** Grows with each entry and release, so that an answer to an older request is known as such. */
  let round = 0;

  const become = (next: TabRole): void => {
    if (next === role) return;
    role = next;
    changed(next);
  };
  const isLeading = (): boolean => role === "leader";
  const hold = (): Promise<void> =>
    new Promise((resolve) => {
      letGo = resolve;
      become("leader");
    });
  const lost = (mine: number, error?: unknown): void => {
    if (mine !== round) return;
    letGo = null;
    // A lock that was stolen, or a queue that was left, ends in AbortError; everything else means there are no locks here.
    if (error === undefined || (error instanceof DOMException && error.name === "AbortError")) queue();
    else become("alone");
  };
  const request = (locks: TabLocks, how: Parameters<TabLocks["request"]>[0], refused: () => void): void => {
    const mine = round;
    let held = false;
    locks
      .request(how, (granted) => {
        if (mine !== round) return Promise.resolve();
        held = granted;
        return granted ? hold() : Promise.resolve();
      })
      .then(
        () => (held || mine !== round ? undefined : refused()),
        (error: unknown) => lost(mine, error),
      );
  };
  const queue = (): void => {
    if (!world.locks) return become("alone");
    become("follower");
    queued = new AbortController();
    request(world.locks, { mode: "queue", signal: queued.signal }, () => undefined);
  };
  const leave = (): void => {
    round += 1;
    queued?.abort();
    queued = null;
    letGo?.();
    letGo = null;
  };

  return {
    role: () => role,
    enter() {
      leave();
      if (!world.locks) return become("alone");
      request(world.locks, { mode: "if-free" }, queue);
    },
    release() {
      leave();
      if (role !== "alone") become("waiting");
    },
    stepDown: () => become("follower"),
    stepUp() {
      if (letGo) become("leader");
    },
    async take() {
      const { locks } = world;
      // The page may have been left while the question was on its way: nobody leads from the back/forward cache.
      if (!locks || role !== "follower") return false;
      leave();
      await new Promise<void>((resolve) => {
        const mine = round;
        locks
          .request({ mode: "steal" }, () => {
            if (mine !== round) return Promise.resolve();
            const held = hold();
            resolve();
            return held;
          })
          .then(resolve, (error: unknown) => {
            resolve();
            lost(mine, error);
          });
      });
      return isLeading();
    },
  };
}
