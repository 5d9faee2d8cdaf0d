import { expect, test } from "vitest";
import { decode, encode } from "./g711.ts";

const sine = Int16Array.from({ length: 800 }, (_, index) => 20_000 * Math.sin(index / 5));

test.each(["PCMU", "PCMA"] as const)("[N4] %s gives back what it took, within its step of 1/16", (law) => {
  const back = decode(law, encode(law, sine));
  sine.forEach((sample, index) => expect(Math.abs((back[index] ?? 0) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 16));
});

test.each(["PCMU", "PCMA"] as const)("[N4] every byte of %s decodes to a sample that encodes to it again", (law) => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const again = decode(law, encode(law, decode(law, bytes)));
  expect(again).toEqual(decode(law, bytes));
});

test("[N4] silence and known values are those of ITU-T G.711", () => {
  expect(encode("PCMU", Int16Array.of(0))[0]).toBe(0xff);
  expect(encode("PCMA", Int16Array.of(0))[0]).toBe(0xd5);
  expect(decode("PCMU", Uint8Array.of(0x00, 0x80, 0xff))).toEqual(Int16Array.of(-32_124, 32_124, 0));
  expect(decode("PCMA", Uint8Array.of(0x2a, 0xaa))).toEqual(Int16Array.of(-32_256, 32_256));
});
