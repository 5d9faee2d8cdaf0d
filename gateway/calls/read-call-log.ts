import type { CallLogRequest } from "../../src/protocol/gateway-calls.ts";
import { recordOf, STAGE, WEIGHT, type CallRecord } from "./call-record.ts";
import type { Outcome } from "./call-view.ts";

/** How the widget's reasons for an end look from the exchange; what is not here was a conversation or is left to Exotel. */
const OUTCOME: Readonly<Record<string, Outcome>> = {
  busy: "busy",
  "no-answer": "no-answer",
  missed: "no-answer",
  rejected: "no-answer",
  cancelled: "canceled",
  failed: "failed",
};

/** What a finished call's log says, in the ledger's words. @param now epoch ms. */
export function recordOfLog({ call, talkSeconds, disposition }: CallLogRequest, now: number): CallRecord {
  return recordOf(WEIGHT.widget, {
    direction: call.direction,
    customerNumber: call.remoteNumber || null,
    companyNumber: call.localNumber,
    exotelSid: call.exotelCallSid,
    createdAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt ?? now,
    talkSeconds,
    stage: STAGE.over,
    outcome: call.answeredAt === null ? (OUTCOME[call.endReason ?? ""] ?? null) : "completed",
    leadId: call.record?.id,
    recordName: call.record?.name,
    writtenAt: now,
    notes: disposition.notes,
    fields: disposition.fields,
    followUpAt: disposition.followUp?.dueAt,
    followUpText: disposition.followUp?.text,
  });
}
