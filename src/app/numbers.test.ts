import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { describe, expect, test, vi } from "vitest";
import { createNumberReader } from "./numbers.ts";

const quiet = { write: () => undefined, text: () => "" };
const reader = (country = "IN") => createNumberReader(country, async () => parsePhoneNumberFromString, quiet);
const loaded = async (country = "IN") => {
  const numbers = reader(country);
  await numbers.load();
  return numbers;
};

const COMMON: [string, string | null][] = [
  ["+91 98450 00012", "+919845000012"],
  ["98450 00012", "+919845000012"],
  ["098450-00012", "+919845000012"],
  ["0091 98450 00012", "+919845000012"],
  ["919845000012", "+919845000012"],
  ["tel:+91-98450-00012", "+919845000012"],
  ["sip:+919845000012@acme1.voip.exotel.com", "+919845000012"],
  ["(080) 4000 0012", "+918040000012"],
  ["+1 415 555 0132", "+14155550132"],
  ["１９８", "198"],
  ["९८४५०००९१२", "+919845000912"],
  ["௯௮௪௫௦௦௦௦௧௨", "+919845000012"],
  ["\u202a+91 98450 00012\u202c", "+919845000012"],
  ["98450\u200b00012", "+919845000012"],
  ["98450–00012", "+919845000012"],
  ["+0919845000012", null],
  ["112", "112"],
  ["*121#", "*121#"],
  ["Ravi", null],
  ["", null],
  ["+", null],
  ["98450 0001298450 00012", null],
];

describe.each([
  ["with every country's rules", loaded],
  ["before they are loaded", async (country?: string) => reader(country)],
])("numbers, %s", (_name, open) => {
  test.each(COMMON)("[P98] %j is dialled as %s", async (text, expected) => {
    expect((await open()).toE164(text)).toBe(expected);
  });

  test("[P98] a number without a country code is of the deployment's country", async () => {
    expect((await open("GB")).toE164("020 7946 0018")).toBe("+442079460018");
  });

  test("[P99] any text is read without an exception, and what is dialled can be dialled again", async () => {
    const numbers = await open();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."+0123456789 -()*#") })), (text) => {
        const dialled = numbers.toE164(text);
        expect(typeof numbers.format(text)).toBe("string");
        expect(dialled === null ? null : numbers.toE164(dialled)).toBe(dialled);
      }),
    );
  });
});

test("[P98] numbers are written for reading once the rules are there", async () => {
  expect((await loaded()).format("+919845000012")).toBe("+91 98450 00012");
  expect((await loaded()).format("09845000012")).toBe("+91 98450 00012");
  expect((await loaded()).format("112")).toBe("112");
  expect(reader().format("+919845000012")).toBe("+919845000012");
});

test("[P98] rules that do not load leave the plain reader at work", async () => {
  const numbers = createNumberReader("IN", () => Promise.reject(new Error("offline")), quiet);
  await numbers.load();
  expect(numbers.toE164("98450 00012")).toBe("+919845000012");
});

test("[P98] a number that is shown again and again is read once, and many numbers are not remembered for ever", async () => {
  const parse = vi.fn<typeof parsePhoneNumberFromString>(parsePhoneNumberFromString);
  const reader = createNumberReader("IN", async () => parse, quiet);
  await reader.load();
  for (let i = 0; i < 3; i += 1) expect(reader.format("+919845000012")).toBe("+91 98450 00012");
  expect(parse).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 500; i += 1) reader.format(`+9198450${10_000 + i}`);
  expect(reader.format("+919845000012")).toBe("+91 98450 00012");
  expect(parse).toHaveBeenCalledTimes(502);
});
