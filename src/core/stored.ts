import { type CallLog, type CallSnapshot, DIRECTIONS, type Disposition } from "../protocol/call.ts";
import type { HistoryEntry, PreferencesView } from "./view.ts";

/** Reads what an earlier page, or an earlier version of it, left in the store. What cannot be read is left out. */

/** One unfinished call with what was written about it. */
export interface StoredDraft {
  /** Whose it is: `user@domain`. */
  readonly agent: string;
  readonly call: CallSnapshot;
  readonly disposition: Disposition;
  readonly deadlineAt: number | null;
  /** Epoch ms at which this was written: the last that is known of a call whose page went away. */
  readonly seenAt: number;
}

export function readDraft(value: unknown): StoredDraft | null {
  if (!isObject(value) || !isCall(value["call"]) || !isDisposition(value["disposition"])) return null;
  const { agent, call, disposition, deadlineAt, seenAt } = value;
  if (typeof agent !== "string") return null;
  return {
    agent,
    call,
    disposition,
    deadlineAt: typeof deadlineAt === "number" ? deadlineAt : null,
    seenAt: typeof seenAt === "number" ? seenAt : call.startedAt,
  };
}

/** A call log on its way, and whose it is. */
export interface StoredLog {
  readonly agent: string;
  readonly log: CallLog;
}

export function readLog(value: unknown): StoredLog | null {
  if (!isObject(value) || typeof value["agent"] !== "string" || !isObject(value["log"])) return null;
  const { logId, call, talkSeconds, disposition } = value["log"];
  if (typeof logId !== "string" || typeof talkSeconds !== "number" || !isCall(call) || !isDisposition(disposition)) return null;
  return { agent: value["agent"], log: { logId, call, talkSeconds, disposition } };
}

export interface StoredEntry extends HistoryEntry {
  readonly agent: string;
}

/** Missing in what earlier versions wrote. */
const ADDED_LATER = ["sipCode", "sipCallId", "exotelCallSid", "answered"] as const;

export function readHistory(value: unknown): readonly StoredEntry[] {
  if (!Array.isArray(value)) return [];
  const entries = value.filter((entry: unknown): entry is Omit<StoredEntry, (typeof ADDED_LATER)[number]> => {
    if (!isObject(entry) || !isCallHead(entry) || typeof entry["agent"] !== "string") return false;
    return typeof entry["endReason"] === "string" && typeof entry["talkSeconds"] === "number" && typeof entry["delivered"] === "boolean";
  });
  return entries.map((entry) => ({ sipCode: null, sipCallId: null, exotelCallSid: null, answered: entry.talkSeconds > 0, ...entry }));
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
