import { type Deferred, createDeferred } from "../lib/deferred.ts";
import type { TabCommandArgs, TabCommandName } from "../protocol/tabs.ts";
import type { Desk } from "./desk.ts";
import { PhoneError, type PhoneErrorCode } from "./errors.ts";
import type { HeardFromTab } from "./ports.ts";
import { errorCode } from "./shown.ts";

/** A leader that lives says within a few milliseconds that it has heard. */
const HEARD_MS = 2_000;

type Value = boolean | undefined;

/** Asks the leading tab to do what was clicked here. */
export interface TabCommands {
  /** Resolves when it is done; rejects with the leader's `PhoneError`, or `leader-silent` where it says nothing for 2 s. */
  send<N extends TabCommandName>(name: N, args: TabCommandArgs<N>): Promise<Value>;
  hear(heard: HeardFromTab): void;
  /** Another tab leads now: what was asked of the last one will not be answered. */
  abandon(code: PhoneErrorCode): void;
}

/** @param onSilence  a command was not answered. */
export function createTabCommands({ ports: { tabs, clock, newId }, scope }: Desk, onSilence: () => void): TabCommands {
  const open = new Map<string, { readonly answer: Deferred<Value>; stopTimer(): void }>();
  const close = (id: string): Deferred<Value> | undefined => {
    const found = open.get(id);
    found?.stopTimer();
    open.delete(id);
    return found?.answer;
  };
  const abandon = (code: PhoneErrorCode): void => {
    for (const id of open.keys()) close(id)?.reject(new PhoneError(code));
  };
  scope.add(() => abandon("not-possible-now"));
  return {
    send: (name, args) => {
      const id = newId();
      const answer = createDeferred<Value>();
      const stopTimer = clock.after(HEARD_MS, () => {
        close(id)?.reject(new PhoneError("leader-silent"));
        onSilence();
      });
      open.set(id, { answer, stopTimer });
      tabs.post({ type: "command", id, until: clock.now() + HEARD_MS, name, args });
      return answer.promise;
    },
    hear: (heard) => {
      if (heard.kind !== "message") return;
      const { message } = heard;
      if (message.type === "heard") open.get(message.id)?.stopTimer();
      if (message.type !== "answer") return;
      if (message.ok) close(message.id)?.resolve(message.value);
      else close(message.id)?.reject(new PhoneError(errorCode(message.code)));
    },
    abandon,
  };
}
