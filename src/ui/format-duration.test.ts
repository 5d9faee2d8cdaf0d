import { expect, it } from "vitest";
import { formatDuration } from "./format-duration.ts";
import { followUpOn, localDateTime, tomorrowAtTen } from "./follow-up-time.ts";

it.each([
  [-3, "0:00"],
  [0, "0:00"],
  [59.9, "0:59"],
  [151, "2:31"],
  [3_725, "1:02:05"],
])("[U42] %s seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it("[U12] what a date field shows and what it gives back are the same minute", () => {
  const at = new Date(2026, 10, 30, 9, 5).getTime();
  expect(localDateTime(at)).toBe("2026-11-30T09:05");
  expect(followUpOn(localDateTime(at))).toBe(at);
  expect(followUpOn("2026-11")).not.toBe(at);
  expect(followUpOn("")).toBeNull();
  expect(localDateTime(tomorrowAtTen(at))).toBe("2026-12-01T10:00");
});
