/** One packet of audio. */
const PERIOD_MS = 20;
/** Further behind than this, packets are skipped: a burst of them would only be thrown away at the other end. */
const CATCH_UP_LIMIT_MS = 500;

/** Calls `tick` once for every 20 ms that have passed, late ones in a row. Stops when disposed. */
export function startClock(tick: (dueMs: number) => void): Disposable {
  let due = performance.now() + PERIOD_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - due > CATCH_UP_LIMIT_MS) due = now;
    for (; due <= now; due += PERIOD_MS) tick(due);
  }, PERIOD_MS / 4);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
