import type { EndReason } from "../../protocol/call.ts";
import { dialing, giveUp } from "./dialing.ts";
import { factsOf, incomingFacts } from "./facts.ts";
import { whoseLeg } from "./own-leg.ts";
import { missed, turnAwaySecond } from "./second-leg.ts";
import type { CallEffect, CallEnd, CallEvent, CallFacts, CallRules, CallState } from "./state.ts";
import { UNASKED, connected, talking } from "./talking.ts";

export interface CallStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

/** How long connecting, a call of which nothing is heard, and the last word about an unanswered call may take. */
export const CONNECT_MS = 60_000;
export const LOST_MS = 30_000;
export const LINGER_MS = 3_000;
/** How long it may ring at the far end of our own INVITE; an exchange usually gives up before. */
export const PLACED_MS = 120_000;

/**
 * The rules of a call. An event for which the state has no rule changes nothing.
 *
 * - [C1] A leg that rings at a free desk (idle, ended, wrap-up) rings the agent; its ringer sounds in `ringing` only and stops with silence.
 * - [C2] Answer, decline and hang-up take effect at once on the screen; the leg is commanded once.
 * - [C3] A call that was answered always passes through wrap-up; an unanswered one only where the deployment says so.
 * - [C4] A caller who gives up is `missed`; a call taken on another device is `answered-elsewhere` and asks for nothing.
 * - [C5] Dialling shows `dialing` from the first click and keeps the number and name that were dialled.
 * - [C6] Our own leg is answered by itself: told by the call id of the dial reply, else by the number; one leg, in time.
 * - [C7] A leg that cannot be told yet waits for the dial reply; a foreign one is refused and counted as missed.
 * - [C8] A dial that is refused ends with its reason; one whose leg never rings ends as `no-answer`, or `failed` where not even the reply came.
 * - [C9] A second leg while a call is up is refused and counted as missed; the first call does not notice.
 * - [C10] Each leg that connects is told at once whether it is muted; `confirmed` changes by the engine's word alone.
 * - [C11] One hold request is under way at a time; the last wish is sent when it is answered, a refused one is given up.
 * - [C12] Lost media or signalling makes the call `reconnecting`; it is active again when both are back.
 * - [C13] Connecting for too long, or without media and signalling for too long (nobody could say that it is over), it is hung up here.
 *   Media alone may be missing because the far end is silent or waits: that is the agent's to judge.
 * - [C14] A leg that has ended is never commanded again, and its late events change nothing.
 * - [C15] A wrap-up that was set aside or survived a reload comes back when the desk is free, or in the place of another when asked for.
 * - [C20] One transfer is under way at a time; refused, the call is as it was; done, its leg ends as `transferred`.
 * - [C21] Where the phone calls by its own INVITE it shows `dialing` until the far end answers, and every leg that rings meanwhile is foreign.
 *   It ends as its leg does; taken back, or not answered for too long, the leg is hung up.
 * - [C22] A call whose far end is replaced (RFC 3891) is the same call with another number: timer, note, mute and hold stay.
 * - [C23] A dial that the CRM's server has asked for is as one of the agent's own, but nothing is asked of anybody for it.
 * - [C16] A call that another page had goes on here where the desk is free; nothing is asked of the engine for it.
 * - [C17] A call that another page has from now on is forgotten without a command: it is not over.
 */
export function transition(state: CallState, event: CallEvent, rules: CallRules): CallStep {
  const { state: next, effects } = rule(state, event, rules);
  return { state: next, effects: [...ringer(state, next), ...effects, ...timer(state, next, rules)] };
}

