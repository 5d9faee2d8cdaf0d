import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("[P89] calls once after the time, and not after the undo", () => {
  const calls: string[] = [];
  systemClock.after(1_000, () => calls.push("kept"));
  const undo = systemClock.after(1_000, () => calls.push("undone"));
  undo();
  undo();
  vi.advanceTimersByTime(5_000);
  expect(calls).toEqual(["kept"]);
});

test("[P89] thirty days are thirty days, not at once", () => {
  const days = 24 * 3_600_000;
  let calls = 0;
  systemClock.after(30 * days, () => (calls += 1));
  vi.advanceTimersByTime(29 * days);
  expect(calls).toBe(0);
  vi.advanceTimersByTime(1 * days);
  expect(calls).toBe(1);
});
