import type { CallSnapshot } from "../protocol/call.ts";
import type { HostEvent } from "../protocol/host.ts";
import { isUp } from "./call/allowed.ts";
import { snapshotOf } from "./call/facts.ts";
import type { CallEvent, CallState } from "./call/state.ts";
import { type Desk, MICROPHONE_CODES } from "./desk.ts";
import type { Paperwork } from "./paperwork.ts";
import type { ScreenPop } from "./screen-pop.ts";
import type { Survival } from "./survival.ts";
import type { Calls } from "./two-calls.ts";
import type { Work } from "./work.ts";

type ResizeWhy = Extract<HostEvent, { type: "resize-wanted" }>["why"];

/** The size every state is drawn for; a smaller frame works too. Hosts act on `why`. */
const PANEL = { width: 400, height: 600 };

const ABOUT_THE_LAST_CALL = ["dial-failed", "host-silent", "hold-refused", "transfer-failed", "internal"] as const;

export interface CallStepParts {
  readonly work: Work;
  readonly paperwork: Paperwork;
  readonly survival: Pick<Survival, "stepped">;
  readonly screenPop: ScreenPop;
  calls(): Calls;
}

type Step = (before: CallState, after: CallState, by: CallEvent["type"]) => void;

/** What follows from each step of the call, beside what the machine commands. */
export function createCallSteps(desk: Desk, parts: () => CallStepParts): Step {
  let wanted: ResizeWhy = "idle";
  return (before, after, by) => {
    const { work, paperwork, survival, screenPop } = parts();
    const calls = parts().calls();
    survival.stepped(before, after);
    const was = snapshotOf(before);
    const is = snapshotOf(after);
    if (is !== null && !sameCall(was, is)) desk.tell({ type: "call-changed", call: is });
    const why = whyOf(calls.all());
    if (why !== wanted) {
      wanted = why;
      desk.tell({ type: "resize-wanted", ...PANEL, why });
    }
    if (is === null) {
      const next = calls.all().some(isUp) ? null : work.waiting();
      if (next !== null) calls.feed({ type: "resume", call: next });
      return;
    }
    const written = (isUp(after) && after.phase !== "ringing") || (before.phase === "wrap-up" && after.phase === "wrap-up");
    if (written && !sameCall(was, is)) work.follow(is);
    if (by !== "restore") identify(screenPop, calls, before, after, is);
    if (by === "want-hold") desk.notices.clear("hold-refused");
    if (by === "want-transfer") desk.notices.clear("transfer-failed");
    if (isUp(after) && !isUp(before)) desk.notices.clear(...ABOUT_THE_LAST_CALL);
    if (after.phase === "active" && before.phase === "connecting") desk.notices.clear(...MICROPHONE_CODES);
    if (isUp(before) && !isUp(after)) {
      paperwork.callOver(is);
      if (is.callId === calls.consultation.peek()) void paperwork.finish(is.callId);
    }
    if (before.phase === "wrap-up" && after.phase === "ended") calls.feed({ type: "clear" });
  };
}

/** A call that another page had is known already, and its record open: it is not looked for again. */
function identify({ rang, dialled }: ScreenPop, calls: Calls, before: CallState, after: CallState, call: CallSnapshot): void {
  // The record of a caller who waits is not put before the eyes of an agent who talks to somebody else: only when it is answered.
  const waits = calls.state.peek() !== after;
  if (after.phase === "ringing" && before.phase !== "ringing") (waits ? dialled : rang)(call);
  if (after.phase === "connecting" && before.phase === "ringing" && isUp(calls.other.peek())) rang(call);
  if (after.phase === "dialing" && before.phase !== "dialing") dialled(call);
}

function whyOf(all: readonly CallState[]): ResizeWhy {
  if (all.some(({ phase }) => phase === "ringing")) return "ringing";
  return all.every(({ phase }) => phase === "idle" || phase === "ended") ? "idle" : "in-call";
}

function sameCall(a: CallSnapshot | null, b: CallSnapshot): boolean {
  if (a === null) return false;
  const keys = Object.keys(b) as (keyof CallSnapshot)[];
  return keys.every((key) => a[key] === b[key]);
}
