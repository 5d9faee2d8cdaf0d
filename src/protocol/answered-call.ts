import type { CallSummary } from "./gateway-calls.ts";

/**
 * Whether somebody answered a call of the gateway's, however short the talk was. `answeredAt` of an outgoing call may be that
 * of the agent's own leg, so it says nothing about the customer.
 */
export function wasAnswered({ direction, outcome, answeredAt, talkSeconds }: CallSummary): boolean {
  return talkSeconds > 0 || outcome === "completed" || (direction === "incoming" && answeredAt !== null);
}

/** An incoming call that is over without anybody having answered it, whatever the reason; `missed` of the history's query. */
export function isMissed(call: CallSummary): boolean {
  return call.direction === "incoming" && call.state === "over" && !wasAnswered(call);
}
