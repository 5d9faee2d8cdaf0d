import { type Signal, signal } from "@preact/signals-core";
import type { Config } from "../protocol/config.ts";
import type { HostEvent } from "../protocol/host.ts";
import { type Scope, createScope } from "../lib/scope.ts";
import { PhoneError, type PhoneErrorCode } from "./errors.ts";
import { type Notices, createNotices } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { type Session, createSession } from "./session.ts";
import { type Teller, createTeller } from "./teller.ts";
import { type Writer, createWriter } from "./writer.ts";

/** What all parts of the phone share. */
export interface Desk {
  readonly ports: Ports;
  readonly config: Config;
  readonly notices: Notices;
  readonly writer: Writer;
  readonly scope: Scope;
  /**
   * Whose work this page shows and delivers, as `user@domain`: the agent whom the registrar accepted last, or who was kept on this
   * device. Records say whose they are, because several people may share one computer.
   */
  readonly owner: Signal<string>;
  readonly session: Session;
  /** How often the gateway's history has changed, as far as this tab knows. */
  readonly archiveChanges: Signal<number>;
  readonly teller: Teller;
  /** Tells the host from the step itself, so that it hears every one in order. */
  tell(event: HostEvent): void;
}

/** Before the first agent. */
export const NOBODY = "";

export function createDesk(ports: Ports, config: Config): Desk {
  const notices = createNotices();
  const writer = createWriter(ports.store, (durable) => (durable ? notices.clear("storage-full") : notices.push("storage-full")));
  const teller = createTeller(ports.host, ports.tabs);
  return {
    ports,
    config,
    notices,
    writer,
    scope: createScope(),
    owner: signal(NOBODY),
    session: createSession(notices),
    archiveChanges: signal(0),
    teller,
    tell: teller.tell,
  };
}

export function codeOf(error: unknown): PhoneErrorCode {
  return error instanceof PhoneError ? error.code : "internal";
}

export const MICROPHONE_CODES = ["microphone-missing", "microphone-refused", "microphone-not-delegated", "microphone-busy"] as const;
export type MicrophoneCode = (typeof MICROPHONE_CODES)[number];
export function isMicrophoneCode(code: PhoneErrorCode): code is MicrophoneCode {
  return MICROPHONE_CODES.some((known) => known === code);
}
