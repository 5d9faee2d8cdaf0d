import type { Clock } from "../../core/ports.ts";

interface RateLimit {
  readonly clock: Pick<Clock, "now">;
  readonly count: number;
  readonly perMs: number;
  /** The first call that is refused; not the ones that follow it without a pause. */
  readonly onExceeded: () => void;
}

/** Says `true` to at most `count` calls within any `perMs`; a refused call does not count. */
export function createRateLimit({ clock, count, perMs, onExceeded }: RateLimit): () => boolean {
  const admitted: number[] = [];
  let isExceeded = false;
  return () => {
    const now = clock.now();
    while (admitted.length > 0 && now - (admitted[0] ?? now) >= perMs) admitted.shift();
    if (admitted.length >= count) {
      if (!isExceeded) onExceeded();
      isExceeded = true;
      return false;
    }
    isExceeded = false;
    admitted.push(now);
    return true;
  };
}
