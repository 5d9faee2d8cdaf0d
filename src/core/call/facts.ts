import type { CallSnapshot } from "../../protocol/call.ts";
import { looksLikeNumber } from "./number.ts";
import type { CallFacts, CallLeg, CallState } from "./state.ts";

/** A customer's call as its INVITE told it. */
export function incomingFacts({ leg, callId, at }: { readonly leg: CallLeg; readonly callId: string; readonly at: number }): CallFacts {
  // Exotel puts the customer's number into the display name where the From user is the company's own.
  const byName = leg.name !== null && looksLikeNumber(leg.name);
  return {
    callId,
    direction: "incoming",
    remoteNumber: byName ? (leg.name ?? leg.number) : leg.number,
    remoteName: byName ? null : leg.name,
    localNumber: leg.localNumber,
    sipCallId: leg.sipCallId,
    exotelCallSid: leg.exotelCallSid,
    exotelLegSid: leg.exotelLegSid,
    startedAt: at,
    record: null,
  };
}

/** Our own leg adds its ids; who was dialled stays what was dialled. */
export function mergeLeg(facts: CallFacts, leg: CallLeg): CallFacts {
  return {
    ...facts,
    localNumber: leg.localNumber,
    sipCallId: leg.sipCallId,
    exotelCallSid: leg.exotelCallSid ?? facts.exotelCallSid,
    exotelLegSid: leg.exotelLegSid,
  };
}

/** A snapshot tells more than the facts; only they are kept. */
export function factsOf(call: CallFacts): CallFacts {
  const { callId, direction, remoteNumber, remoteName, localNumber, sipCallId, exotelCallSid, exotelLegSid, startedAt, record } = call;
  return { callId, direction, remoteNumber, remoteName, localNumber, sipCallId, exotelCallSid, exotelLegSid, startedAt, record };
}

/** The call as everybody outside sees it; `null` while there is none. */
export function snapshotOf(state: CallState): CallSnapshot | null {
  if (state.phase === "idle") return null;
  const talk = state.phase === "active" || state.phase === "reconnecting" ? state : null;
  const done = state.phase === "wrap-up" || state.phase === "ended" ? state : null;
  return {
    ...state.facts,
    phase: state.phase,
    answeredAt: talk?.answeredAt ?? done?.answeredAt ?? null,
    endedAt: done?.end.at ?? null,
    muted: talk?.mute.confirmed ?? false,
    heldHere: talk?.hold.confirmed ?? false,
    heldThere: talk?.heldThere ?? false,
    endReason: done?.end.reason ?? null,
    sipCode: done?.end.sipCode ?? null,
  };
}
