import * as v from "valibot";
import type { CallLog } from "./call.ts";

/** Widget and gateway: calls, and what the gateway tells a widget without being asked. Everything below `/api`. */

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, "letters, digits, - and _"));
/** Epoch ms; a clock that counts finer is rounded. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000_000), v.transform(Math.round));

/** `POST /api/calls`: click-to-call. `callId` is the widget's own; the same one twice is one call. */
export const placeCallSchema = v.object({
  callId: id,
  number: v.pipe(v.string(), v.trim(), v.regex(/^\+?[\d\s().-]{3,30}$/, "a telephone number")),
  /** One of the deployment's ExoPhones; absent: the agent's own, or the first. */
  callerId: v.optional(text(20)),
  record: v.optional(v.nullable(v.object({ type: text(60), id: text(200), name: text(200) })), null),
});
export type PlaceCall = v.InferOutput<typeof placeCallSchema>;

export interface PlaceCallReply {
  readonly callId: string;
  /** `Sid` of `Calls/connect`: it comes back in the INVITE as `X-Exotel-Callsid`. */
  readonly exotelCallSid: string;
}

/** `PUT /api/calls/{callId}/log`: one finished call with what was written about it. May be sent again; kept once. */
export const callLogSchema = v.object({
  logId: id,
  call: v.looseObject({
    callId: id,
    direction: v.picklist(["incoming", "outgoing"]),
    remoteNumber: text(64),
    localNumber: v.nullish(text(64), null),
    exotelCallSid: v.nullish(id, null),
    startedAt: time,
    answeredAt: v.nullish(time, null),
    endedAt: v.nullish(time, null),
    endReason: v.nullish(text(40), null),
    record: v.nullish(v.looseObject({ id: text(200), name: text(200) }), null),
  }),
  talkSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000), v.transform(Math.round)),
  disposition: v.object({
    fields: v.record(text(60), text(2_000)),
    notes: text(20_000),
    followUp: v.nullish(v.object({ dueAt: time, text: text(2_000) }), null),
  }),
}) satisfies v.GenericSchema<unknown, Pick<CallLog, "logId" | "talkSeconds" | "disposition">>;
export type CallLogRequest = v.InferOutput<typeof callLogSchema>;

/**
 * What `GET /api/agents/me/events` says (server-sent events). Each carries an `id` that grows by one; a widget that comes
 * back names the last one it has heard in `Last-Event-ID` and gets what it missed.
 */
export type GatewayEvent =
  /** Where the stream begins, with the id of the newest event. `at`: the gateway's clock, epoch ms. */
  | { readonly type: "hello"; readonly at: number }
  /** What was missed is no longer there: ask for everything again. */
  | { readonly type: "too-late" }
  /** The CRM asked for a call: the agent's own leg rings in a moment, and is answered without asking. */
  | {
      readonly type: "dial-requested";
      readonly callId: string;
      readonly number: string;
      readonly leadId: string | null;
      /** Epoch ms by the gateway's clock: an old one is not acted upon. */
      readonly at: number;
    }
  | { readonly type: "dial-failed"; readonly callId: string; readonly code: string }
  | { readonly type: "call-changed"; readonly call: CallSummary }
  /** Fetch `GET /agents/me/sip-account` again: the password is another, or there is no account any more (404). */
  | { readonly type: "sip-account-changed" }
  /** A supervisor's leg that listened in has ended (`gateway-legs.ts`), by whatever. `status`: Exotel's word, `completed`, `no-answer`. */
  | { readonly type: "monitor-ended"; readonly callId: string; readonly legSid: string; readonly status: string; readonly seconds: number }
  /** The agent's one registration has changed hands (`gateway-lease.ts`); `holder` null: nobody has it. */
  | { readonly type: "lease-changed"; readonly token: number; readonly holder: string | null; readonly label: string | null };
export type GatewayEventType = GatewayEvent["type"];

/** A call as the gateway knows it. Times are epoch ms. */
export interface CallSummary {
  readonly callId: string;
  readonly exotelCallSid: string | null;
  readonly direction: "incoming" | "outgoing";
  readonly number: string;
  readonly name: string | null;
  readonly state: "requested" | "ringing" | "talking" | "over";
  readonly outcome: string | null;
  readonly createdAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly talkSeconds: number;
  /** IVR and Gather digits, several separated by commas. */
  readonly digits: string;
  readonly hasRecording: boolean;
  readonly notes: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The CRM has it. */
  readonly isDelivered: boolean;
}

/** What a widget reads of an answer or event; fields that it does not know are left out. */
export const callSummarySchema = v.object({
  callId: v.string(),
  exotelCallSid: v.nullable(v.string()),
  direction: v.picklist(["incoming", "outgoing"]),
  number: v.string(),
  name: v.nullable(v.string()),
  state: v.picklist(["requested", "ringing", "talking", "over"]),
  outcome: v.nullable(v.string()),
  createdAt: v.number(),
  answeredAt: v.nullable(v.number()),
  endedAt: v.nullable(v.number()),
  talkSeconds: v.number(),
  digits: v.string(),
  hasRecording: v.boolean(),
  notes: v.string(),
  fields: v.record(v.string(), v.string()),
  isDelivered: v.boolean(),
}) satisfies v.GenericSchema<unknown, CallSummary>;

export const historyPageSchema = v.object({ calls: v.array(callSummarySchema), next: v.nullable(v.string()) }) satisfies v.GenericSchema<
  unknown,
  HistoryPage
>;

export const gatewayEventSchema = v.variant("type", [
  v.object({ type: v.literal("hello"), at: v.number() }),
  v.object({ type: v.literal("too-late") }),
  v.object({
    type: v.literal("dial-requested"),
    callId: v.string(),
    number: v.string(),
    leadId: v.nullable(v.string()),
    at: v.number(),
  }),
  v.object({ type: v.literal("dial-failed"), callId: v.string(), code: v.string() }),
  v.object({ type: v.literal("call-changed"), call: callSummarySchema }),
]) satisfies v.GenericSchema<unknown, GatewayEvent>;

const day = v.pipe(v.string(), v.regex(/^\d{1,16}$/, "epoch milliseconds"), v.transform(Number));

const everyHistoryQuery = v.object({
  /** Part of a number, of a name, of a note or of an outcome. */
  search: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100))),
  direction: v.optional(v.picklist(["incoming", "outgoing"])),
  outcome: v.optional(v.pipe(v.string(), v.regex(/^[a-z-]{1,20}$/))),
  /** Incoming calls that are over and that nobody answered, whatever the outcome, also where none was reported. */
  missed: v.optional(v.literal("true")),
  /** A value that was chosen in the wrap-up, whole, and the id of its field. */
  disposition: v.optional(text(2_000)),
  dispositionField: v.optional(text(60)),
  from: v.optional(day),
  to: v.optional(day),
  /** `next` of the page before. */
  cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{1,16}\.[\w-]{1,100}$/, "a cursor of this list"))),
  limit: v.optional(v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(100)), "50"),
});

/** `GET /api/calls`: the agent's own history, newest first. Everything is optional. */
export const historyQuerySchema = v.pipe(
  everyHistoryQuery,
  v.check(
    ({ disposition, dispositionField }) => (disposition === undefined) === (dispositionField === undefined),
    "a disposition and its field",
  ),
);
export type HistoryQuery = v.InferOutput<typeof historyQuerySchema>;

export interface HistoryPage {
  readonly calls: readonly CallSummary[];
  /** Null: this was the last page. */
  readonly next: string | null;
}
