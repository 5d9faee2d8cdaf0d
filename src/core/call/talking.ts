import { incomingFacts } from "./facts.ts";
import { sameNumber } from "./number.ts";
import { turnAwaySecond } from "./second-leg.ts";
import type { Asked, CallEffect, CallEnd, CallEvent, CallFacts, CallLeg, CallState, Lost, Talking } from "./state.ts";

interface TalkStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

export const UNASKED: Asked = { wanted: false, confirmed: false, asking: false };

/** The leg of a call is up: from here on both can talk. */
export function connected(facts: CallFacts, leg: string, mute: Asked, at: number): TalkStep {
  const talk = { facts, leg, answeredAt: at, mute: { ...mute, asking: true }, hold: UNASKED, heldThere: false, digits: "", transfer: null };
  return { state: { phase: "active", ...talk }, effects: [{ type: "set-muted", leg, muted: mute.wanted }] };
}

/** The rules of a call that is up: [C3], [C9] to [C14] and [C20] of `transition.ts`. */
export function talking(state: Talking, event: CallEvent): TalkStep {
  if ("leg" in event && typeof event.leg === "string" && event.leg !== state.leg) return { state, effects: [] };
  return byAgent(state, event) ?? byEngine(state, event) ?? { state, effects: [] };
}

function byAgent(state: Talking, event: CallEvent): TalkStep | null {
  const { leg } = state;
  switch (event.type) {
    case "want-mute": {
      // Sent even where it seems to be so already: a live microphone behind a muted button is the worst there is.
      const mute = { ...state.mute, wanted: event.muted, asking: true };
      return { state: { ...state, mute }, effects: [{ type: "set-muted", leg, muted: event.muted }] };
    }
    case "want-hold":
      return hold(state, { ...state.hold, wanted: event.held });
    case "want-transfer": {
      if (state.transfer !== null) return null;
      const { number, other } = event;
      return { state: { ...state, transfer: number }, effects: [{ type: "transfer-leg", callId: state.facts.callId, leg, number, other }] };
    }
    case "digit-sent":
      return { state: { ...state, digits: state.digits + event.digit }, effects: [] };
    case "hang-up":
    case "reject":
      return end(state, { at: event.at, reason: "hung-up-here", sipCode: null }, [{ type: "hang-up-leg", leg }]);
    case "time-out":
      return end(state, { at: event.at, reason: "connection-lost", sipCode: null }, [{ type: "hang-up-leg", leg }]);
    default:
      return null;
  }
}

function byEngine(state: Talking, event: CallEvent): TalkStep | null {
  const { leg, mute } = state;
  switch (event.type) {
    case "leg-ringing":
      return { state, effects: turnAwaySecond(state.facts, event) };
    case "leg-connected":
      return { state, effects: [{ type: "set-muted", leg, muted: mute.wanted }] };
    case "leg-replaced":
      return { state: replaced(state, event.by), effects: [] };
    case "leg-muted": {
      const answered = event.muted === mute.wanted;
      // Unasked, the engine's word is what is wanted from now on; asked, an echo of an older wish is waited out.
      const wanted = mute.asking ? mute.wanted : event.muted;
      return { state: { ...state, mute: { wanted, confirmed: event.muted, asking: mute.asking && !answered } }, effects: [] };
    }
    case "leg-mute-refused":
      return { state: { ...state, mute: { ...mute, wanted: mute.confirmed, asking: false } }, effects: [] };
    case "leg-held": {
      const wanted = state.hold.asking ? state.hold.wanted : event.held;
      return hold(state, { wanted, confirmed: event.held, asking: false });
    }
    case "leg-hold-refused":
      return { state: { ...state, hold: { ...state.hold, wanted: state.hold.confirmed, asking: false } }, effects: [] };
    case "leg-held-there":
      return { state: { ...state, heldThere: event.held }, effects: [] };
    case "leg-transfer-refused":
      return { state: { ...state, transfer: null }, effects: [] };
    case "leg-media":
      return { state: lose(state, { media: !event.ok }), effects: [] };
    case "leg-signalling":
      return { state: lose(state, { signalling: !event.ok }), effects: [] };
    case "leg-ended":
      return end(state, { at: event.at, reason: event.reason, sipCode: event.sipCode }, []);
    default:
      return null;
  }
}

/** Somebody else is at the far end: the call stays the same one, with its timer and its note. */
function replaced(state: Talking, by: CallLeg): Talking {
  const { remoteNumber, remoteName, sipCallId, exotelLegSid, exotelCallSid } = incomingFacts({ leg: by, callId: "", at: 0 });
  const record = sameNumber(remoteNumber, state.facts.remoteNumber) ? state.facts.record : null;
  const ids = { sipCallId, exotelLegSid, exotelCallSid: exotelCallSid ?? state.facts.exotelCallSid };
  const settled = (asked: Asked): Asked => ({ wanted: asked.wanted, confirmed: asked.wanted, asking: false });
  const facts = { ...state.facts, ...ids, remoteNumber, remoteName, record };
  return { ...state, leg: by.leg, facts, mute: settled(state.mute), hold: settled(state.hold), transfer: null };
}

function hold(state: Talking, wish: Asked): TalkStep {
  const ask = !wish.asking && wish.wanted !== wish.confirmed;
  const effects: CallEffect[] = ask ? [{ type: "set-held", leg: state.leg, held: wish.wanted }] : [];
  return { state: { ...state, hold: { ...wish, asking: wish.asking || ask } }, effects };
}

function lose(state: Talking, change: Partial<Lost>): Talking {
  const before = state.phase === "reconnecting" ? state.lost : { media: false, signalling: false };
  const lost = { ...before, ...change };
  if (lost.media === before.media && lost.signalling === before.signalling) return state;
  const { facts, leg, answeredAt, mute, hold: held, heldThere, digits, transfer } = state;
  const talk = { facts, leg, answeredAt, mute, hold: held, heldThere, digits, transfer };
  return lost.media || lost.signalling ? { phase: "reconnecting", ...talk, lost } : { phase: "active", ...talk };
}

function end(state: Talking, how: CallEnd, effects: readonly CallEffect[]): TalkStep {
  return { state: { phase: "wrap-up", facts: state.facts, answeredAt: state.answeredAt, end: how }, effects };
}
