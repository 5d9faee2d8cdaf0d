import * as v from "valibot";
import type { CallField, CallRecord } from "./call-record.ts";
import { STAGE, WEIGHT } from "./call-record.ts";

export const OUTCOMES = ["completed", "busy", "no-answer", "failed", "canceled", "voicemail"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A call as everybody but the merger sees it. Times are epoch ms; null: not known. */
export interface CallView {
  readonly exotelSid: string | null;
  readonly direction: "incoming" | "outgoing";
  readonly agentName: string | null;
  readonly customerNumber: string;
  readonly companyNumber: string | null;
  readonly isRinging: boolean;
  readonly isOver: boolean;
  readonly outcome: Outcome | null;
  /** Exotel itself has reported the end, with times and durations that are better than anybody's. */
  readonly isReported: boolean;
  readonly createdAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly talkSeconds: number;
  /** The vendor's address: never leaves this server. */
  readonly recordingUrl: string | null;
  readonly digits: string;
  readonly answeredBy: string | null;
  readonly amdCause: string | null;
  readonly leadId: string | null;
  readonly recordName: string | null;
  readonly isWritten: boolean;
  readonly notes: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly followUp: { readonly dueAt: number; readonly text: string } | null;
}

/** @param fallbackTime where no report tells when the call began. */
export function viewOf(record: CallRecord, fallbackTime: number): CallView {
  const stage = number(record, "stage") ?? STAGE.requested;
  const dueAt = number(record, "followUpAt");
  const direction = text(record, "direction");
  return {
    exotelSid: text(record, "exotelSid"),
    direction: direction === "outgoing" ? "outgoing" : "incoming",
    agentName: text(record, "agentName"),
    customerNumber: text(record, "customerNumber") ?? "",
    companyNumber: text(record, "companyNumber"),
    isRinging: stage === STAGE.queued || stage === STAGE.ringing,
    isOver: stage === STAGE.over,
    outcome: outcomeOf(text(record, "outcome")),
    isReported: (record.outcome?.weight ?? 0) >= WEIGHT.passthru,
    createdAt: number(record, "createdAt") ?? fallbackTime,
    answeredAt: number(record, "answeredAt"),
    endedAt: number(record, "endedAt"),
    talkSeconds: number(record, "talkSeconds") ?? 0,
    recordingUrl: text(record, "recordingUrl"),
    digits: list(record, "digits")
      .map((entry) => entry.slice(entry.lastIndexOf(" ") + 1))
      .join(","),
    answeredBy: text(record, "answeredBy"),
    amdCause: text(record, "amdCause"),
    leadId: text(record, "leadId"),
    recordName: text(record, "recordName"),
    isWritten: number(record, "writtenAt") !== null,
    notes: text(record, "notes") ?? "",
    fields: map(record, "fields"),
    followUp: dueAt === null ? null : { dueAt, text: text(record, "followUpText") ?? "" },
  };
}

const fieldMap = v.record(v.string(), v.string());
const storedRecord = v.record(
  v.string(),
  v.object({ weight: v.number(), value: v.union([v.string(), v.number(), v.array(v.string()), fieldMap]) }),
);

/** A record as it comes from the database. Throws where it is none: then the database was written by something else. */
export function readRecord(value: unknown): CallRecord {
  return v.parse(storedRecord, value);
}

function outcomeOf(word: string | null): Outcome | null {
  return OUTCOMES.find((outcome) => outcome === word) ?? null;
}
function text(record: CallRecord, field: CallField): string | null {
  const value = record[field]?.value;
  return typeof value === "string" ? value : null;
}
function number(record: CallRecord, field: CallField): number | null {
  const value = record[field]?.value;
  return typeof value === "number" ? value : null;
}
function list(record: CallRecord, field: CallField): readonly string[] {
  const value = record[field]?.value;
  return Array.isArray(value) ? value : [];
}
function map(record: CallRecord, field: CallField): Readonly<Record<string, string>> {
  const result = v.safeParse(fieldMap, record[field]?.value);
  return result.success ? result.output : {};
}
