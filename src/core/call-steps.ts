import type { CallSnapshot } from "../protocol/call.ts";
import type { HostEvent } from "../protocol/host.ts";
import { isUp } from "./call/allowed.ts";
import { snapshotOf } from "./call/facts.ts";
import type { CallEvent, CallState } from "./call/state.ts";
import { type Desk, MICROPHONE_CODES } from "./desk.ts";
import type { Paperwork } from "./paperwork.ts";
import type { ScreenPop } from "./screen-pop.ts";
import type { Survival } from "./survival.ts";
import type { Work } from "./work.ts";

type ResizeWhy = Extract<HostEvent, { type: "resize-wanted" }>["why"];

/** The size every state is drawn for; a smaller frame works too. Hosts act on `why`. */
const PANEL = { width: 400, height: 600 };

const ABOUT_THE_LAST_CALL = ["dial-failed", "host-silent", "hold-refused", "internal"] as const;

export interface CallStepParts {
  readonly work: Work;
  readonly paperwork: Paperwork;
  feed(event: CallEvent): void;
  readonly survival: Pick<Survival, "stepped">;
  readonly screenPop: ScreenPop;
}

/** What follows from each step of the call, beside what the machine commands. */
export function createCallSteps(
  desk: Desk,
  parts: () => CallStepParts,
): (before: CallState, after: CallState, by: CallEvent["type"]) => void {
  let wanted: ResizeWhy = "idle";
  return (before, after, by) => {
    const { work, paperwork, feed, survival, screenPop } = parts();
    survival.stepped(before, after);
    const was = snapshotOf(before);
    const is = snapshotOf(after);
    if (is !== null && !sameCall(was, is)) desk.tell({ type: "call-changed", call: is });
    const why = whyOf(after);
    if (why !== wanted) {
      wanted = why;
      desk.tell({ type: "resize-wanted", ...PANEL, why });
    }
    if (is === null) {
      const next = work.waiting();
      if (next !== null) feed({ type: "resume", call: next });
      return;
    }
    const written = (isUp(after) && after.phase !== "ringing") || (before.phase === "wrap-up" && after.phase === "wrap-up");
    if (written && !sameCall(was, is)) work.follow(is);
    // A call that another page had is known already, and its record open.
    if (after.phase === "ringing" && before.phase !== "ringing" && by !== "restore") screenPop.rang(is);
    if (after.phase === "dialing" && before.phase !== "dialing" && by !== "restore") screenPop.dialled(is);
    if (isUp(after) && !isUp(before)) desk.notices.clear(...ABOUT_THE_LAST_CALL);
    if (after.phase === "active" && before.phase === "connecting") desk.notices.clear(...MICROPHONE_CODES);
    if (isUp(before) && !isUp(after)) paperwork.callOver(is);
    if (before.phase === "wrap-up" && after.phase === "ended") feed({ type: "clear" });
  };
}

function whyOf({ phase }: CallState): ResizeWhy {
  if (phase === "ringing") return "ringing";
  return phase === "idle" || phase === "ended" ? "idle" : "in-call";
}

function sameCall(a: CallSnapshot | null, b: CallSnapshot): boolean {
  if (a === null) return false;
  const keys = Object.keys(b) as (keyof CallSnapshot)[];
  return keys.every((key) => a[key] === b[key]);
}
