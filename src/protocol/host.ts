import * as v from "valibot";
import type { CallLog, CallSnapshot, CrmRecord } from "./call.ts";

/**
 * The host protocol, version 1: what a CRM page and the phone in its frame say to each other.
 *
 * Every message is `{ softphone: 1, id, type, payload }`. The phone posts `hello` to its parent (target `*`: it says
 * nothing but that a phone is here). The page answers `connect` with a transferred MessagePort to the phone's origin;
 * from then on everything travels on that port. Commands are answered with `ack` or `refused` under the same `id`;
 * the phone's requests are answered with `reply` or `failed`. Events carry `sequence`, which grows by one. `ping` is
 * answered with `pong` at once: nothing in a frame whose process died can say that it did.
 */
export const PROTOCOL_VERSION = 1;

const number = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64));
const shortText = (max: number) => v.pipe(v.string(), v.maxLength(max));

export const crmRecordSchema = v.object({
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  name: shortText(200),
  detail: v.optional(shortText(200)),
});

/** Credentials as Exotel hands them to an agent. */
export const signInPayload = v.strictObject({
  /** With or without `sip:`, with or without `@domain`. */
  sipId: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  domain: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  /** VoIP proxy, `host:port`. */
  proxy: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  displayName: v.optional(shortText(100)),
});
export type SignIn = v.InferOutput<typeof signInPayload>;

const empty = v.optional(v.strictObject({}), {});

