import type { CommandType } from "../protocol/host.ts";
import { plain } from "./plain.ts";
import { SoftphoneError } from "./softphone-error.ts";
import type { Message, SoftphoneErrorCode } from "./softphone.d.ts";

type Send = (message: Omit<Message, "softphone">) => void;

interface Open {
  readonly message: Omit<Message, "softphone">;
  sent: boolean;
  readonly settle: (error: SoftphoneErrorCode | null, value?: unknown) => void;
}

/** Commands on their way: waiting for the phone, or for its answer. */
export interface Commands {
  give(type: CommandType, payload: object): Promise<unknown>;
  /** Sends what waits. */
  flush(): void;
  /** Takes an `ack` or `refused`. */
  answered(message: Message): void;
  /** Rejects what was sent and not answered; what still waits goes on waiting. */
  fail(code: SoftphoneErrorCode): void;
  /** Rejects everything, now and from now on. */
  close(): void;
}

/** `sender` answers `null` while the phone is not there. */
export function createCommands(timeoutMs: number, newId: () => string, sender: () => Send | null): Commands {
  const open = new Map<string | null, Open>();
  let closed = false;
  const flush = (): void => {
    const send = sender();
    if (send === null) return;
    for (const command of open.values()) {
      if (command.sent) continue;
      command.sent = true;
      send(command.message);
    }
  };
  return {
    async give(type, payload) {
      if (closed) throw new SoftphoneError("closed");
      const message = { id: newId(), type, payload: plain(payload) };
      return await new Promise((resolve, reject) => {
        const timer = setTimeout(() => open.get(message.id)?.settle("phone-silent"), timeoutMs);
        const settle = (error: SoftphoneErrorCode | null, value?: unknown): void => {
          open.delete(message.id);
          clearTimeout(timer);
          if (error === null) resolve(value);
          else reject(new SoftphoneError(error));
        };
        open.set(message.id, { message, sent: false, settle });
        flush();
      });
    },
    flush,
    answered({ id, type, payload }) {
      const { code, value } = payload as { readonly code?: SoftphoneErrorCode; readonly value?: unknown };
      open.get(id)?.settle(type === "ack" ? null : (code ?? "internal"), value);
    },
    fail(code) {
      for (const command of open.values()) if (command.sent) command.settle(code);
    },
    close() {
      closed = true;
      for (const command of open.values()) command.settle("closed");
    },
  };
}
