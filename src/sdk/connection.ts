import type { PROTOCOL_VERSION } from "../protocol/host.ts";
import type { Message } from "./softphone.d.ts";

const VERSION: typeof PROTOCOL_VERSION = 1;

/** The page's end of the handshake (drawn in `docs/protocol.md`). It does not know what travels on the port. */
export interface Connection {
  readonly connected: boolean;
  /** Only while connected. */
  send(message: Omit<Message, "softphone">): void;
  /** Asks for a sign of life; it is no part of the traffic that is shown. */
  ping(): void;
  /** The phone is given up: nothing of it is heard until it says hello again. */
  drop(): void;
  close(): void;
}

export interface ConnectionOptions {
  readonly page: Pick<Window, "addEventListener" | "removeEventListener">;
  readonly frame: HTMLIFrameElement;
  /** The phone's origin. */
  readonly origin: string;
  readonly capabilities: readonly string[];
  readonly newId: () => string;
  readonly onConnected: () => void;
  /** A phone has said hello and is being connected. */
  readonly onHello: () => void;
  /** It was connected, and is another load of the phone's page now: what the one before was asked is lost. */
  readonly onLost: () => void;
  /** Anything came from the connected phone. */
  readonly onHeard: () => void;
  readonly onMessage: (message: Message) => void;
  readonly onTraffic: (direction: "sent" | "received", message: Message) => void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { page, frame, origin, capabilities, newId, onTraffic } = options;
  let port: MessagePort | null = null;
  let connected = false;
  let connect: Message | null = null;
  /** Repeated hellos of one phone carry one id; a new id is a phone that was loaded anew. */
  let heard: string | null = null;

  const newMessage = (type: string, payload: unknown = {}): Message => ({ softphone: VERSION, id: newId(), type, payload });
  const shown = (message: Message): Message => {
    onTraffic("sent", message);
    return message;
  };
  const drop = (): void => {
    port?.close();
    port = null;
    connected = false;
  };
  const onPort = ({ data }: MessageEvent): void => {
    const message = readMessage(data);
    if (message === null) return;
    options.onHeard();
    if (message.type === "pong") return;
    onTraffic("received", message);
    if (message.type !== "ack" || message.id !== connect?.id) return options.onMessage(message);
    connected = true;
    options.onConnected();
  };
  const toFrame = (message: Message, transfer: Transferable[] = []): void =>
    frame.contentWindow?.postMessage(shown(message), { targetOrigin: origin, transfer });
  const onWindow = (event: MessageEvent): void => {
    const message = isFrom(frame, origin, event) ? readMessage(event.data) : null;
    if (message === null) return;
    onTraffic("received", message);
    // Refused, and the phone goes on saying hello: the next one is another try.
    if (message.type === "refused" && message.id === connect?.id) heard = null;
    if (message.type !== "hello" || message.id === heard) return;
    heard = message.id;
    const wasConnected = connected;
    drop();
    if (wasConnected) options.onLost();
    options.onHello();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = onPort;
    port = port1;
    toFrame((connect = newMessage("connect", { capabilities })), [port2]);
  };

  page.addEventListener("message", onWindow);
  // A phone that was there before this library repeats its hello only every few seconds. While the frame still shows
  // its first empty document, which this page may read, nobody is there to be asked.
  if (frame.contentDocument === null) toFrame(newMessage("who-is-there"));
  return {
    get connected() {
      return connected;
    },
    send: (message) => port?.postMessage(shown({ softphone: VERSION, ...message })),
    ping: () => port?.postMessage(newMessage("ping")),
    drop,
    close() {
      page.removeEventListener("message", onWindow);
      port?.postMessage(newMessage("disconnect"));
      drop();
    },
  };
}

function isFrom({ contentWindow }: HTMLIFrameElement, frameOrigin: string, { source, origin }: MessageEvent): boolean {
  return source !== null && source === contentWindow && origin === frameOrigin;
}

function readMessage(data: unknown): Message | null {
  if (typeof data !== "object" || data === null) return null;
  const message = data as Message;
  return message.softphone === VERSION && typeof message.type === "string" ? message : null;
}