function rule(state: CallState, event: CallEvent, rules: CallRules): CallStep {
  if (event.type === "leg-refused-busy") return refusedByEngine(state, event);
  if (event.type === "record-found") return found(state, event);
  if (event.type === "forget") return to({ phase: "idle" });
  if (event.type === "restore") return isFree(state) ? to(event.state) : stay(state);
  if (event.type === "dial-accepted" && state.phase !== "dialing") return acceptedLate(state, event);
  switch (state.phase) {
    case "idle":
    case "ended":
    case "wrap-up":
      return free(state, event, rules);
    case "dialing":
      return dialing(state, event);
    case "ringing":
      return ringing(state, event, rules);
    case "connecting":
      return connecting(state, event, rules);
    case "active":
    case "reconnecting":
      return talking(state, event);
    default:
      return state satisfies never;
  }
}

function free(state: Extract<CallState, { phase: "idle" | "ended" | "wrap-up" }>, event: CallEvent, rules: CallRules): CallStep {
  switch (event.type) {
    case "leg-ringing":
      return to({ phase: "ringing", facts: incomingFacts(event), leg: event.leg.leg, silenced: false });
    case "dial": {
      const { callId, number, record } = event;
      const facts: CallFacts = { ...EMPTY_FACTS, callId, remoteNumber: number, remoteName: event.name, record, startedAt: event.at };
      const dial = { number, reply: rules.dialsDirect && event.requested !== true ? "direct" : "awaited" } as const;
      const asked: CallEffect[] = event.requested === true ? [] : [{ type: "place-call", callId, number, record }];
      return to({ phase: "dialing", facts, dial, undecided: null, placed: null, ringback: false }, asked);
    }
    case "wrap-up-done":
      return state.phase === "wrap-up" && event.callId === state.facts.callId ? to({ ...state, phase: "ended" }) : stay(state);
    case "clear":
      return to({ phase: "idle" });
    case "time-out":
      return state.phase === "ended" ? to({ phase: "idle" }) : stay(state);
    case "resume": {
      const { call, asked = false } = event;
      if ((state.phase === "wrap-up" && !asked) || call.endedAt === null || call.endReason === null) return stay(state);
      const end = { at: call.endedAt, reason: call.endReason, sipCode: call.sipCode };
      return to({ phase: "wrap-up", facts: factsOf(call), answeredAt: call.answeredAt, end });
    }
    default:
      return stay(state);
  }
}

function isFree({ phase }: CallState): boolean {
  return phase === "idle" || phase === "ended" || phase === "wrap-up";
}

function ringing(state: Extract<CallState, { phase: "ringing" }>, event: CallEvent, rules: CallRules): CallStep {
  switch (event.type) {
    case "answer": {
      return to({ phase: "connecting", facts: state.facts, leg: state.leg, mute: UNASKED }, [{ type: "answer-leg", leg: state.leg }]);
    }
    case "reject":
    case "hang-up":
      return over(state, { at: event.at, reason: "rejected", sipCode: null }, rules, [{ type: "reject-leg", leg: state.leg }]);
    case "silence":
      return to({ ...state, silenced: true });
    case "leg-ringing":
      return to(state, turnAwaySecond(state.facts, event));
    case "leg-ended": {
      if (event.leg !== state.leg) return stay(state);
      return over(state, { at: event.at, reason: unanswered(state.facts, event.reason), sipCode: event.sipCode }, rules);
    }
    default:
      return stay(state);
  }
}

function connecting(state: Extract<CallState, { phase: "connecting" }>, event: CallEvent, rules: CallRules): CallStep {
  const { facts, leg, mute } = state;
  switch (event.type) {
    case "leg-connected":
      return event.leg === leg ? connected(facts, leg, mute, event.at) : stay(state);
    case "want-mute":
      return to({ ...state, mute: { ...mute, wanted: event.muted } });
    case "leg-muted":
      return event.leg === leg ? to({ ...state, mute: { ...mute, confirmed: event.muted } }) : stay(state);
    case "hang-up":
    case "reject":
      return over(state, { at: event.at, reason: "hung-up-here", sipCode: null }, rules, [{ type: "hang-up-leg", leg }]);
    case "time-out":
      return over(state, { at: event.at, reason: "failed", sipCode: null }, rules, [{ type: "hang-up-leg", leg }]);
    case "leg-ringing":
      return to(state, turnAwaySecond(facts, event));
    case "leg-ended":
      return event.leg === leg
        ? over(state, { at: event.at, reason: unanswered(facts, event.reason), sipCode: event.sipCode }, rules)
        : stay(state);
    default:
      return stay(state);
  }
}

