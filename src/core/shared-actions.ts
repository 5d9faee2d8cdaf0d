import type { ReadonlySignal } from "@preact/signals-core";
import type { TabCommandArgs, TabCommandName } from "../protocol/tabs.ts";
import { recordOnScreen } from "./call-actions.ts";
import { type Desk, codeOf } from "./desk.ts";
import type { Actions, OwnPhone } from "./own-phone.ts";
import type { TabCommands } from "./tab-commands.ts";
import type { TypedWords } from "./typed-words.ts";
import type { Phone, WorkView } from "./view.ts";

export interface ActionRoute {
  readonly commands: TabCommands;
  /** Another tab has the phone. */
  follows(): boolean;
  /** This one has just got it; `null`: it has had it for longer. */
  whenTakenUp(): Promise<void> | null;
  /** What the CRM page of this tab shows. */
  readonly context: Phone["context"];
  readonly words: TypedWords;
  /** What whoever has the phone says of the work. */
  readonly work: ReadonlySignal<WorkView | null>;
}

/** Each action goes to the tab that has the phone. */
export function createSharedActions(desk: Desk, own: OwnPhone, route: ActionRoute): Actions {
  const { commands, follows, whenTakenUp, context, words, work } = route;
  const act = async <N extends TabCommandName>(name: N, args: TabCommandArgs<N>, here: () => unknown): Promise<unknown> => {
    if (follows()) return commands.send(name, args);
    const takenUp = whenTakenUp();
    if (takenUp !== null) await takenUp;
    return here();
  };
  const done = async (action: Promise<unknown>): Promise<void> => void (await action);
  /** For what the screen does not wait for. */
  const quietly = (action: Promise<unknown>): void =>
    void action.catch((error: unknown) => desk.ports.log.write("warn", "tabs: not done", { code: codeOf(error) }));
  return {
    signOut: () => done(act("signOut", {}, own.signOut)),
    setAvailable: (available) => done(act("setAvailable", { available }, () => own.setAvailable(available))),
    retryNow: () => quietly(act("retryNow", {}, own.retryNow)),
    dial: (text, about = {}) => {
      // The page that shows the lead may be another than that of the tab with the phone.
      const record = about.record ?? recordOnScreen(context.peek(), desk.ports.numbers.toE164(text)) ?? undefined;
      return done(act("dial", { text, about: { ...about, record } }, () => own.dial(text, about)));
    },
    answer: () => done(act("answer", {}, own.answer)),
    reject: () => done(act("reject", {}, own.reject)),
    endAndAnswer: () => done(act("endAndAnswer", {}, own.endAndAnswer)),
    swap: () => done(act("swap", {}, own.swap)),
    transfer: (text) => done(act("transfer", { text }, () => own.transfer(text))),
    consult: (text) => done(act("consult", { text }, () => own.consult(text))),
    completeTransfer: () => done(act("completeTransfer", {}, own.completeTransfer)),
    cancelConsult: () => done(act("cancelConsult", {}, own.cancelConsult)),
    silence: () => quietly(act("silence", {}, own.silence)),
    hangUp: () => done(act("hangUp", {}, own.hangUp)),
    setMuted: (muted) => done(act("setMuted", { muted }, () => own.setMuted(muted))),
    setHeld: (held) => done(act("setHeld", { held }, () => own.setHeld(held))),
    sendDigits: (digits) => done(act("sendDigits", { digits }, () => own.sendDigits(digits))),
    write: (change) => {
      // The own phone may not have taken up yet what the last leader had.
      if (!follows() && own.work.peek() !== null) return own.write(change);
      const callId = work.peek()?.callId;
      if (callId !== undefined) words.type(callId, change);
    },
    saveWork: async () => {
      // Words that may not have arrived go first.
      words.calls().forEach(words.resend);
      return (await act("saveWork", {}, own.saveWork)) === true;
    },
    bringUp: (callId) => done(act("bringUp", { callId }, () => own.bringUp(callId))),
    retryUnsaved: () => quietly(act("retryUnsaved", {}, own.retryUnsaved)),
    markSeen: () => quietly(act("markSeen", {}, own.markSeen)),
    dismiss: (code) => quietly(act("dismiss", { code }, () => own.dismiss(code))),
    testRinging: () => quietly(act("testRinging", {}, own.testRinging)),
    setPreferences: (change) => done(act("setPreferences", { change }, () => own.setPreferences(change))),
  };
}
