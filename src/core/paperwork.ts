import type { CallLog, CallSnapshot, Disposition } from "../protocol/call.ts";
import { type CallEffect, type CallEvent, type CallState } from "./call/state.ts";
import { snapshotOf } from "./call/facts.ts";
import type { Desk } from "./desk.ts";
import { type History, isMissed, talkSeconds } from "./history.ts";
import type { Outbox } from "./outbox.ts";
import { NOTHING_WRITTEN, type Work } from "./work.ts";

/** What becomes of a call when it is over: history, wrap-up, log. Nothing that was typed is lost on the way. */
export interface Paperwork {
  callOver(call: CallSnapshot): void;
  /** A call that never got through because another one is up. */
  missed(effect: Extract<CallEffect, { type: "missed" }>): void;
  /** Closes a wrap-up with what is written so far. */
  finish(callId: string): Promise<void>;
}

export interface PaperworkParts {
  readonly work: Work;
  readonly history: History;
  readonly outbox: Outbox;
  callState(): CallState;
  feed(event: CallEvent): void;
}

export function createPaperwork(desk: Desk, parts: PaperworkParts): Paperwork {
  const { work, history, outbox } = parts;
  const send = async (call: CallSnapshot, disposition: Disposition): Promise<void> => {
    const log: CallLog = { logId: call.callId, call: { ...call, phase: "ended" }, talkSeconds: talkSeconds(call), disposition };
    // The draft goes only when the log is as safe as the draft was.
    if (await outbox.add(log)) work.forget(call.callId);
  };
  const callOver = (call: CallSnapshot): void => {
    const elsewhere = call.endReason === "answered-elsewhere";
    history.add(call, null, elsewhere);
    if (isMissed(call)) tellMissed(call);
    if (call.phase === "wrap-up") return work.wrapUp(call);
    const written = work.take(call.callId);
    if (elsewhere) return work.forget(call.callId);
    void send(call, written);
  };
  const tellMissed = (call: CallSnapshot): void => {
    desk.notices.push("call-missed", call.remoteNumber);
    desk.tell({ type: "call-missed", call });
  };
  const finish = async (callId: string): Promise<void> => {
    const call = work.callOf(callId);
    if (call === null || call.endedAt === null) return;
    const disposition = work.take(callId);
    desk.notices.clear("work-restored");
    const over: CallSnapshot = { ...call, phase: "ended" };
    history.change(callId, { disposition, record: call.record });
    const log: CallLog = { logId: callId, call: over, talkSeconds: talkSeconds(over), disposition };
    desk.tell({ type: "disposition-saved", log });
    const state = parts.callState();
    if (state.phase === "wrap-up" && state.facts.callId === callId) parts.feed({ type: "wrap-up-done", callId });
    else desk.tell({ type: "call-changed", call: over });
    await send(over, disposition);
  };
  return {
    callOver,
    missed: ({ facts, end }) => {
      const call = snapshotOf({ phase: "ended", facts, answeredAt: null, end });
      if (call === null) return;
      history.add(call, null, false);
      tellMissed(call);
      void send(call, NOTHING_WRITTEN);
    },
    finish,
  };
}
