import type { Clock, Unsubscribe } from "../core/ports.ts";

/** To the worker: the timer's id, and the wait in ms; `null` stops it. */
export type TimerOrder = readonly [id: number, ms: number | null];

/** From the worker, once: it runs. Any other number is the id of a timer whose time has come. */
export const WORKER_UP = 0;

export interface TimerWorker {
  send(order: TimerOrder): void;
  /** Nothing is heard afterwards. */
  close(): void;
}

/**
 * Throws where there can be no worker.
 *
 * @param failed  the worker could not be loaded, or broke; not before the return.
 */
export type StartTimerWorker = (heard: (id: number) => void, failed: () => void) => TimerWorker;

export interface WorkerClock extends Clock {
  /** Starts the worker; a second call does nothing. Where there can be none, the page goes on timing by itself. */
  start(): void;
}

export interface WorkerClockParts {
  readonly startWorker: StartTimerWorker;
  /** The page's own timers. */
  readonly page: Clock;
  /** Never goes back, whatever the wall clock is set to. */
  monotonicMs(): number;
  /** For the log: from now on the page times by itself. */
  failed(error: unknown): void;
}

interface Timer {
  /** On the monotonic clock. */
  readonly dueAt: number;
  readonly run: () => void;
  /** Stops whatever times it now. */
  stop: Unsubscribe;
}

/**
 * Timers that a worker times, because browsers do not slow workers down: with the page hidden a phone still registers
 * in time. Until the worker runs, and after it has failed, the page's own timers stand in; none is lost or late on the way.
 */
export function createWorkerClock({ startWorker, page, monotonicMs, failed }: WorkerClockParts): WorkerClock {
  const timers = new Map<number, Timer>();
  let started: TimerWorker | null = null;
  let isStarted = false;
  /** Whether the worker times. */
  let isUp = false;
  let lastId = WORKER_UP;

  const fire = (id: number): void => {
    const timer = timers.get(id);
    // Stopped while the worker's word was on its way.
    if (timer === undefined) return;
    timers.delete(id);
    timer.run();
  };
  const begin = (id: number, timer: Timer): void => {
    const ms = Math.max(0, timer.dueAt - monotonicMs());
    const worker = isUp ? started : null;
    if (worker === null) {
      timer.stop = page.after(ms, () => fire(id));
      return;
    }
    worker.send([id, ms]);
    timer.stop = () => worker.send([id, null]);
  };
  const move = (toWorker: boolean): void => {
    for (const timer of timers.values()) timer.stop();
    isUp = toWorker;
    for (const [id, timer] of timers) begin(id, timer);
  };
  const giveUp = (): void => {
    move(false);
    started?.close();
    started = null;
    failed(new Error("the timer worker failed"));
  };
  return {
    now: () => page.now(),
    after(ms, run) {
      lastId += 1;
      const id = lastId;
      const timer: Timer = { dueAt: monotonicMs() + ms, run, stop: () => {} };
      timers.set(id, timer);
      begin(id, timer);
      return () => {
        if (timers.delete(id)) timer.stop();
      };
    },
    start() {
      if (isStarted) return;
      isStarted = true;
      try {
        started = startWorker((id) => (id === WORKER_UP ? move(true) : fire(id)), giveUp);
      } catch (error) {
        failed(error);
      }
    },
  };
}
