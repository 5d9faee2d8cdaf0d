import { effect, untracked } from "@preact/signals-core";
import { type TabCommand, type TabMessage, readTabCommand } from "../protocol/tabs.ts";
import { type Desk, codeOf } from "./desk.ts";
import type { HeardFromTab } from "./ports.ts";
import type { OwnPhone } from "./own-phone.ts";
import { createPublisher } from "./publisher.ts";

/** The leading tab's side: what this phone shows and tells is sent to the tabs that follow, and what they ask is done. */
export interface MirrorSource {
  /** This tab leads from now on. */
  begin(): void;
  end(): void;
  hear(heard: HeardFromTab): void;
}

/**
 * - [M3] What a command changed is sent before its answer.
 * - [M5] Who follows learns what the agent is signed in with, and can lead without a sign-in.
 * - [M4] A command that nobody waits for any more is not carried out.
 *
 * @param carryOut  does what a tab asks for; rejects with `PhoneError`.
 */
export function createMirrorSource(desk: Desk, own: OwnPhone, carryOut: (command: TabCommand) => Promise<unknown>): MirrorSource {
  const { tabs, clock, log } = desk.ports;
  const publisher = createPublisher(desk, own);
  let isWatched = false;
  const tellAccount = (): void => {
    const account = own.account();
    if (isWatched && publisher.isOn() && account !== null) tabs.post({ type: "account", account });
  };
  desk.scope.add(effect(() => (void own.agent.value, untracked(tellAccount))));
  const welcome = (): void => {
    isWatched = true;
    publisher.sendAll();
  };
  const run = async (
    command: TabCommand,
  ): Promise<{ readonly ok: true; readonly value?: boolean } | { readonly ok: false; readonly code: string }> => {
    try {
      const value = await carryOut(command);
      return typeof value === "boolean" ? { ok: true, value } : { ok: true };
    } catch (error) {
      log.write("info", "tabs: command refused", { name: command.name, code: codeOf(error) });
      return { ok: false, code: codeOf(error) };
    }
  };
  const take = async ({ id, until, name, args }: Extract<TabMessage, { type: "command" }>): Promise<void> => {
    if (until < clock.now()) return;
    tabs.post({ type: "heard", id });
    const command = readTabCommand(name, args);
    const answer = command === null ? ({ ok: false, code: "not-supported" } as const) : await run(command);
    publisher.flush();
    tabs.post({ type: "answer", id, ...answer });
  };
  return {
    begin: () => {
      isWatched = false;
      publisher.begin();
    },
    end: publisher.end,
    hear: (heard) => {
      if (!publisher.isOn()) return;
      if (heard.kind === "message") {
        if (heard.message.type === "hello") {
          welcome();
          tellAccount();
        }
        if (heard.message.type === "command") void take(heard.message);
      } else if (heard.type === "hello") {
        // A tab of another version: it learns that this one leads.
        welcome();
      }
    },
  };
}
