import type { LegStatistics } from "../../core/engine-port.ts";

/** Entries of a report, as far as they are read (W3C WebRTC statistics, sections 6 and 8). */
export function readStatistics(report: { forEach(visit: (entry: unknown) => void): void }, at: number): LegStatistics {
  const found = new Map<string, Record<string, unknown>>();
  const codecs = new Map<unknown, unknown>();
  report.forEach((entry) => {
    if (!isRecord(entry)) return;
    const type = entry["type"];
    if (type === "codec") codecs.set(entry["id"], entry["mimeType"]);
    else if (type === "candidate-pair") {
      if (entry["nominated"] === true) found.set("candidate-pair", entry);
    } else if (typeof type === "string" && (entry["kind"] ?? "audio") === "audio") found.set(type, entry);
  });
  const inbound = found.get("inbound-rtp");
  const roundTrip = found.get("remote-inbound-rtp")?.["roundTripTime"] ?? found.get("candidate-pair")?.["currentRoundTripTime"];
  const codec = codecs.get(inbound?.["codecId"] ?? found.get("outbound-rtp")?.["codecId"]);
  return {
    at,
    packetsReceived: numberOf(inbound?.["packetsReceived"]),
    packetsLost: Math.max(0, numberOf(inbound?.["packetsLost"])),
    packetsSent: numberOf(found.get("outbound-rtp")?.["packetsSent"]),
    jitter: numberOf(inbound?.["jitter"]),
    roundTripTime: typeof roundTrip === "number" ? roundTrip : null,
    inputLevel: numberOf(found.get("media-source")?.["audioLevel"]),
    outputLevel: numberOf(inbound?.["audioLevel"]),
    codec: typeof codec === "string" ? codec.replace(/^audio\//i, "") : null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