function refusedByEngine(state: CallState, event: Extract<CallEvent, { type: "leg-refused-busy" }>): CallStep {
  const { leg, callId, at } = event;
  // The engine was busy with somebody else's leg when our own came: this dial can no longer succeed.
  if (state.phase === "dialing" && whoseLeg(state.dial, leg) === "own") return giveUp(state, "failed", at);
  return to(state, [missed(leg, callId, at)]);
}

function found(state: CallState, event: Extract<CallEvent, { type: "record-found" }>): CallStep {
  if (state.phase === "idle" || state.facts.callId !== event.callId || state.facts.record !== null) return stay(state);
  return to({ ...state, facts: { ...state.facts, record: event.record } });
}

/** Our own leg, known by its number, was faster than the reply that names the call. */
function acceptedLate(state: CallState, event: Extract<CallEvent, { type: "dial-accepted" }>): CallStep {
  if (state.phase === "idle" || state.facts.callId !== event.callId || state.facts.exotelCallSid !== null) return stay(state);
  if (event.exotelCallSid === null) return stay(state);
  return to({ ...state, facts: { ...state.facts, exotelCallSid: event.exotelCallSid } });
}

function over(state: { readonly facts: CallFacts }, end: CallEnd, rules: CallRules, effects: readonly CallEffect[] = []): CallStep {
  const write = rules.wrapUpForUnanswered && end.reason !== "answered-elsewhere";
  return to({ phase: write ? "wrap-up" : "ended", facts: state.facts, answeredAt: null, end }, effects);
}

function ringer(before: CallState, after: CallState): CallEffect[] {
  const [was, is] = [before, after].map((state) => state.phase === "ringing" && !state.silenced);
  if (was === is) return [];
  return [{ type: is === true ? "start-ringer" : "stop-ringer" }];
}

/** The timer belongs to what is waited for: a change of it starts the timer anew or stops it. */
function timer(before: CallState, after: CallState, rules: CallRules): CallEffect[] {
  if (before === after || waitsFor(before) === waitsFor(after)) return [];
  return [{ type: "timer", ms: waitMs(after, rules) }];
}

function waitsFor(state: CallState): string {
  if (state.phase === "reconnecting") return state.lost.media && state.lost.signalling ? `lost ${state.facts.callId}` : "";
  const timed = state.phase === "dialing" || state.phase === "connecting" || state.phase === "ended";
  const placed = state.phase === "dialing" && state.placed !== null ? " placed" : "";
  return timed ? `${state.phase} ${state.facts.callId}${placed}` : "";
}

function waitMs(state: CallState, rules: CallRules): number | null {
  if (waitsFor(state) === "") return null;
  if (state.phase === "dialing") return state.dial.reply === "direct" ? PLACED_MS : rules.autoAnswerMs;
  if (state.phase === "connecting") return CONNECT_MS;
  return state.phase === "ended" ? LINGER_MS : LOST_MS;
}

function unanswered({ direction }: CallFacts, reason: EndReason): EndReason {
  return direction === "incoming" && GAVE_UP.has(reason) ? "missed" : reason;
}

const GAVE_UP: ReadonlySet<EndReason> = new Set(["missed", "cancelled", "hung-up-there", "no-answer"]);

const EMPTY_FACTS = {
  direction: "outgoing",
  localNumber: null,
  sipCallId: null,
  exotelCallSid: null,
  exotelLegSid: null,
} as const;

function to(state: CallState, effects: readonly CallEffect[] = []): CallStep {
  return { state, effects };
}
function stay(state: CallState): CallStep {
  return { state, effects: [] };
}
