import type { CallLog } from "../../src/protocol/call.ts";

/** A call log as it came over HTTP, or `null` where it is not one. Only what the CRM relies on is checked. */
export function readCallLog(value: unknown): CallLog | null {
  if (!isRecord(value) || typeof value["logId"] !== "string" || !/^[\w-]{1,100}$/.test(value["logId"])) return null;
  const { call, disposition } = value;
  if (!isRecord(call) || call["callId"] !== value["logId"] || typeof call["remoteNumber"] !== "string") return null;
  if (!isRecord(disposition) || !isRecord(disposition["fields"]) || typeof disposition["notes"] !== "string") return null;
  if (typeof value["talkSeconds"] !== "number" || typeof call["startedAt"] !== "number") return null;
  // Checked above as far as this CRM reads it; the rest is kept as it came.
  return value as unknown as CallLog;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