/** One schema a command. The key is the message's `type`. */
export const commandPayloads = {
  dial: v.strictObject({ number, record: v.optional(crmRecordSchema), name: v.optional(shortText(200)) }),
  answer: empty,
  reject: empty,
  hangup: empty,
  mute: v.strictObject({ muted: v.boolean() }),
  hold: v.strictObject({ held: v.boolean() }),
  /** Sends the far end on to this number: blind transfer. */
  transfer: v.strictObject({ number }),
  /** Holds the call and asks somebody else first. */
  consult: v.strictObject({ number }),
  /** Joins the held call and the consultation; the phone leaves both. */
  completeTransfer: empty,
  /** Ends the consultation and takes the held call back. */
  cancelConsult: empty,
  /** Holds the call that is up and takes the held one back. */
  swap: empty,
  dtmf: v.strictObject({ digits: v.pipe(v.string(), v.regex(/^[0-9A-D*#]{1,32}$/)) }),
  /** The lead, ticket or contact on screen; `null` when there is none. */
  setContext: v.strictObject({ record: v.nullable(crmRecordSchema), number: v.optional(number) }),
  signIn: signInPayload,
  /** Signs in to the deployment's gateway with a JWT of the CRM's own server; where `gateway.signIn` is set. */
  signInByToken: v.strictObject({ token: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(8_000)) }),
  signOut: empty,
  showPanel: v.strictObject({ panel: v.picklist(["keypad", "calls", "settings"]) }),
  getSnapshot: empty,
} as const;
export type CommandType = keyof typeof commandPayloads;
export type CommandPayload<T extends CommandType> = v.InferOutput<(typeof commandPayloads)[T]>;
export type HostCommand = { [T in CommandType]: { readonly type: T; readonly payload: CommandPayload<T> } }[CommandType];

/** Why a command was refused. */
export const REFUSAL_CODES = [
  "malformed",
  "unknown-type",
  "unsupported-version",
  "too-large",
  "too-many",
  "not-signed-in",
  "not-ready",
  "no-call",
  "call-in-progress",
  "number-invalid",
  "not-possible-now",
  "not-supported",
  "credentials-refused",
  "server-not-allowed",
  "dial-failed",
  "phone-is-elsewhere",
  "microphone-missing",
  "microphone-refused",
  "microphone-not-delegated",
  "hold-refused",
  "internal",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One message, whichever way it goes. `id` is the sender's choice; an answer carries the id of what it answers. */
export interface Envelope {
  readonly softphone: typeof PROTOCOL_VERSION;
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
}

/** Page to phone, on the window: takes the phone. The one transferred MessagePort carries everything that follows. */
export const connectPayload = v.object({
  /** The requests (`HostRequestType`) that this page answers; names that this phone does not know are ignored. */
  capabilities: v.pipe(v.array(shortText(60)), v.maxLength(50)),
});

/**
 * What a call needs to ring: the registration at the SIP server, a page that the browser runs, a microphone to answer
 * with, the browser's leave to sound.
 */
export const LINE_NEEDS = ["registration", "page", "microphone", "ringing"] as const;
export type LineNeed = (typeof LINE_NEEDS)[number];

/** Whether a call would ring now, as the host sees it. */
export interface LineSnapshot {
  readonly state: "signed-out" | "offline" | "connecting" | "ready" | "retrying" | "refused" | "taken-elsewhere" | "off";
  /** Closed list of `PhoneErrorCode`; `null` where nothing is missing. */
  readonly reason: string | null;
  /** Epoch ms of the next try, while `retrying`. */
  readonly nextTryAt: number | null;
  /** A call rings here now, and can be answered, only while this is empty. */
  readonly missing: readonly LineNeed[];
}

export interface PhoneSnapshot {
  readonly line: LineSnapshot;
  /** SIP user name of the agent, never the password; `null` when signed out. */
  readonly agent: string | null;
  /** The call in front: the one that the agent sees. */
  readonly call: CallSnapshot | null;
  /** A second call, which waits or is held. */
  readonly otherCall: CallSnapshot | null;
  /** Finished calls that the host has not acknowledged yet. */
  readonly unsavedCalls: number;
  /** Sequence number of the newest event at this moment. */
  readonly sequence: number;
}

/** What happened, told to the host in order. */
export type HostEvent =
  | { readonly type: "ready"; readonly capabilities: readonly string[] }
  | { readonly type: "signed-in"; readonly agent: string }
  | { readonly type: "signed-out" }
  | { readonly type: "line-changed"; readonly line: LineSnapshot }
  | { readonly type: "call-changed"; readonly call: CallSnapshot }
  | { readonly type: "call-missed"; readonly call: CallSnapshot }
  | { readonly type: "transfer-failed"; readonly callId: string }
  | { readonly type: "disposition-saved"; readonly log: CallLog }
  | { readonly type: "resize-wanted"; readonly width: number; readonly height: number; readonly why: "ringing" | "in-call" | "idle" };
export type HostEventType = HostEvent["type"];

/** What the phone asks the host for, with the answer it expects. */
export interface HostRequests {
  "match-number": { ask: { readonly number: string }; answer: { readonly records: readonly CrmRecord[] } };
  "pop-record": {
    ask: { readonly record: CrmRecord | null; readonly number: string; readonly call: CallSnapshot };
    answer: Record<string, never>;
  };
  "save-call-log": { ask: CallLog; answer: { readonly stored: true } };
  /** The host asks its own server to place the call; `exotelCallSid` is the `Sid` that `Calls/connect` returned. */
  "place-call": {
    ask: { readonly number: string; readonly callId: string; readonly record: CrmRecord | null };
    answer: { readonly exotelCallSid?: string | undefined };
  };
}
export type HostRequestType = keyof HostRequests;

/** What the host's answers must look like. */
export const answerPayloads = {
  "match-number": v.object({ records: v.pipe(v.array(crmRecordSchema), v.maxLength(50)) }),
  "pop-record": v.optional(v.object({}), {}),
  "save-call-log": v.object({ stored: v.literal(true) }),
  /** Lenient: the call is on its way by then, and saying "failed" over an odd id would be a lie. */
  "place-call": v.object({ exotelCallSid: v.fallback(v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), undefined) }),
} as const satisfies Record<HostRequestType, v.GenericSchema>;

/** Why the host could not do what the phone asked for: the payload of `failed`. */
export const FAILURE_CODES = ["not-supported", "number-invalid", "not-possible-now", "dial-failed"] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export const failedPayload = v.object({ code: v.picklist(FAILURE_CODES) });
