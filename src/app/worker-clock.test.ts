import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { systemClock } from "./clock.ts";
import { type TimerOrder, WORKER_UP, createWorkerClock } from "./worker-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker whose words arrive when the test says so. */
class PlayedWorker {
  readonly orders: TimerOrder[] = [];
  readonly waits = new Map<number, number>();
  closed = false;
  heard: (id: number) => void = () => {};
  failed: () => void = () => {};
  start = (heard: (id: number) => void, failed: () => void) => {
    Object.assign(this, { heard, failed });
    return {
      send: (order: TimerOrder) => {
        const [id, ms] = order;
        this.orders.push(order);
        if (ms === null) this.waits.delete(id);
        else this.waits.set(id, ms);
      },
      close: () => void (this.closed = true),
    };
  };
}

function play(start?: () => never) {
  const worker = new PlayedWorker();
  const failures: unknown[] = [];
  const clock = createWorkerClock({
    startWorker: start ?? worker.start,
    page: systemClock,
    monotonicMs: () => performance.now(),
    failed: (error) => failures.push(error),
  });
  return { worker, clock, failures };
}

test("[P140] a timer from before the worker is up is timed by the page, and by the worker for the rest", () => {
  const { worker, clock } = play();
  const fired: string[] = [];
  clock.after(1_000, () => fired.push("early"));
  clock.start();
  clock.start();
  clock.after(5_000, () => fired.push("late"));
  vi.advanceTimersByTime(1_000);
  expect(fired).toEqual(["early"]);
  worker.heard(WORKER_UP);
  expect(worker.orders).toEqual([[2, 4_000]]);
  vi.advanceTimersByTime(60_000);
  expect(fired).toEqual(["early"]);
  worker.heard(2);
  worker.heard(2);
  expect(fired).toEqual(["early", "late"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("[P140] what is stopped never fires, though the worker has said so already", () => {
  const { worker, clock } = play();
  clock.start();
  worker.heard(WORKER_UP);
  const fired: string[] = [];
  const stop = clock.after(1_000, () => fired.push("stopped"));
  stop();
  stop();
  worker.heard(1);
  expect(worker.orders).toEqual([
    [1, 1_000],
    [1, null],
  ]);
  expect(fired).toEqual([]);
});

test("[P141] a worker that dies takes no timer with it and makes none late", () => {
  const { worker, clock, failures } = play();
  clock.start();
  worker.heard(WORKER_UP);
  const fired: string[] = [];
  clock.after(3_000, () => fired.push("kept"));
  const stop = clock.after(3_000, () => fired.push("stopped"));
  vi.advanceTimersByTime(2_000);
  worker.failed();
  stop();
  expect([worker.closed, failures.length]).toEqual([true, 1]);
  vi.advanceTimersByTime(999);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(["kept"]);
});

test("[P141] a worker that never comes up, or cannot be started, is not missed", () => {
  for (const forbidden of [
    undefined,
    () => {
      throw new TypeError("This document requires 'TrustedScriptURL' assignment");
    },
  ]) {
    const { clock, failures } = play(forbidden);
    const fired: string[] = [];
    clock.start();
    clock.after(20, () => fired.push("page"));
    vi.advanceTimersByTime(20);
    expect(fired).toEqual(["page"]);
    expect(failures.length).toBe(forbidden === undefined ? 0 : 1);
  }
});

test("[P141] whatever happens to the worker, every timer that was not stopped fires once, when it is due", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("after" as const), ms: fc.nat(500) }),
    fc.record({ do: fc.constant("stop" as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.nat(300) }),
    fc.constantFrom({ do: "up" as const }, { do: "die" as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { worker, clock } = play();
      clock.start();
      let isUp = false;
      let isDead = false;
      const due = new Map<number, number>();
      const fired: [number, number][] = [];
      const stops: (() => void)[] = [];
      const expected: [number, number][] = [];
      /** The worker's own time, a millisecond at a step. */
      const wait = (ms: number): void => {
        for (let passed = 0; passed < ms; passed += 1) {
          vi.advanceTimersByTime(1);
          for (const [id, left] of worker.waits) worker.waits.set(id, left - 1);
          for (const [id, left] of worker.waits) {
            if (left > 0) continue;
            worker.waits.delete(id);
            if (!isDead) worker.heard(id);
          }
        }
      };
      for (const action of steps) {
        if (action.do === "after") {
          const index = stops.length;
          due.set(index, performance.now() + Math.max(1, action.ms));
          stops.push(clock.after(Math.max(1, action.ms), () => fired.push([index, performance.now()])));
        } else if (action.do === "stop" && action.which < stops.length) {
          stops[action.which]?.();
          if (!fired.some(([index]) => index === action.which)) due.delete(action.which);
        } else if (action.do === "wait") wait(action.ms);
        else if (action.do === "up" && !isUp) {
          isUp = true;
          worker.heard(WORKER_UP);
        } else if (action.do === "die" && !isDead) {
          isDead = true;
          worker.failed();
        }
      }
      wait(600);
      for (const [index, at] of due) expected.push([index, at]);
      const byIndex = (a: [number, number], b: [number, number]) => a[0] - b[0];
      expect(fired.toSorted(byIndex)).toEqual(expected.toSorted(byIndex));
    }),
    { numRuns: 60 },
  );
});
