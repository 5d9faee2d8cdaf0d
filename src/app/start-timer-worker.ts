import { createScriptPolicy } from "./script-policy.ts";
// oxlint-disable-next-line import/default -- the bundler makes it: the address of the built worker
import address from "./timer-worker.ts?worker&url";
import type { StartTimerWorker } from "./worker-clock.ts";

/** To be called once. Throws where the browser has no workers or the response headers forbid them. */
export const startTimerWorker: StartTimerWorker = (heard, failed) => {
  const worker = new Worker(createScriptPolicy(globalThis).createScriptURL(address), { type: "module", name: "timers" });
  worker.onmessage = ({ data }: MessageEvent<number>) => heard(data);
  worker.onerror = () => failed();
  return {
    send: (order) => worker.postMessage(order),
    close() {
      Object.assign(worker, { onmessage: null, onerror: null });
      worker.terminate();
    },
  };
};
