import type { CallSnapshot, CrmRecord, Direction, EndReason } from "../../protocol/call.ts";

/**
 * One call at this desk, from the first click or ring until nothing is left to write.
 *
 * ```
 *            dial                  own leg rings
 *   idle ───────────► dialing ────────────────────► connecting
 *    │ ▲                 │ refused, cancelled, late     │   ▲
 *    │ │                 ▼                              │   │ answer
 *    │ │ clear        ended ◄───────────────────────────┤   │
 *    │ └───────────────┤ ▲ ▲     never answered         │ ringing ◄── leg rings (idle, ended, wrap-up)
 *    │                 │ │ └──────────────────────────────┘   declined, missed, answered elsewhere
 *    │                 │ │ wrap-up-done                 │ leg connected
 *    │    resume       │ │                              ▼
 *    └───────────► wrap-up ◄──────────────────────── active ◄────► reconnecting
 *                      ▲          hung up, lost                media or signalling │
 *                      └───────────────────────────────────────────────────────────┘
 * ```
 *
 * The clock, the ringer and the engine are outside: the machine only names what they are to do.
 */
export type CallState =
  | { readonly phase: "idle" }
  | Dialing
  | { readonly phase: "ringing"; readonly facts: CallFacts; readonly leg: string; readonly silenced: boolean }
  | { readonly phase: "connecting"; readonly facts: CallFacts; readonly leg: string; readonly mute: Asked }
  | Talking
  | { readonly phase: "wrap-up"; readonly facts: CallFacts; readonly answeredAt: number | null; readonly end: CallEnd }
  | { readonly phase: "ended"; readonly facts: CallFacts; readonly answeredAt: number | null; readonly end: CallEnd };

export interface Dialing {
  readonly phase: "dialing";
  readonly facts: CallFacts;
  readonly dial: OwnDial;
  /** A leg that rings while it cannot be told yet whose it is. */
  readonly undecided: { readonly leg: CallLeg; readonly callId: string } | null;
  /** The leg of our own INVITE, where the phone calls by itself. */
  readonly placed: string | null;
  /** It rings at the far end, which sends no sound of its own. */
  readonly ringback: boolean;
}

export type Talking = Talk & ({ readonly phase: "active" } | { readonly phase: "reconnecting"; readonly lost: Lost });

interface Talk {
  readonly facts: CallFacts;
  readonly leg: string;
  readonly answeredAt: number;
  readonly mute: Asked;
  readonly hold: Asked;
  readonly heldThere: boolean;
  readonly digits: string;
  /** Who the far end is being sent to; `null` while no transfer is under way. */
  readonly transfer: string | null;
}

/** What does not change with the state of a call. */
export interface CallFacts {
  readonly callId: string;
  readonly direction: Direction;
  readonly remoteNumber: string;
  readonly remoteName: string | null;
  readonly localNumber: string | null;
  readonly sipCallId: string | null;
  readonly exotelCallSid: string | null;
  readonly exotelLegSid: string | null;
  readonly startedAt: number;
  readonly record: CrmRecord | null;
}

/** A switch that the engine carries out: what is wanted, what is so, and whether an answer is awaited. */
export interface Asked {
  readonly wanted: boolean;
  readonly confirmed: boolean;
  readonly asking: boolean;
}

export interface Lost {
  readonly media: boolean;
  readonly signalling: boolean;
}

export interface CallEnd {
  readonly at: number;
  readonly reason: EndReason;
  readonly sipCode: number | null;
}

/** A leg as its INVITE described it (same shape as the engine's invitation). */
export interface CallLeg {
  readonly leg: string;
  readonly number: string;
  readonly name: string | null;
  readonly localNumber: string | null;
  readonly sipCallId: string | null;
  readonly exotelCallSid: string | null;
  readonly exotelLegSid: string | null;
}

/** A number that was dialled and the exchange's answer to it; `direct`: the phone calls by itself and no exchange rings it. */
export interface OwnDial {
  readonly number: string;
  readonly reply: "awaited" | "direct" | { readonly exotelCallSid: string | null };
}

