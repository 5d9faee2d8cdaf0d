import { expect, test } from "vitest";
import { isWithinCallHours } from "./call-hours.ts";

const hours = { timeZone: "Asia/Kolkata", days: ["mon", "fri"], from: "09:00", to: "19:30" } as const;
/** In India, that is five and a half hours later. */
const utc = (day: number, hour: number, minute: number) => Date.UTC(2012, 7, day, hour, minute);

test.each([
  ["Friday 09:00", utc(17, 3, 30), true],
  ["Friday 08:59", utc(17, 3, 29), false],
  ["Friday 19:30", utc(17, 14, 0), false],
  ["Saturday noon", utc(18, 6, 30), false],
  ["Monday 00:10, Sunday in London", utc(19, 18, 40), false],
])("[G30] %s", (_when, at, expected) => {
  expect(isWithinCallHours({ ...hours, days: [...hours.days] }, at)).toBe(expected);
});

test("[G30] a night shift belongs to the day on which it began", () => {
  const night = { ...hours, days: ["fri" as const], from: "22:00", to: "02:00" };
  expect(isWithinCallHours(night, utc(17, 19, 30))).toBe(true); // Saturday 01:00
  expect(isWithinCallHours(night, utc(16, 19, 30))).toBe(false); // Friday 01:00
  expect(isWithinCallHours(undefined, utc(18, 6, 30))).toBe(true);
});
