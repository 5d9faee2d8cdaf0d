import type { CallSummary } from "../../src/protocol/gateway-calls.ts";
import type { LeadSquaredConfig } from "../config/gateway-config.ts";
import type { Outbox } from "../delivery/outbox.ts";
import { planDeliveries } from "../delivery/plan-deliveries.ts";
import type { AgentEvents } from "../events/agent-events.ts";
import type { LedgerEntry, OnChange } from "./call-ledger.ts";

export interface CallChangesParts {
  readonly events: AgentEvents;
  readonly outbox: Outbox;
  readonly leadsquared: LeadSquaredConfig | undefined;
  readonly now: () => number;
}

/** What follows from a changed call: its agent's widgets hear of it, and the CRM will. */
export function callChanges({ events, outbox, leadsquared, now }: CallChangesParts): OnChange {
  return async (trx, before, after) => {
    await outbox.plan(trx, after.id, planDeliveries(leadsquared, after, now()));
    if (after.agentId === null) return;
    const call = summaryOf(after, false);
    if (before?.agentId === after.agentId && JSON.stringify(summaryOf(before, false)) === JSON.stringify(call)) return;
    await events.append(trx, after.agentId, { type: "call-changed", call });
  };
}

/** The call as its agent's widget may see it: the recording's address stays here. */
export function summaryOf({ id, view }: LedgerEntry, isDelivered: boolean): CallSummary {
  return {
    callId: id,
    exotelCallSid: view.exotelSid,
    direction: view.direction,
    number: view.customerNumber,
    name: view.recordName,
    state: view.isOver ? "over" : view.answeredAt !== null ? "talking" : view.isRinging ? "ringing" : "requested",
    outcome: view.outcome,
    createdAt: view.createdAt,
    answeredAt: view.answeredAt,
    endedAt: view.endedAt,
    talkSeconds: view.talkSeconds,
    digits: view.digits,
    hasRecording: view.recordingUrl !== null,
    notes: view.notes,
    fields: view.fields,
    isDelivered,
  };
}
