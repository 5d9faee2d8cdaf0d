import { type ReadonlySignal, effect, signal } from "@preact/signals-core";
import type { CallState } from "./call/state.ts";
import type { Desk } from "./desk.ts";

/** What mends itself within this time is nobody's worry. */
const PATIENCE_MS = 1_000;

/** Whether the agent is told that the call reconnects: only when it takes longer than a second. */
export function createPatience(desk: Desk, state: ReadonlySignal<CallState>): ReadonlySignal<boolean> {
  const isOver = signal(false);
  let stop = () => {};
  let wasLost = false;
  desk.scope.add(() => stop());
  desk.scope.add(
    effect(() => {
      const isLost = state.value.phase === "reconnecting";
      if (isLost === wasLost) return;
      wasLost = isLost;
      stop();
      isOver.value = false;
      if (isLost) stop = desk.ports.clock.after(PATIENCE_MS, () => void (isOver.value = true));
    }),
  );
  return isOver;
}
