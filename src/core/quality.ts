import type { LegStatistics } from "./engine-port.ts";
import type { QualityView } from "./view.ts";

/** Below this much time between two readings nothing can be said. */
const SHORTEST_WINDOW_MS = 1_500;

/**
 * How a call sounds, from two readings a few seconds apart; `null` where they are too close. Thresholds: loss 3 % is
 * heard with G.711 and 8 % hurts; jitter 30 and 60 ms against the usual buffers; round trip 300 and 600 ms, twice the
 * 150 ms that ITU-T G.114 calls good and what it calls the limit.
 */
export function qualityOf(before: LegStatistics, now: LegStatistics, held: boolean): QualityView | null {
  if (now.at - before.at < SHORTEST_WINDOW_MS) return null;
  if (held) return GOOD;
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  if (received <= 0) return { level: "poor", reason: "no-audio-in" };
  if (now.packetsSent <= before.packetsSent) return { level: "poor", reason: "no-audio-out" };
  const measures = [
    { reason: "loss", value: lost / (received + lost), fair: 0.03, poor: 0.08 },
    { reason: "delay", value: now.roundTripTime ?? 0, fair: 0.3, poor: 0.6 },
    { reason: "jitter", value: now.jitter, fair: 0.03, poor: 0.06 },
  ] as const;
  const poor = measures.find(({ value, poor: limit }) => value >= limit);
  if (poor !== undefined) return { level: "poor", reason: poor.reason };
  const fair = measures.find(({ value, fair: limit }) => value >= limit);
  return fair === undefined ? GOOD : { level: "fair", reason: fair.reason };
}

const GOOD: QualityView = { level: "good", reason: null };
