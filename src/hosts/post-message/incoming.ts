import type { Envelope } from "../../protocol/host.ts";
import { parseCommand, readMessage } from "../../protocol/parse.ts";
import type { CommandInbox } from "../command-inbox.ts";
import type { PageLink } from "./page-link.ts";
import type { Requests } from "./requests.ts";

interface Receivers {
  readonly requests: Requests;
  readonly inbox: CommandInbox;
  /** Whether one more message may be looked at now. */
  readonly admit: () => boolean;
  readonly onDisconnect: () => void;
  /** Sequence number of the newest event. */
  readonly sequence: () => number;
}

/**
 * One message from the port: a ping, an answer to a request, the page's farewell, or a command, which is acknowledged or
 * refused.
 */
export function receive(link: PageLink, data: unknown, { requests, inbox, admit, onDisconnect, sequence }: Receivers): void {
  const read = readMessage(data);
  // Neither waits for the rules of calls nor counts: a phone that is busy or still starting is alive.
  if (read.ok && read.message.type === "ping") return link.post({ id: read.message.id, type: "pong", payload: {} });
  const isAnswer = read.ok && (read.message.type === "reply" || read.message.type === "failed");
  // What the phone asked for is never too much.
  const isAwaited = isAnswer && requests.isOpen(read.message.id);
  if (!isAwaited && !admit()) return link.refuse(read.ok ? read.message.id : read.id, "too-many", null);
  if (!read.ok) return link.refuse(read.id, read.code, read.field);
  const { message } = read;
  if (isAnswer) {
    const misfit = requests.answered(message);
    if (misfit !== null) link.refuse(message.id, misfit.code, misfit.field);
  } else if (message.type === "disconnect") onDisconnect();
  // Taken before the handler looks: what happens meanwhile must count as newer than the snapshot.
  else void carryOut(link, message, inbox, sequence());
}

async function carryOut(link: PageLink, message: Envelope, inbox: CommandInbox, sequence: number): Promise<void> {
  const command = parseCommand(message);
  if (!command.ok) return link.refuse(message.id, command.code, command.field);
  const result = await inbox.deliver(command.value);
  if (!result.ok) return link.post({ id: message.id, type: "refused", payload: { code: result.code, field: null } });
  const { value } = result;
  const answer = message.type === "getSnapshot" && typeof value === "object" && value !== null ? { ...value, sequence } : value;
  link.post({ id: message.id, type: "ack", payload: { value: answer } });
}
