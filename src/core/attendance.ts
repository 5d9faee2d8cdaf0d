import type { CallSnapshot } from "../protocol/call.ts";
import type { Desk } from "./desk.ts";
import type { Paperwork, PaperworkParts } from "./paperwork.ts";
import type { StoredDraft } from "./stored.ts";

/** Whose unfinished work is in hand here: one agent's, and that in one tab alone. */
export interface Attendance {
  /**
   * This agent works here from now on: takes up what an earlier page left unfinished of theirs. What is unfinished of
   * another agent waits in the store until they are back.
   */
  agentCame(agent: string): void;
  /** Signed out: nothing of theirs stays on the screen; what is on its way to this page's host goes on. */
  agentLeft(): void;
  /** Another tab has the phone from now on, and takes up what is unfinished here. */
  release(): void;
}

const ABOUT_CUSTOMERS = ["work-restored", "call-missed"] as const;

export function createAttendance(desk: Desk, parts: PaperworkParts, finish: Paperwork["finish"]): Attendance {
  const { work, history, outbox } = parts;
  let attended: string | null = null;

  const clearWrapUp = (): void => {
    if (parts.callState().phase === "wrap-up") parts.feed({ type: "clear" });
  };
  const letGo = (): void => {
    work.release();
    outbox.release();
    desk.notices.clear(...ABOUT_CUSTOMERS);
    clearWrapUp();
  };
  const showWaiting = (): void => {
    const next = work.waiting();
    if (next !== null && parts.callState().phase === "idle") parts.feed({ type: "resume", call: next });
  };
  const restore = async (agent: string): Promise<void> => {
    // Who reloads a page in a wrap-up waits for it.
    const [drafts, onTheirWay] = await Promise.all([work.load(), outbox.load(), history.load()]);
    if (agent !== attended) return;
    for (const draft of drafts) {
      const { callId } = draft.call;
      if (onTheirWay.has(callId)) work.forget(callId);
      else takeUp(desk, parts, finish, draft);
    }
    showWaiting();
  };
  return {
    agentCame: (agent) => {
      const isNew = attended !== agent;
      if (isNew && attended !== null) letGo();
      attended = agent;
      desk.owner.value = agent;
      work.show(true);
      if (isNew) void restore(agent);
      else showWaiting();
    },
    agentLeft: () => {
      work.show(false);
      desk.notices.clear(...ABOUT_CUSTOMERS);
      clearWrapUp();
    },
    release: () => {
      attended = null;
      letGo();
    },
  };
}

function takeUp(desk: Desk, { work, history }: PaperworkParts, finish: Paperwork["finish"], draft: StoredDraft): void {
  const { call } = draft;
  const wasUp = call.endedAt === null;
  const over: CallSnapshot = wasUp ? { ...call, phase: "wrap-up", endedAt: draft.seenAt, endReason: "connection-lost" } : call;
  const deadlineAt = wasUp ? null : draft.deadlineAt;
  work.adopt({ ...draft, call: over, deadlineAt });
  if (wasUp) history.add(over, null, false);
  const late = deadlineAt !== null && deadlineAt <= desk.ports.clock.now();
  if (late || (over.answeredAt === null && !desk.config.wrapUp.forUnanswered)) return void finish(call.callId);
  work.wrapUp(over);
  desk.notices.push("work-restored", over.remoteNumber);
}
