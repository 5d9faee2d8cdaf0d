import { type CallLog, type CallSnapshot, DIRECTIONS, type Disposition } from "../protocol/call.ts";
import type { HistoryEntry, PreferencesView } from "./view.ts";

/** Reads what an earlier page, or an earlier version of it, left in the store. What cannot be read is left out. */

/** One unfinished call with what was written about it. */
export interface StoredDraft {
  readonly call: CallSnapshot;
  readonly disposition: Disposition;
  readonly deadlineAt: number | null;
  /** Epoch ms at which this was written: the last that is known of a call whose page went away. */
  readonly seenAt: number;
}

export function readDraft(value: unknown): StoredDraft | null {
  if (!isObject(value) || !isCall(value["call"]) || !isDisposition(value["disposition"])) return null;
  const { call, disposition, deadlineAt, seenAt } = value;
  return {
    call,
    disposition,
    deadlineAt: typeof deadlineAt === "number" ? deadlineAt : null,
    seenAt: typeof seenAt === "number" ? seenAt : call.startedAt,
  };
}

export function readLog(value: unknown): CallLog | null {
  if (!isObject(value) || typeof value["logId"] !== "string" || typeof value["talkSeconds"] !== "number") return null;
  const { logId, call, talkSeconds, disposition } = value;
  return isCall(call) && isDisposition(disposition) ? { logId, call, talkSeconds, disposition } : null;
}

export function readHistory(value: unknown): readonly HistoryEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown): entry is HistoryEntry => {
    if (!isObject(entry) || !isCallHead(entry)) return false;
    return typeof entry["endReason"] === "string" && typeof entry["talkSeconds"] === "number" && typeof entry["delivered"] === "boolean";
  });
}

export function readPreferences(value: unknown): Partial<PreferencesView> {
  if (!isObject(value)) return {};
  const { ringVolume, theme } = value;
  const device = (key: "inputDevice" | "outputDevice" | "ringDevice") => (typeof value[key] === "string" ? { [key]: value[key] } : {});
  return {
    ...device("inputDevice"),
    ...device("outputDevice"),
    ...device("ringDevice"),
    ...(typeof ringVolume === "number" && ringVolume >= 0 && ringVolume <= 1 ? { ringVolume } : {}),
    ...(theme === "light" || theme === "dark" || theme === "system" ? { theme } : {}),
  };
}

function isCall(value: unknown): value is CallSnapshot {
  return isObject(value) && isCallHead(value) && typeof value["phase"] === "string" && "answeredAt" in value && "endedAt" in value;
}

function isCallHead(value: Record<string, unknown>): boolean {
  const { callId, direction, remoteNumber, startedAt } = value;
  const known = DIRECTIONS.some((name) => name === direction);
  return known && typeof callId === "string" && typeof remoteNumber === "string" && typeof startedAt === "number";
}

function isDisposition(value: unknown): value is Disposition {
  return isObject(value) && isObject(value["fields"]) && typeof value["notes"] === "string" && "followUp" in value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
