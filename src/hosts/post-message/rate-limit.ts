import type { Clock } from "../../core/ports.ts";

/** Says `true` to at most `count` calls within any `perMs`; a refused call does not count. */
export function createRateLimit(clock: Pick<Clock, "now">, count: number, perMs: number): () => boolean {
  const admitted: number[] = [];
  return () => {
    const now = clock.now();
    while (admitted.length > 0 && now - (admitted[0] ?? now) >= perMs) admitted.shift();
    if (admitted.length >= count) return false;
    admitted.push(now);
    return true;
  };
}
