import { expect, test } from "vitest";
import { renderDigit, renderRing } from "./sounds.ts";

const RATE = 8_000;

/** Energy at one frequency (Goertzel). */
const energyAt = (samples: Float32Array, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let [a, b] = [0, 0];
  for (const sample of samples) [a, b] = [sample + turn * a - b, a];
  return a * a + b * b - turn * a * b;
};

test("[A15] a ring lasts 3 s, sounds in its first third, is silent at the end, and never clips", () => {
  const ring = renderRing(RATE);
  expect(ring.length).toBe(3 * RATE);
  expect(Math.max(...ring.map(Math.abs))).toBeLessThan(1);
  expect(Math.max(...ring.slice(0, RATE).map(Math.abs))).toBeGreaterThan(0.3);
  expect(Math.max(...ring.slice(1.5 * RATE).map(Math.abs))).toBe(0);
});

test("[A15] the ring begins and ends at nothing, so that the loop does not click", () => {
  const ring = renderRing(48_000);
  expect(Math.abs(ring[0]!)).toBeLessThan(0.01);
  expect(ring.at(-1)).toBe(0);
});

test.each([
  ["1", 697, 1209],
  ["5", 770, 1336],
  ["#", 941, 1477],
  ["D", 941, 1633],
])("[A16] key %s is %i Hz and %i Hz", (digit, low, high) => {
  const tone = renderDigit(digit, RATE)!;
  const loudest = [697, 770, 852, 941, 1209, 1336, 1477, 1633].toSorted((a, b) => energyAt(tone, b) - energyAt(tone, a)).slice(0, 2);
  expect(loudest.toSorted((a, b) => a - b)).toEqual([low, high]);
});

test.each(["", "12", "x", "1 "])("[A16] %j is no key", (digit) => {
  expect(renderDigit(digit, RATE)).toBe(null);
});
