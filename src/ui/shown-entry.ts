import type { HistoryEntry } from "../core/view.ts";
import type { EndReason } from "../protocol/call.ts";
import { isMissed, wasAnswered } from "../protocol/answered-call.ts";
import type { CallSummary } from "../protocol/gateway-calls.ts";

/** A row of the history: this device's own, one of the gateway, or one that both have, with what the gateway knows beyond it. */
export interface ShownEntry extends HistoryEntry {
  readonly archived?: CallSummary;
}

/** What the gateway knows, in the form of this device's own. */
export function entryOfSummary(call: CallSummary): ShownEntry {
  const { callId, direction, number, name, createdAt, talkSeconds, notes, fields } = call;
  return {
    callId,
    direction,
    remoteNumber: number,
    remoteName: name,
    record: null,
    startedAt: createdAt,
    answered: wasAnswered(call),
    talkSeconds,
    endReason: endReasonOf(call),
    sipCode: null,
    sipCallId: null,
    exotelCallSid: call.exotelCallSid,
    disposition: notes === "" && Object.keys(fields).length === 0 ? null : { notes, fields, followUp: null },
    // The gateway has it, and sees to the rest.
    delivered: true,
    unseen: false,
    archived: call,
  };
}

function endReasonOf(call: CallSummary): EndReason {
  if (wasAnswered(call)) return "hung-up-there";
  if (isMissed(call)) return "missed";
  switch (call.outcome) {
    case "busy":
      return "busy";
    case "canceled":
      return "cancelled";
    case "failed":
      return "failed";
    default:
      return "no-answer";
  }
}
