import type { Clock, Log } from "../../core/ports.ts";
import { PROTOCOL_VERSION, type HostRequestType, type RefusalCode } from "../../protocol/host.ts";
import { parseConnect, readMessage } from "../../protocol/parse.ts";
import { isAllowedOrigin } from "./allowed-origin.ts";
import type { FrameWindow, PagePort, WindowMessage } from "./frame-window.ts";

/**
 * Finds the page around the frame and lets it hand over a port.
 *
 *     phone (frame)                                page (parent)
 *       | -- hello, to '*', again and again ----------> |   says nothing but that a phone is here
 *       | <------------- who-is-there (optional) ------ |   a page that came later need not wait for the next hello
 *       | <------------- connect + MessagePort -------- |   to the phone's origin only
 *       | == ack on the port, then everything else ===> |
 *
 * 1. Only `parent`, and only from an allowed origin, is heard; anything else is dropped in silence.
 * 2. Every hello of one load of the phone carries one id, so a page library answers it once and knows a reload by a new one.
 * 3. A second `connect` replaces the port: the newest page library wins.
 * 4. It does not know what travels on the port.
 */
export interface Handshake {
  /** The port is gone: say hello again. */
  restart(): void;
  dispose(): void;
}

export interface Connection {
  readonly port: PagePort;
  /** Id of the `connect` message, for its acknowledgement. */
  readonly id: string;
  readonly capabilities: readonly HostRequestType[];
}

interface HandshakeOptions {
  readonly world: FrameWindow;
  readonly allowedOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Pick<Log, "write">;
  readonly newId: () => string;
  /** Whether one more message may be looked at now. */
  readonly admit: () => boolean;
  readonly onConnect: (connection: Connection) => void;
}

const HELLO_DELAYS_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const;
const LOGGED_ORIGINS = 10;

export function createHandshake({ world, allowedOrigins, clock, log, newId, admit, onConnect }: HandshakeOptions): Handshake {
  const helloId = newId();
  let stopHello: () => void = () => {};
  const strangers = new Set<string>();

  const hello = (targetOrigin: string): void => {
    world.parent.postMessage({ softphone: PROTOCOL_VERSION, id: helloId, type: "hello", payload: {} }, targetOrigin);
  };
  const keepSayingHello = (said: number): void => {
    hello("*");
    stopHello = clock.after(HELLO_DELAYS_MS[said] ?? 5_000, () => keepSayingHello(said + 1));
  };
  const received = (event: WindowMessage): void => {
    if (event.source !== world.parent) return;
    if (!isAllowedOrigin(event.origin, allowedOrigins)) return noteStranger(event.origin);
    const refuse = (id: string | null, code: RefusalCode, field: string | null): void => {
      if (code !== "too-many") log.write("warn", "host-message-refused", { code, field });
      world.parent.postMessage({ softphone: PROTOCOL_VERSION, id, type: "refused", payload: { code, field } }, event.origin);
    };
    const read = readMessage(event.data);
    // Other scripts of the page talk to their frames too; what is not marked is not ours to answer.
    if (!read.ok && !read.ours) return;
    if (!admit()) return refuse(read.ok ? read.message.id : read.id, "too-many", null);
    if (!read.ok) return refuse(read.id, read.code, read.field);
    const { message } = read;
    if (message.type === "who-is-there") return hello(event.origin);
    if (message.type !== "connect") return refuse(message.id, "unknown-type", "type");
    const connect = parseConnect(message);
    if (!connect.ok) return refuse(message.id, connect.code, connect.field);
    const [port, ...more] = event.ports;
    if (port === undefined || more.length > 0) return refuse(message.id, "malformed", "ports");
    stopHello();
    log.write("info", "host-connected", { origin: event.origin, capabilities: connect.value.capabilities });
    onConnect({ port, id: message.id, capabilities: connect.value.capabilities });
  };
  // Silence towards the sender; the administrator still has to be able to find out why nothing happens.
  const noteStranger = (origin: string): void => {
    if (strangers.has(origin) || strangers.size >= LOGGED_ORIGINS) return;
    strangers.add(origin);
    log.write("warn", "host-origin-not-allowed", { origin });
  };

  world.addEventListener("message", received);
  keepSayingHello(0);
  return {
    restart() {
      stopHello();
      keepSayingHello(0);
    },
    dispose() {
      stopHello();
      world.removeEventListener("message", received);
    },
  };
}
