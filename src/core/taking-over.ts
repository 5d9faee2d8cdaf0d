import { type ReadonlySignal, effect, signal } from "@preact/signals-core";
import { type Desk, codeOf } from "./desk.ts";
import type { OwnPhone } from "./own-phone.ts";
import type { ShownView } from "./shown.ts";

/** What is taken up shows within this time, or is not there any more. */
const SETTLED_MS = 1_000;

/** What stays on the screen meanwhile; whether calls can come in is never taken from what was. */
export type Kept = Pick<ShownView, "call" | "work" | "agent" | "history" | "notices" | "aside" | "unsaved" | "preferences">;

/** The first second of a tab that followed and leads now. */
export interface TakingOver {
  /** The last that the other tab showed, until the own phone has taken it up: nothing flickers, nobody is interrupted in a word. */
  readonly kept: ReadonlySignal<Kept | null>;
  /** When `kept` is no longer shown; `null` where nothing is. */
  whenTakenUp(): Promise<void> | null;
  begin(last: ShownView | null): void;
  end(): void;
}

/**
 * - [M46] Nobody is interrupted in a word because the lead moves.
 * - [M50] The next leader is as ready, or not, as the last one was.
 * - [M51] It never says Ready before it is.
 * - [M52] It knows what was chosen elsewhere on this device.
 * - [M53] What was asked of the last leader and not answered is refused, not done (`one-phone.ts`).
 * - [M54] What is clicked on a screen that stays meanwhile is done once its call and work are here (`shared-actions.ts`).
 */
export function createTakingOver({ ports: { clock, log }, scope }: Desk, own: OwnPhone): TakingOver {
  const kept = signal<Kept | null>(null);
  let stop = () => {};
  scope.add(() => stop());

  const end = (): void => {
    stop();
    stop = () => {};
    kept.value = null;
  };
  const setOff = async (): Promise<void> => {
    // Signing in, of which this is a part, makes the agent available in the same go.
    await Promise.resolve();
    try {
      await own.setAvailable(false);
    } catch (error) {
      log.write("warn", "tabs: availability not kept", { code: codeOf(error) });
    }
  };
  /** An agent who was not ready is not to be rung because a tab was closed. */
  const stayOff = (): (() => void) => {
    let isDone = false;
    return effect(() => {
      const { state } = own.line.value;
      isDone ||= state === "signed-out";
      if (isDone || (state !== "connecting" && state !== "ready") || own.agent.value === null) return;
      isDone = true;
      void setOff();
    });
  };
  const settle = (last: Kept): (() => void) =>
    effect(() => {
      const { state } = own.line.value;
      const hasWork = last.work === null || own.work.value !== null;
      const hasCall = last.call === null || own.call.value !== null;
      const isTakenUp = own.agent.value !== null && hasWork && hasCall;
      if (isTakenUp || state === "signed-out" || state === "refused") kept.value = null;
    });
  return {
    kept,
    whenTakenUp: () => (kept.peek() === null ? null : whenNull(kept)),
    begin: (last) => {
      end();
      if (last === null) return;
      own.refresh();
      if (last.agent === null) return;
      // A call that only rang or was being dialled there cannot be promised here.
      const isTalk = last.call !== null && last.call.phase !== "ringing" && last.call.phase !== "dialing";
      const { work, agent, history, notices, aside, unsaved, preferences } = last;
      kept.value = { call: isTalk ? last.call : null, work, agent, history, notices, aside, unsaved, preferences };
      const undo = [
        settle(kept.value),
        clock.after(SETTLED_MS, () => void (kept.value = null)),
        last.line.state === "off" ? stayOff() : () => {},
      ];
      stop = () => undo.forEach((run) => run());
    },
    end,
  };
}

async function whenNull(value: ReadonlySignal<unknown>): Promise<void> {
  let undo = (): void => {};
  await new Promise<void>((resolve) => {
    undo = effect(() => {
      if (value.value === null) resolve();
    });
  });
  undo();
}
