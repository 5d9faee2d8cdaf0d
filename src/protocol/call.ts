/** The words for a call that every border of the phone shares: host page, other tabs, gateway, screen. */

export const DIRECTIONS = ["incoming", "outgoing"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * Where a call is, in the order in which it may pass through.
 *
 * - `dialing`: the agent asked for it; the exchange has not rung our own leg yet.
 * - `ringing`: a customer's call rings here.
 * - `connecting`: our leg is answered (or answers itself), the media is not up yet.
 * - `active`: both can talk, unless held.
 * - `reconnecting`: media or signalling is lost, the call may come back.
 * - `wrap-up`: the call is over; outcome and notes are still being written.
 * - `ended`: over, and nothing is left to write.
 */
export const CALL_PHASES = ["dialing", "ringing", "connecting", "active", "reconnecting", "wrap-up", "ended"] as const;
export type CallPhase = (typeof CALL_PHASES)[number];

/** Why a call ended: a closed list. The SIP status code, where there is one, travels beside it. */
export const END_REASONS = [
  "hung-up-here",
  "hung-up-there",
  "rejected",
  "missed",
  "answered-elsewhere",
  "cancelled",
  "busy",
  "no-answer",
  "failed",
  "media-denied",
  "connection-lost",
  "transferred",
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** A lead, contact or ticket of the CRM. `type` and `id` are the CRM's own words. */
export interface CrmRecord {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** One short line that helps the agent: "Proposal sent". */
  readonly detail?: string | undefined;
}

/** How one call looks from outside at one moment. All times are epoch milliseconds. */
export interface CallSnapshot {
  /** Ours, a UUID: the same from the first click to the delivered call log. */
  readonly callId: string;
  readonly direction: Direction;
  readonly phase: CallPhase;
  /** E.164 where the number could be understood, else as it was signalled. */
  readonly remoteNumber: string;
  readonly remoteName: string | null;
  /** The company's number or queue that was called, where the exchange tells. */
  readonly localNumber: string | null;
  /** SIP Call-ID of the agent's own leg (RFC 3261 section 8.1.1.4). */
  readonly sipCallId: string | null;
  /** `X-Exotel-Callsid`: Exotel's id of the whole call. */
  readonly exotelCallSid: string | null;
  /** `LegSid`: Exotel's id of the agent's leg. */
  readonly exotelLegSid: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  readonly heldHere: boolean;
  readonly heldThere: boolean;
  readonly endReason: EndReason | null;
  /** SIP status code of the final response, where the end came with one. */
  readonly sipCode: number | null;
  readonly record: CrmRecord | null;
}

/** What an agent wrote about a call. Field ids and allowed values come from `config.json`. */
export interface Disposition {
  /** Field id to the value chosen or typed; a field left empty is absent. */
  readonly fields: Readonly<Record<string, string>>;
  readonly notes: string;
  readonly followUp: FollowUp | null;
}

export interface FollowUp {
  /** Epoch ms. */
  readonly dueAt: number;
  readonly text: string;
}

/** One finished call with what was written about it: what a CRM stores, once per `callId`. */
export interface CallLog {
  /** Idempotency key: equal to `call.callId`. A host that sees it twice stores it once and acknowledges both. */
  readonly logId: string;
  readonly call: CallSnapshot;
  /** Seconds from answer to end; 0 for a call that was never answered. */
  readonly talkSeconds: number;
  readonly disposition: Disposition;
}
