import type { TabRole, Tabs, Unsubscribe } from "../core/ports.ts";
import type { TabWorld } from "./browser.ts";
import { createLeadership } from "./leadership.ts";
import { readTabMessage } from "./message.ts";

/** A leader that lives answers within a few milliseconds. */
const ANSWER_MS = 1_000;
/** Longer than an answer can be used, so that a lead that was taken late is never taken twice. */
const TAKE_MS = 3_000;

/**
 * One tab of a browser partition leads: it registers and carries the audio. The lead is a Web Lock, so the browser
 * itself passes it on when the leading tab is closed or crashes.
 */
export function createTabs(world: TabWorld): Tabs {
  const listeners = new Set<(role: TabRole) => void>();
  const leadership = createLeadership(world.locks, (role) => {
    for (const listener of listeners) listener(role);
  });
  const channel = world.openChannel();
  let decide: (() => boolean) | null = null;
  let asked: { readonly ask: string; readonly at: number; readonly answer: (granted: boolean) => void } | null = null;
  let undoStepDown: Unsubscribe | null = null;

  const grant = (ask: string): void => {
    if (leadership.role() !== "leader") return;
    if (decide?.() === false) return channel?.post({ type: "take-over-refused", ask });
    leadership.stepDown();
    undoStepDown?.();
    undoStepDown = world.after(TAKE_MS, () => leadership.stepUp());
    channel?.post({ type: "take-over-granted", ask });
  };
  const answered = (ask: string, granted: boolean): void => {
    if (asked?.ask !== ask) return;
    // A tab that was frozen meanwhile reads an old answer: the leader may be back on a call.
    asked.answer(granted && world.now() - asked.at < ANSWER_MS);
  };
  channel?.onMessage((value) => {
    const message = readTabMessage(value);
    if (message?.type === "take-over-asked") grant(message.ask);
    else if (message) answered(message.ask, message.type === "take-over-granted");
  });
  const undo = [world.onLeave(() => leadership.release()), world.onReturn(() => leadership.enter())];
  leadership.enter();

  return {
    role: leadership.role,
    onRole(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async takeOver() {
      if (leadership.role() === "leader" || leadership.role() === "alone") return true;
      if (!channel || asked) return false;
      const ask = world.newId();
      const granted = await new Promise<boolean>((resolve) => {
        const giveUp = world.after(ANSWER_MS, () => resolve(false));
        asked = { ask, at: world.now(), answer: (yes) => (giveUp(), resolve(yes)) };
        channel.post({ type: "take-over-asked", ask });
      });
      asked = null;
      return granted ? leadership.take() : false;
    },
    onTakeOverAsked(next) {
      decide = next;
      return () => void (decide = decide === next ? null : decide);
    },
    dispose() {
      for (const run of undo) run();
      undoStepDown?.();
      leadership.release();
      listeners.clear();
      channel?.close();
    },
  };
}
