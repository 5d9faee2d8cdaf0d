import type { NetworkCall } from "../network/network.ts";
import { account } from "./account.ts";
import { apiStatus, changedAt, partiesOf, recordingUrl, talkSeconds, type ConnectRequest } from "./api-call.ts";
import { istLongTime, istTime } from "./ist-time.ts";

type Values = readonly (readonly [string, string])[];

/** ISDN cause (Q.850) of a leg, in the vendor's words. */
const CAUSES = {
  completed: ["NORMAL_CLEARING", "16"],
  busy: ["USER_BUSY", "17"],
  "no-answer": ["NO_ANSWER", "19"],
  canceled: ["ORIGINATOR_CANCEL", "487"],
  failed: ["NORMAL_TEMPORARY_FAILURE", "41"],
} as const;

interface StatusCallbackLeg {
  readonly OnCallDuration: string;
  readonly Status: string;
}

/** What `StatusCallback` carries: four fields, and with a subscribed event the whole story (chapters 1 and 5.19). */
export interface StatusCallbackValues {
  readonly fields: Values;
  readonly legs: readonly StatusCallbackLeg[];
}

/**
 * @param event `null` where no event was subscribed: the four fields alone.
 * @param api origin of the API, for the recording's address.
 */
export function statusCallbackValues(
  call: NetworkCall,
  request: ConnectRequest,
  event: "terminal" | "answered" | null,
  api: string,
): StatusCallbackValues {
  const updated = istTime(changedAt(call));
  const first: Values = [
    ["CallSid", call.sid],
    ["Status", apiStatus(call)],
    ["RecordingUrl", recordingUrl(call, request, api) ?? ""],
    ["DateUpdated", updated],
  ];
  if (event === null) return { fields: first, legs: [] };
  const seconds = String(talkSeconds(call));
  return {
    fields: [
      ...first,
      ["EventType", event],
      ["EventTime", updated],
      ["DateCreated", istTime(call.createdAt)],
      ["To", request.to],
      ["From", request.from],
      ["PhoneNumberSid", request.callerId],
      ["StartTime", istTime(call.createdAt)],
      ["EndTime", call.endedAt === null ? "" : istTime(call.endedAt)],
      ["ConversationDuration", seconds],
      ["Direction", call.direction],
      ...(call.endedBy === null ? [] : [["DisconnectedBy", call.endedBy === "agent" ? "Caller" : "Callee"] as const]),
      ...(request.customField === null ? [] : [["CustomField", request.customField] as const]),
    ],
    legs: [
      { OnCallDuration: call.endedBy === null ? "0" : seconds, Status: call.agentStatus === null ? apiStatus(call) : "no-answer" },
      ...(call.agentStatus === null ? [{ OnCallDuration: seconds, Status: apiStatus(call) }] : []),
    ],
  };
}

export type PopupEvent = "Dial" | "Ringing" | "Answered" | "Terminal";

/** Query of the agent popup (chapter 5.17). */
export function popupValues(call: NetworkCall, agentNumber: string, event: PopupEvent): Values {
  return [
    ["CallSid", call.sid],
    ["From", call.customer.number],
    ["DialWhomNumber", agentNumber],
    ["Status", event === "Terminal" ? "free" : "busy"],
    ["EventType", event],
  ];
}

/** Query of the Passthru applet after a Connect applet (chapter 5.18), in the order of the vendor's first sample. */
export function passthruValues(call: NetworkCall, agentNumber: string, api: string, now: number): Values {
  const { from, to } = partiesOf(call, null);
  const answered = call.answeredAt !== null;
  const dialStatus = answered || !(call.status in CAUSES) ? "completed" : call.status;
  const [causeCode, cause] = CAUSES[dialStatus as keyof typeof CAUSES];
  const recording = recordingUrl(call, null, api);
  return [
    ["CallSid", call.sid],
    ["CallFrom", from],
    ["CallTo", to],
    ["CallStatus", answered ? "completed" : call.status],
    ["Direction", "incoming"],
    ["Created", istLongTime(call.createdAt)],
    ["DialCallDuration", String(Math.ceil(((call.endedAt ?? now) - call.createdAt) / 1_000))],
    ...(recording === null ? [] : [["RecordingUrl", recording] as const]),
    ["StartTime", istTime(call.createdAt)],
    // The vendor says itself that this is a constant.
    ["EndTime", "1970-01-01 05:30:00"],
    ["DialCallStatus", dialStatus],
    ["CallType", callType(call)],
    ["DialWhomNumber", agentNumber],
    ["From", from],
    ["To", to],
    ["CurrentTime", istTime(now)],
    ["OutgoingPhoneNumber", account.exoPhone],
    ["Legs[0][Number]", agentNumber],
    ["Legs[0][Type]", "single"],
    ["Legs[0][OnCallDuration]", String(talkSeconds(call))],
    ["Legs[0][CallerId]", account.exoPhone],
    ["Legs[0][CauseCode]", causeCode],
    ["Legs[0][Cause]", cause],
    ["Legs[0][DisconnectedBy]", call.endedBy === "customer" ? "Caller" : "Callee"],
  ];
}

function callType(call: NetworkCall): string {
  if (call.answeredAt !== null) return "completed";
  return call.endedBy === "customer" ? "client-hangup" : "incomplete";
}
