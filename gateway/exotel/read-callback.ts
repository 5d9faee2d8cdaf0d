import { recordOf, STAGE, WEIGHT, type CallRecord } from "../calls/call-record.ts";
import type { Outcome } from "../calls/call-view.ts";
import { readIstTime } from "./ist-time.ts";

export const CALLBACK_KINDS = ["popup", "passthru", "status"] as const;
export type CallbackKind = (typeof CALLBACK_KINDS)[number];

/** The parameters of a callback, flat: `Legs[0][Status]`, wherever they came from. */
export type CallbackValues = ReadonlyMap<string, string>;

export interface CallbackReport {
  readonly exotelSid: string;
  readonly record: CallRecord;
}

/**
 * What one callback of Exotel says about a call. Names and meanings: the vendor's chapters 5.17 (popup), 5.18 (Passthru),
 * 5.19 and 1 (status callback, answering machine detection).
 *
 * @param now epoch ms: popups carry no time of their own.
 * @returns null where there is no `CallSid`: it is about no call.
 */
export function readCallback(kind: CallbackKind, values: CallbackValues, now: number): CallbackReport | null {
  const exotelSid = text(values, "CallSid");
  if (exotelSid === null || exotelSid.length > 100) return null;
  const read = { popup: readPopup, passthru: readPassthru, status: readStatus }[kind];
  return { exotelSid, record: joinSid(exotelSid, read(values, now)) };
}

function joinSid(exotelSid: string, record: CallRecord): CallRecord {
  return { ...record, ...recordOf(WEIGHT.status, { exotelSid }) };
}

const POPUP_STAGE: Readonly<Record<string, number>> = {
  Dial: STAGE.queued,
  Ringing: STAGE.ringing,
  Answered: STAGE.talking,
  Terminal: STAGE.over,
};

function readPopup(values: CallbackValues, now: number): CallRecord {
  const stage = POPUP_STAGE[text(values, "EventType") ?? ""] ?? STAGE.queued;
  return recordOf(WEIGHT.popup, {
    direction: "incoming",
    customerNumber: text(values, "From") ?? text(values, "CallFrom"),
    agentName: text(values, "DialWhomNumber"),
    companyNumber: text(values, "To") ?? text(values, "CallTo"),
    stage,
    createdAt: now,
    ringingAt: stage === STAGE.ringing ? now : null,
    answeredAt: stage === STAGE.talking ? now : null,
    endedAt: stage === STAGE.over ? now : null,
  });
}

function readPassthru(values: CallbackValues, now: number): CallRecord {
  const isOutgoing = text(values, "Direction")?.startsWith("outbound") === true;
  const digits = text(values, "digits")?.replaceAll('"', "").trim();
  const outcome = passthruOutcome(values);
  const createdAt = readIstTime(text(values, "StartTime"));
  const currentTime = readIstTime(text(values, "CurrentTime")) ?? now;
  const leg = lastLeg(values);
  return recordOf(WEIGHT.passthru, {
    direction: isOutgoing ? "outgoing" : "incoming",
    customerNumber: text(values, isOutgoing ? "CallTo" : "CallFrom"),
    companyNumber: isOutgoing ? text(values, "OutgoingPhoneNumber") : text(values, "CallTo"),
    agentName: isOutgoing ? text(values, "CallFrom") : text(values, "DialWhomNumber"),
    createdAt,
    stage: outcome === null ? STAGE.queued : STAGE.over,
    outcome,
    endedAt: outcome === null ? null : currentTime,
    talkSeconds: leg === null ? null : seconds(text(values, `Legs[${leg}][OnCallDuration]`)),
    recordingUrl: text(values, "RecordingUrl"),
    digits: digits ? [`${text(values, "CurrentTime") ?? ""} ${digits}`] : null,
    disconnectedBy: leg === null ? null : text(values, `Legs[${leg}][DisconnectedBy]`),
    ...detection(values),
  });
}

/** Before a Connect applet (IVR, Gather) there is no `DialCallStatus`, and the call is not over. */
function passthruOutcome(values: CallbackValues): Outcome | null {
  const type = text(values, "CallType");
  if (type === "voicemail") return "voicemail";
  const dialled = outcomeOf(text(values, "DialCallStatus"));
  if (dialled === null || (text(values, "CallStatus") === "in-progress" && type === "call-attempt")) return null;
  if (dialled !== "completed") return dialled;
  return type === "client-hangup" ? "canceled" : type === "incomplete" ? "no-answer" : "completed";
}

function readStatus(values: CallbackValues, now: number): CallRecord {
  const isAnswered = text(values, "EventType") === "answered";
  const isIncoming = /^in(bound|coming)/.test(text(values, "Direction") ?? "");
  const outcome = isAnswered ? null : outcomeOf(text(values, "Status"));
  const eventTime = readIstTime(text(values, "EventTime")) ?? now;
  const talk = seconds(text(values, "ConversationDuration"));
  const endedAt = readIstTime(text(values, "EndTime")) ?? (outcome === null ? null : readIstTime(text(values, "DateUpdated")));
  return recordOf(WEIGHT.status, {
    direction: values.has("Direction") ? (isIncoming ? "incoming" : "outgoing") : null,
    customerNumber: text(values, isIncoming ? "From" : "To"),
    agentName: text(values, isIncoming ? "To" : "From"),
    companyNumber: text(values, "PhoneNumberSid"),
    stage: isAnswered ? STAGE.talking : outcome === null ? STAGE.queued : STAGE.over,
    outcome,
    createdAt: readIstTime(text(values, "StartTime")) ?? readIstTime(text(values, "DateCreated")),
    answeredAt: isAnswered ? eventTime : talk !== null && talk > 0 && endedAt !== null ? endedAt - talk * 1_000 : null,
    endedAt,
    talkSeconds: isAnswered ? null : talk,
    recordingUrl: text(values, "RecordingUrl"),
    disconnectedBy: text(values, "DisconnectedBy"),
    ...detection(values),
  });
}

function outcomeOf(status: string | null): Outcome | null {
  switch (status) {
    case "completed":
    case "busy":
    case "no-answer":
    case "failed":
    case "canceled":
      return status;
    default:
      return null;
  }
}

/** Answering machine detection looks at the dialled leg alone; the other says `NA`. */
function detection(values: CallbackValues): { readonly answeredBy?: string; readonly amdCause?: string } {
  for (const leg of legs(values)) {
    const answeredBy = text(values, `Legs[${leg}][AnsweredBy]`);
    if (answeredBy === null || answeredBy === "NA") continue;
    const amdCause = text(values, `Legs[${leg}][AmdCause]`);
    return { answeredBy, ...(amdCause === null ? {} : { amdCause }) };
  }
  return {};
}

function lastLeg(values: CallbackValues): number | null {
  return legs(values).at(-1) ?? null;
}

function legs(values: CallbackValues): number[] {
  const found = [...values.keys()].map((key) => /^Legs\[(\d{1,2})\]/.exec(key)?.[1]);
  return [...new Set(found.flatMap((leg) => (leg === undefined ? [] : [Number(leg)])))].toSorted((a, b) => a - b);
}

function text(values: CallbackValues, name: string): string | null {
  const value = values.get(name)?.trim();
  return value === undefined || value === "" || value === "null" || value.length > 1_000 ? null : value;
}

function seconds(value: string | null): number | null {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
