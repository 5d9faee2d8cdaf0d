import type { TabRole } from "../core/ports.ts";
import type { TabLocks } from "./browser.ts";
import { createTabLock } from "./tab-lock.ts";

export interface Leadership {
  role(): TabRole;
  /** Takes the lead from a leader that has stepped down for this tab. Resolves once this tab leads, or could not. */
  take(): Promise<boolean>;
  /** Stops leading but keeps the lock, so that nobody but the tab that was granted the lead can take it. */
  stepDown(): void;
  /** Leads again, where the tab that was granted the lead never took it. */
  stepUp(): void;
  /** Follows, and waits for the lock anew: it is not held here, whatever this page believed. */
  lose(): void;
  isHolder(): Promise<boolean>;
  /** Leads no more: gives the lock back and stops waiting for it. */
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
 *
 * @param mayLead  asked when the lock that was waited for comes: `false` leaves this tab a follower that holds it, until
 *   `stepUp`.
 */
export function createLeadership(locks: TabLocks | null, changed: (role: TabRole) => void, mayLead: () => boolean): Leadership {
  let role: TabRole = "waiting";
  const become = (next: TabRole): void => {
    if (next === role) return;
    role = next;
    changed(next);
  };
  const lead = (): void => become("leader");
  const lock = locks && createTabLock(locks, () => void queue());

  const queue = async (): Promise<void> => {
    become("follower");
    const next = (): void => {
      if (mayLead()) lead();
    };
    if ((await lock?.ask("queue", next)) === "forbidden") become("alone");
  };
  const enter = async (): Promise<void> => {
    lock?.release();
    const outcome = await lock?.ask("if-free", lead);
    if (outcome === "forbidden") become("alone");
    if (outcome === "refused") await queue();
  };
  return {
    role: () => role,
    enter() {
      if (lock) void enter();
      else become("alone");
    },
    release() {
      lock?.release();
      become("waiting");
    },
    stepDown: () => become("follower"),
    stepUp() {
      if (lock?.isHeld()) lead();
    },
    lose() {
      if (role !== "leader") return;
      lock?.release();
      void queue();
    },
    isHolder: async () => locks?.isHolder() ?? true,
    async take() {
      // The page may have been left while the question was on its way: nobody leads from the back/forward cache.
      if (!lock || role !== "follower") return false;
      lock.release();
      const outcome = await lock.ask("steal", lead);
      if (outcome === "refused") void queue();
      return outcome === "granted";
    },
  };
}
