import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupDigits, maskNumber, shownNumber } from "./format-number.ts";
import { FakePhone } from "./stories/fake-phone.ts";

describe("groupDigits", () => {
  it.each([
    ["98450", "98450"],
    ["984500", "98450 0"],
    ["9845000012", "98450 00012"],
    ["+919845000012", "+91 98450 00012"],
    ["09845000012", "0 98450 00012"],
    ["+14155550100", "+1 415 555 0100"],
    ["+97150123456", "+971 501 23456"],
    ["112", "112"],
    ["flat 12", "flat 12"],
  ])("[U40] %s is shown as %s", (typed, shown) => expect(groupDigits(typed)).toBe(shown));

  it("[U40] grouping adds spaces and nothing else", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?\d{0,20}$/), (typed) => {
        expect(groupDigits(typed).replaceAll(" ", "")).toBe(typed);
      }),
    );
  });
});

it("[U13] a masked number keeps four digits at most", () => {
  fc.assert(fc.property(fc.string(), (number) => maskNumber(number).replace(/\D/g, "").length <= 4));
  expect(maskNumber("+919845000012")).toBe("••••••\u00a00012");
  expect(maskNumber("100")).toBe("••••");
});

it("[U41] a number never wraps, and one that nobody sent has words", () => {
  const phone = new FakePhone();
  expect(shownNumber(phone, "+919845000012")).toBe("+91\u00a098450\u00a000012");
  expect(shownNumber(phone, "")).toBe("Unknown number");
});