/** `at`: epoch ms. `callId` of a ringing leg: the id it gets if it becomes a call of its own. */
export type CallEvent =
  | {
      readonly type: "dial";
      readonly callId: string;
      readonly number: string;
      readonly name: string | null;
      readonly record: CrmRecord | null;
      readonly at: number;
      /** The exchange has been asked already, by the CRM's server. */
      readonly requested?: true;
    }
  | { readonly type: "dial-accepted"; readonly callId: string; readonly exotelCallSid: string | null; readonly at: number }
  | { readonly type: "dial-placed"; readonly callId: string; readonly leg: string; readonly sipCallId: string | null }
  | { readonly type: "dial-refused"; readonly callId: string; readonly reason: EndReason; readonly at: number }
  | { readonly type: "answer" }
  | { readonly type: "reject"; readonly at: number }
  | { readonly type: "silence" }
  | { readonly type: "hang-up"; readonly at: number }
  | { readonly type: "want-mute"; readonly muted: boolean }
  | { readonly type: "want-hold"; readonly held: boolean }
  /** `other`: the leg of the call that the far end is to take over (attended), `null` where it is to call by itself (blind). */
  | { readonly type: "want-transfer"; readonly number: string; readonly other: string | null }
  | { readonly type: "digit-sent"; readonly leg: string; readonly digit: string }
  | { readonly type: "record-found"; readonly callId: string; readonly record: CrmRecord }
  | { readonly type: "wrap-up-done"; readonly callId: string }
  /** `asked`: the agent wants this one in the place of the wrap-up on the screen. */
  | { readonly type: "resume"; readonly call: CallSnapshot; readonly asked?: true }
  | { readonly type: "clear" }
  /** A call that another page, or another tab, had until now. */
  | { readonly type: "restore"; readonly state: CallState }
  /** Another page has the call. */
  | { readonly type: "forget" }
  | { readonly type: "time-out"; readonly at: number }
  | LegEvent;

export type LegEvent =
  | { readonly type: "leg-ringing"; readonly leg: CallLeg; readonly callId: string; readonly at: number }
  | { readonly type: "leg-refused-busy"; readonly leg: CallLeg; readonly callId: string; readonly at: number }
  | { readonly type: "leg-progress"; readonly leg: string; readonly earlyMedia: boolean }
  | { readonly type: "leg-connected"; readonly leg: string; readonly at: number }
  | { readonly type: "leg-replaced"; readonly leg: string; readonly by: CallLeg }
  | { readonly type: "leg-muted"; readonly leg: string; readonly muted: boolean }
  | { readonly type: "leg-mute-refused"; readonly leg: string }
  | { readonly type: "leg-held"; readonly leg: string; readonly held: boolean }
  | { readonly type: "leg-hold-refused"; readonly leg: string }
  | { readonly type: "leg-held-there"; readonly leg: string; readonly held: boolean }
  | { readonly type: "leg-transfer-refused"; readonly leg: string }
  | { readonly type: "leg-media"; readonly leg: string; readonly ok: boolean }
  | { readonly type: "leg-signalling"; readonly leg: string; readonly ok: boolean }
  | { readonly type: "leg-ended"; readonly leg: string; readonly reason: EndReason; readonly sipCode: number | null; readonly at: number };

/** What the world has to do. `timer`: start the one timer of the call anew, or stop it (`null`). */
export type CallEffect =
  | { readonly type: "place-call"; readonly callId: string; readonly number: string; readonly record: CrmRecord | null }
  | { readonly type: "answer-leg"; readonly leg: string }
  | { readonly type: "reject-leg"; readonly leg: string }
  | { readonly type: "hang-up-leg"; readonly leg: string }
  | { readonly type: "set-muted"; readonly leg: string; readonly muted: boolean }
  | { readonly type: "set-held"; readonly leg: string; readonly held: boolean }
  | { readonly type: "transfer-leg"; readonly callId: string; readonly leg: string; readonly number: string; readonly other: string | null }
  | { readonly type: "start-ringer" }
  | { readonly type: "stop-ringer" }
  | { readonly type: "timer"; readonly ms: number | null }
  /** A call that never got a chance because another one is up. */
  | { readonly type: "missed"; readonly facts: CallFacts; readonly end: CallEnd };

export interface CallRules {
  /** How long the exchange may take to ring our own leg after a dial. */
  readonly autoAnswerMs: number;
  readonly wrapUpForUnanswered: boolean;
  /** The phone calls by its own INVITE. */
  readonly dialsDirect: boolean;
}
