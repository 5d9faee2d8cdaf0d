import type { TabCommand, TabCommandArgs, TabCommandName } from "../protocol/tabs.ts";
import { PhoneError } from "./errors.ts";
import type { OwnPhone } from "./own-phone.ts";
import { noticeCode } from "./shown.ts";

type Table = { readonly [N in TabCommandName]: (args: TabCommandArgs<N>) => unknown };

/** Does here what was clicked in a tab that follows. */
export function createCarryOut(own: OwnPhone): (command: TabCommand) => Promise<unknown> {
  const table: Table = {
    signIn: ({ fields, stay }) => own.signIn(fields, stay),
    signOut: () => own.signOut(),
    setAvailable: ({ available }) => own.setAvailable(available),
    retryNow: () => own.retryNow(),
    dial: ({ text, about }) => own.dial(text, about),
    answer: () => own.answer(),
    reject: () => own.reject(),
    endAndAnswer: () => own.endAndAnswer(),
    swap: () => own.swap(),
    transfer: ({ text }) => own.transfer(text),
    consult: ({ text }) => own.consult(text),
    completeTransfer: () => own.completeTransfer(),
    cancelConsult: () => own.cancelConsult(),
    silence: () => own.silence(),
    hangUp: () => own.hangUp(),
    setMuted: ({ muted }) => own.setMuted(muted),
    setHeld: ({ held }) => own.setHeld(held),
    sendDigits: ({ digits }) => own.sendDigits(digits),
    write: ({ callId, change }) => {
      // Words about one call must never become words about another.
      if (own.work.peek()?.callId !== callId) throw new PhoneError("not-possible-now");
      own.write(change);
    },
    saveWork: () => own.saveWork(),
    bringUp: ({ callId }) => own.bringUp(callId),
    retryUnsaved: () => own.retryUnsaved(),
    markSeen: () => own.markSeen(),
    dismiss: ({ code }) => own.dismiss(noticeCode(code)),
    testRinging: () => own.testRinging(),
    setPreferences: ({ change }) => own.setPreferences(change),
  };
  const run = <N extends TabCommandName>(command: TabCommand<N>): unknown => table[command.name](command.args);
  return async (command) => run(command);
}
