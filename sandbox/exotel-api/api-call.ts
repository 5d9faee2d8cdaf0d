import type { CallStatus, NetworkCall } from "../network/network.ts";
import { account } from "./account.ts";
import { istTime } from "./ist-time.ts";

/** What the API remembers of a `Calls/connect` request beside the call itself. */
export interface ConnectRequest {
  /** As it was given: `sip:asha` or the agent's number. */
  readonly from: string;
  readonly to: string;
  readonly callerId: string;
  readonly timeLimitMs: number;
  readonly timeOutMs: number;
  readonly record: boolean;
  readonly statusCallback: string | null;
  readonly statusCallbackEvents: readonly ("terminal" | "answered")[];
  readonly statusCallbackContentType: "multipart/form-data" | "application/json";
  readonly customField: string | null;
}

/** The statuses that chapter 5.22 lists; the network knows two more. */
export type ApiStatus = "queued" | "in-progress" | "completed" | "failed" | "busy" | "no-answer";

const API_STATUS: Readonly<Record<CallStatus, ApiStatus>> = {
  queued: "queued",
  ringing: "in-progress",
  "in-progress": "in-progress",
  completed: "completed",
  failed: "failed",
  busy: "busy",
  "no-answer": "no-answer",
  canceled: "no-answer",
};

export function apiStatus(call: NetworkCall): ApiStatus {
  return API_STATUS[call.status];
}

/** From and To as Exotel means them: From is the caller of an inbound call and the first leg of an outbound one. */
export function partiesOf(call: NetworkCall, request: ConnectRequest | null): { readonly from: string; readonly to: string } {
  if (call.direction === "inbound") return { from: call.customer.number, to: account.exoPhone };
  return { from: request?.from ?? `sip:${call.agent}`, to: request?.to ?? call.customer.number };
}

export function changedAt(call: NetworkCall): number {
  return call.endedAt ?? call.answeredAt ?? call.ringingAt ?? call.createdAt;
}

/** Seconds of conversation, rounded as a bill is: any started second counts. */
export function talkSeconds(call: NetworkCall): number {
  return call.answeredAt === null || call.endedAt === null ? 0 : Math.ceil((call.endedAt - call.answeredAt) / 1_000);
}

/** Address of the recording, once there is one and the request did not switch it off. */
export function recordingUrl(call: NetworkCall, request: ConnectRequest | null, api: string): string | null {
  return call.recording === null || request?.record === false ? null : `${api}/exotelrecordings/${account.sid}/${call.sid}.wav`;
}

const RUPEES_A_MINUTE = 1.15;

/**
 * The `Call` element of chapters 5.19 and 5.22: these names, in this order. `null` is an empty element in XML.
 *
 * @param api origin of this API, for the recording's address.
 */
export function callFields(call: NetworkCall, request: ConnectRequest | null, api: string): readonly (readonly [string, string | null])[] {
  const { from, to } = partiesOf(call, request);
  const over = call.endedAt !== null;
  const seconds = talkSeconds(call);
  return [
    ["Sid", call.sid],
    ["ParentCallSid", null],
    ["DateCreated", istTime(call.createdAt)],
    ["DateUpdated", istTime(changedAt(call))],
    ["AccountSid", account.sid],
    ["To", to],
    ["From", from],
    ["PhoneNumberSid", request?.callerId ?? account.exoPhone],
    ["Status", apiStatus(call)],
    ["StartTime", istTime(call.createdAt)],
    ["EndTime", call.endedAt === null ? null : istTime(call.endedAt)],
    ["Duration", over ? String(seconds) : null],
    ["Price", over ? (Math.ceil(seconds / 60) * RUPEES_A_MINUTE).toFixed(2) : null],
    ["Direction", call.direction],
    ["AnsweredBy", null],
    ["ForwardedFrom", null],
    ["CallerName", null],
    ["RecordingUrl", recordingUrl(call, request, api)],
    ["Uri", `/v1/Accounts/${account.sid}/Calls/${call.sid}`],
  ];
}
