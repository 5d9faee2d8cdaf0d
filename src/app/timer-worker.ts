import { longTimeout } from "./long-timeout.ts";
import { type TimerOrder, WORKER_UP } from "./worker-clock.ts";

/** Runs in a dedicated worker: times for a page whose own timers the browser slows down while nobody looks at it. */
const running = new Map<number, () => void>();

addEventListener("message", ({ data: [id, ms] }: MessageEvent<TimerOrder>) => {
  running.get(id)?.();
  running.delete(id);
  if (ms === null) return;
  const stop = longTimeout(ms, () => {
    running.delete(id);
    postMessage(id);
  });
  running.set(id, stop);
});
postMessage(WORKER_UP);
