import { expect, test } from "vitest";
import { FRAME_SAMPLES, createSource } from "./source.ts";

const energyOf = (samples: Int16Array) => samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;

test("[N8] speech is heard, in whole packets, again and again; silence is not", () => {
  const speech = createSource("speech", 3);
  const frames = Array.from({ length: 600 }, () => speech.next());
  expect(frames.every((frame) => frame.length === FRAME_SAMPLES)).toBe(true);
  const loud = (from: number) => Math.max(...frames.slice(from, from + 300).map(energyOf));
  expect([loud(0) > 0.01, loud(300) > 0.01]).toEqual([true, true]);
  expect(energyOf(createSource("silence", 0).next())).toBe(0);
});

test("[N8] an echo comes back after 300 ms and then stops", () => {
  const echo = createSource("echo", 0);
  echo.heard(new Int16Array(FRAME_SAMPLES).fill(9000));
  const heard = Array.from({ length: 30 }, () => energyOf(echo.next()) > 0);
  expect(heard.flatMap((loud, frame) => (loud ? frame : []))).toEqual([15]);
});

test("[N8] the ring-back tone rings and pauses", () => {
  const tone = createSource("ringback", 0);
  const rings = Array.from({ length: 150 }, () => energyOf(tone.next()) > 0.001);
  expect([rings.slice(0, 20).every(Boolean), rings.slice(20, 30).some(Boolean), rings.slice(50).some(Boolean)]).toEqual([
    true,
    false,
    false,
  ]);
});
