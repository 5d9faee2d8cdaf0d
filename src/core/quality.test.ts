import { expect, test } from "vitest";
import type { LegStatistics } from "./engine-port.ts";
import { qualityOf } from "./quality.ts";

const BEFORE: LegStatistics = {
  at: 0,
  packetsReceived: 1_000,
  packetsLost: 10,
  packetsSent: 1_000,
  jitter: 0.005,
  roundTripTime: 0.05,
  inputLevel: 0,
  outputLevel: 0,
  codec: "PCMU",
};
const after = (change: Partial<LegStatistics>): LegStatistics => ({
  ...BEFORE,
  at: 4_000,
  packetsReceived: 1_200,
  packetsSent: 1_200,
  ...change,
});

test.each([
  [{}, "good", null],
  [{ packetsLost: 14 }, "good", null],
  [{ packetsLost: 20 }, "fair", "loss"],
  [{ packetsLost: 40 }, "poor", "loss"],
  [{ jitter: 0.04 }, "fair", "jitter"],
  [{ jitter: 0.07 }, "poor", "jitter"],
  [{ roundTripTime: 0.4 }, "fair", "delay"],
  [{ roundTripTime: 0.7, jitter: 0.04 }, "poor", "delay"],
  [{ roundTripTime: null }, "good", null],
  [{ packetsReceived: 1_000 }, "poor", "no-audio-in"],
  [{ packetsSent: 1_000 }, "poor", "no-audio-out"],
] as const)("[P98] %j is %s", (change, level, reason) => {
  expect(qualityOf(BEFORE, after(change), false)).toEqual({ level, reason });
});

test("[P98] a held call is not blamed for its silence, and two readings too close say nothing", () => {
  expect(qualityOf(BEFORE, after({ packetsReceived: 1_000 }), true)).toEqual({ level: "good", reason: null });
  expect(qualityOf(BEFORE, after({ at: 500 }), false)).toBeNull();
});

test("[P98] counters that begin anew after a repair are no loss", () => {
  expect(qualityOf(BEFORE, after({ packetsLost: 0 }), false)).toEqual({ level: "good", reason: null });
});
