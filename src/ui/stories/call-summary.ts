import type { CallSummary } from "../../protocol/gateway-calls.ts";

/** A call of the gateway's history: Ravi's number, answered, recorded and delivered, where `change` does not say otherwise. */
export function callSummary(callId: string, change: Partial<CallSummary>): CallSummary {
  return {
    callId,
    exotelCallSid: null,
    direction: "incoming",
    number: "+919845000012",
    name: null,
    state: "over",
    outcome: "completed",
    createdAt: 0,
    answeredAt: null,
    endedAt: null,
    talkSeconds: 61,
    digits: "",
    hasRecording: true,
    notes: "",
    fields: {},
    isDelivered: true,
    ...change,
  };
}
