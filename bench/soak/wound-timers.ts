import type { Clock } from "../../src/core/ports.ts";

export interface WoundTimers {
  /** Timers that were set and have neither fired nor been taken back. */
  pending(): number;
}

/** From now on the timers of this process run on `clock`: sip.js keeps every finished transaction for half a minute. */
export function windTimers(clock: Clock): WoundTimers {
  const stops = new Map<number, () => void>();
  let last = 0;
  const set = (run: () => void, ms: number, every: boolean): number => {
    last += 1;
    const id = last;
    const start = (): void => {
      stops.set(
        id,
        clock.after(ms, () => {
          if (every) start();
          else stops.delete(id);
          run();
        }),
      );
    };
    start();
    return id;
  };
  const clear = (id: unknown): void => {
    if (typeof id !== "number") return;
    stops.get(id)?.();
    stops.delete(id);
  };
  const replace = (names: readonly string[], value: unknown): void => {
    for (const name of names) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  replace(["setTimeout"], (run: () => void, ms = 0) => set(run, ms, false));
  replace(["setInterval"], (run: () => void, ms = 0) => set(run, Math.max(1, ms), true));
  replace(["clearTimeout", "clearInterval"], clear);
  return { pending: () => stops.size };
}
