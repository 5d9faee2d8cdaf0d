import { PhoneError } from "../core/errors.ts";
import type { CommandHandler, CommandResult, Unsubscribe } from "../core/ports.ts";
import { REFUSAL_CODES, type CommandType, type HostCommand, type RefusalCode } from "../protocol/host.ts";

const KEPT = 100;

export interface CommandInbox {
  /** Hands the command to the handler, or keeps it until there is one. Never rejects. */
  deliver(command: HostCommand): Promise<CommandResult>;
  onCommand(handler: CommandHandler): Unsubscribe;
  dispose(): void;
}

/** One handler at a time; commands that come before it are kept, in order. Shared by every host that receives any. */
export function createCommandInbox(): CommandInbox {
  let current: CommandHandler | null = null;
  let waiting: ((handler: CommandHandler | null) => void)[] = [];
  const release = (handler: CommandHandler | null): void => {
    const released = waiting;
    waiting = [];
    for (const run of released) run(handler);
  };
  return {
    deliver(command) {
      if (current !== null) return carryOut(current, command);
      if (waiting.length >= KEPT) return Promise.resolve({ ok: false, code: "not-ready" });
      return new Promise((resolve) => {
        waiting.push((handler) => resolve(handler === null ? { ok: false, code: "not-ready" } : carryOut(handler, command)));
      });
    },
    onCommand(handler) {
      current = handler;
      release(handler);
      return () => {
        if (current === handler) current = null;
      };
    },
    dispose() {
      current = null;
      release(null);
    },
  };
}

async function carryOut(handler: CommandHandler, command: HostCommand): Promise<CommandResult> {
  try {
    return await handler<CommandType>(command.type, command.payload);
  } catch (error) {
    const code = error instanceof PhoneError ? error.code : "internal";
    return { ok: false, code: isRefusalCode(code) ? code : "internal" };
  }
}

function isRefusalCode(code: string): code is RefusalCode {
  return (REFUSAL_CODES as readonly string[]).includes(code);
}
