import type { EndReason } from "../../protocol/call.ts";
import { mergeLeg } from "./facts.ts";
import { whoseLeg } from "./own-leg.ts";
import { missed } from "./second-leg.ts";
import type { CallEffect, CallEvent, CallLeg, CallState, Dialing } from "./state.ts";
import { UNASKED, connected } from "./talking.ts";

interface DialStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

/** The rules of a call that is dialled: [C5] to [C8] and [C21] of `transition.ts`. */
export function dialing(state: Dialing, event: CallEvent): DialStep {
  const ours = placedLeg(state, event);
  if (ours !== null) return ours;
  switch (event.type) {
    case "leg-ringing":
      return legWhileDialing(state, event);
    case "dial-accepted": {
      if (event.callId !== state.facts.callId) return stay(state);
      const { exotelCallSid } = event;
      const next: Dialing = { ...state, facts: { ...state.facts, exotelCallSid }, dial: { ...state.dial, reply: { exotelCallSid } } };
      if (next.undecided === null) return to(next);
      const own = whoseLeg(next.dial, next.undecided.leg) === "own";
      return own ? takeOwnLeg(next, next.undecided.leg, []) : to({ ...next, undecided: null }, turnAway(next, event.at));
    }
    case "dial-placed":
      if (event.callId !== state.facts.callId) return stay(state);
      return to({ ...state, placed: event.leg, facts: { ...state.facts, sipCallId: event.sipCallId } });
    case "dial-refused":
      return event.callId === state.facts.callId ? giveUp(state, event.reason, event.at) : stay(state);
    case "hang-up":
    case "reject":
      return giveUp(state, "hung-up-here", event.at);
    case "time-out":
      return giveUp(
        state,
        state.dial.reply === "awaited" || (state.dial.reply === "direct" && state.placed === null) ? "failed" : "no-answer",
        event.at,
      );
    case "leg-ended":
      if (state.undecided?.leg.leg !== event.leg) return stay(state);
      return to({ ...state, undecided: null }, [missed(state.undecided.leg, state.undecided.callId, event.at)]);
    default:
      return stay(state);
  }
}

/** What the leg of our own INVITE does; `null` for every other. */
function placedLeg(state: Dialing, event: CallEvent): DialStep | null {
  const { placed: leg, facts } = state;
  if (leg === null || !("leg" in event) || event.leg !== leg) return null;
  switch (event.type) {
    case "leg-progress":
      return to({ ...state, ringback: !event.earlyMedia });
    case "leg-connected":
      return connected(facts, leg, UNASKED, event.at);
    case "leg-ended":
      return to({ phase: "ended", facts, answeredAt: null, end: { at: event.at, reason: event.reason, sipCode: event.sipCode } });
    default:
      return stay(state);
  }
}

function legWhileDialing(state: Dialing, event: Extract<CallEvent, { type: "leg-ringing" }>): DialStep {
  const { leg, callId, at } = event;
  const whose = whoseLeg(state.dial, leg);
  if (whose === "own") return takeOwnLeg(state, leg, turnAway(state, at));
  if (whose === "unknown" && state.undecided === null) return to({ ...state, undecided: { leg, callId } });
  return to(state, [{ type: "reject-leg", leg: leg.leg }, missed(leg, callId, at)]);
}

function takeOwnLeg(state: Dialing, leg: CallLeg, before: readonly CallEffect[]): DialStep {
  return to({ phase: "connecting", facts: mergeLeg(state.facts, leg), leg: leg.leg, mute: UNASKED }, [
    ...before,
    { type: "answer-leg", leg: leg.leg },
  ]);
}

export function giveUp(state: Dialing, reason: EndReason, at: number): DialStep {
  const end = { at, reason, sipCode: null };
  const hangUp: CallEffect[] = state.placed === null ? [] : [{ type: "hang-up-leg", leg: state.placed }];
  return to({ phase: "ended", facts: state.facts, answeredAt: null, end }, [...turnAway(state, at), ...hangUp]);
}

function turnAway({ undecided }: Dialing, at: number): CallEffect[] {
  if (undecided === null) return [];
  return [{ type: "reject-leg", leg: undecided.leg.leg }, missed(undecided.leg, undecided.callId, at)];
}

function to(state: CallState, effects: readonly CallEffect[] = []): DialStep {
  return { state, effects };
}
function stay(state: CallState): DialStep {
  return { state, effects: [] };
}
