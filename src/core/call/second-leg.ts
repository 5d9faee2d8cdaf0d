import { incomingFacts } from "./facts.ts";
import type { CallEffect, CallEvent, CallFacts, CallLeg } from "./state.ts";

/** A leg that rings while a call is up: refused, and counted as missed. */
export function turnAwaySecond(up: CallFacts, event: Extract<CallEvent, { type: "leg-ringing" }>): CallEffect[] {
  const { leg, callId, at } = event;
  const reject: CallEffect = { type: "reject-leg", leg: leg.leg };
  // Another copy of the call that is up is nobody calling.
  const copy = leg.exotelCallSid !== null && leg.exotelCallSid === up.exotelCallSid;
  return copy ? [reject] : [reject, missed(leg, callId, at)];
}

export function missed(leg: CallLeg, callId: string, at: number): CallEffect {
  return { type: "missed", facts: incomingFacts({ leg, callId, at }), end: { at, reason: "missed", sipCode: null } };
}
