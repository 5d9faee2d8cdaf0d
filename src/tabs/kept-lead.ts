import type { Unsubscribe } from "../core/ports.ts";
import type { TabMessage } from "../protocol/tabs.ts";
import type { TabWorld } from "./browser.ts";

/** How long the lead is kept for a page that is being reloaded. */
const RELOAD_MS = 1_500;
/** Longer than an answer can be used, so that a lead that was taken late is never taken twice. */
const TAKE_MS = 3_000;

/** A lead that this tab holds for another one: the page that is being reloaded, or the tab that it was granted. */
export interface KeptLead {
  /** The lock came: whether it is kept for the page that had it. */
  keep(): boolean;
  /** Whether it is kept for the page that is being reloaded. */
  isKept(): boolean;
  /** Kept no longer for a reload; taken back here unless the tab that it is granted takes it. */
  grant(): void;
  /** No longer kept for anybody. */
  forget(): void;
  /** What the leaders of this partition say of themselves. */
  hear(message: TabMessage): void;
  /** Whether that tab was left to be reloaded a moment ago: also where word of it came after the lock. */
  isFor(tab: string): boolean;
}

/** @param takeBack  nobody came for it. */
export function createKeptLead(world: Pick<TabWorld, "now" | "after">, takeBack: () => void): KeptLead {
  let left: { readonly tab: string; readonly at: number } | null = null;
  let isKept = false;
  let stopTimer: Unsubscribe = () => undefined;
  const takeBackAfter = (ms: number): void => {
    stopTimer();
    stopTimer = world.after(ms, () => {
      isKept = false;
      takeBack();
    });
  };
  return {
    keep() {
      const waitMs = left === null ? 0 : Math.min(RELOAD_MS, left.at + RELOAD_MS - world.now());
      isKept = waitMs > 0;
      if (isKept) takeBackAfter(waitMs);
      return isKept;
    },
    isKept: () => isKept,
    grant() {
      isKept = false;
      takeBackAfter(TAKE_MS);
    },
    forget() {
      left = null;
      isKept = false;
      stopTimer();
    },
    hear(message) {
      if (message.type === "leads") left = null;
      if (message.type === "leaving") left = message.reload ? message : null;
    },
    isFor: (tab) => left?.tab === tab && world.now() - left.at < RELOAD_MS,
  };
}
