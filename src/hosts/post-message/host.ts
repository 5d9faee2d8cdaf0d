import type { Clock, Host, HostCapabilities, Log } from "../../core/ports.ts";
import type { HostRequestType } from "../../protocol/host.ts";
import { createCommandInbox } from "../command-inbox.ts";
import type { FrameWindow } from "./frame-window.ts";
import { createHandshake, type Connection } from "./handshake.ts";
import { receive } from "./incoming.ts";
import { createOutbox } from "./outbox.ts";
import { openPageLink, type PageLink } from "./page-link.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRequests } from "./requests.ts";

export interface PostMessageHostOptions {
  /** The frame's own `window`. */
  readonly world: FrameWindow;
  /** `config.host.allowedOrigins`: never from the URL. */
  readonly allowedOrigins: readonly string[];
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Pick<Log, "write">;
  readonly newId: () => string;
}

const MESSAGES_PER_SECOND = 100;

/** Any page that uses our library: the public protocol of `docs/protocol.md`, from the phone's side. */
export function createPostMessageHost({ world, allowedOrigins, requestTimeoutMs, clock, log, newId }: PostMessageHostOptions): Host {
  // Logged once: a flood must not wash everything else out of the diagnostics.
  const onExceeded = (): void => log.write("warn", "host-messages-too-many");
  const admit = createRateLimit({ clock, count: MESSAGES_PER_SECOND, perMs: 1_000, onExceeded });
  const inbox = createCommandInbox();
  const requests = createRequests(clock, requestTimeoutMs, newId);
  const outbox = createOutbox(newId);
  const connectedListeners = new Set<() => void>();
  let link: PageLink | null = null;
  let capabilities: readonly HostRequestType[] = [];

  const disconnect = (): void => {
    link?.close();
    link = null;
    capabilities = [];
    outbox.use(null);
    requests.disconnected();
  };
  const onDisconnect = (): void => {
    disconnect();
    handshake.restart();
  };
  const onConnect = (connection: Connection): void => {
    // Or it would take the silence for a crash, and load the frame anew.
    link?.post({ id: newId(), type: "disconnected", payload: { reason: "replaced" } });
    disconnect();
    const receivers = { requests, inbox, admit, onDisconnect, sequence: outbox.sequence };
    const opened: PageLink = openPageLink(connection.port, log, (data) => receive(opened, data, receivers));
    link = opened;
    capabilities = connection.capabilities;
    opened.post({ id: connection.id, type: "ack", payload: { value: { sequence: outbox.sequence() } } });
    outbox.use(opened);
    requests.connected(capabilities, (id, type, payload) => opened.post({ id, type, payload }));
    for (const listener of connectedListeners) listener();
  };
  const handshake = createHandshake({ world, allowedOrigins, clock, log, newId, admit, onConnect });

  return {
    name: "post-message",
    capabilities: () => readCapabilities(capabilities),
    onConnected: (listener) => {
      connectedListeners.add(listener);
      return () => connectedListeners.delete(listener);
    },
    onCommand: inbox.onCommand,
    tell: outbox.tell,
    matchNumber: async (number) => (await requests.ask("match-number", { number })).records,
    popRecord: async (record, number, call) => void (await requests.ask("pop-record", { record, number, call })),
    saveCallLog: async (callLog) => void (await requests.ask("save-call-log", callLog)),
    placeCall: async (number, callId, record) => ({
      exotelCallSid: (await requests.ask("place-call", { number, callId, record })).exotelCallSid ?? null,
    }),
    dispose: () => {
      handshake.dispose();
      disconnect();
      connectedListeners.clear();
      requests.dispose();
      inbox.dispose();
    },
  };
}

function readCapabilities(names: readonly HostRequestType[]): HostCapabilities {
  return {
    canMatchNumbers: names.includes("match-number"),
    canPopRecords: names.includes("pop-record"),
    canSaveCallLogs: names.includes("save-call-log"),
    canPlaceCalls: names.includes("place-call"),
  };
}
