import type { PROTOCOL_VERSION } from "../protocol/host.ts";
import type { Message } from "./softphone.d.ts";

const VERSION: typeof PROTOCOL_VERSION = 1;

/** The page's end of the handshake (drawn in `docs/protocol.md`). It does not know what travels on the port. */
export interface Connection {
  readonly connected: boolean;
  /** Only while connected. */
  send(message: Omit<Message, "softphone">): void;
  close(): void;
}

interface ConnectionOptions {
  readonly page: Pick<Window, "addEventListener" | "removeEventListener">;
  readonly frame: HTMLIFrameElement;
  /** The phone's origin. */
  readonly origin: string;
  readonly capabilities: readonly string[];
  readonly newId: () => string;
  readonly onConnected: () => void;
  /** Another load of the phone's page: what the one before was asked is lost. */
  readonly onLost: () => void;
  readonly onMessage: (message: Message) => void;
  readonly onTraffic: (direction: "sent" | "received", message: Message) => void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { page, frame, origin, capabilities, newId, onTraffic } = options;
  let port: MessagePort | null = null;
  let connected = false;
  let connectId = "";
  /** Repeated hellos of one phone carry one id; a new id is a phone that was loaded anew. */
  let heard: string | null = null;

  const onPort = ({ data }: MessageEvent): void => {
    const message = readMessage(data);
    if (message === null) return;
    onTraffic("received", message);
    if (message.type !== "ack" || message.id !== connectId) return options.onMessage(message);
    connected = true;
    options.onConnected();
  };
  const toFrame = (type: string, payload: unknown, transfer: Transferable[] = []): string => {
    const message: Message = { softphone: VERSION, id: newId(), type, payload };
    onTraffic("sent", message);
    frame.contentWindow?.postMessage(message, { targetOrigin: origin, transfer });
    return String(message.id);
  };
  const onWindow = ({ source, origin: sender, data }: MessageEvent): void => {
    if (source === null || source !== frame.contentWindow || sender !== origin) return;
    const message = readMessage(data);
    if (message === null) return;
    onTraffic("received", message);
    // Refused, and the phone goes on saying hello: the next one is another try.
    if (message.type === "refused" && message.id === connectId) heard = null;
    if (message.type !== "hello" || message.id === heard) return;
    heard = message.id;
    port?.close();
    connected = false;
    options.onLost();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = onPort;
    connectId = toFrame("connect", { capabilities }, [channel.port2]);
  };

  page.addEventListener("message", onWindow);
  // A phone that was there before this library repeats its hello only every few seconds. While the frame still shows
  // its first empty document, which this page may read, nobody is there to be asked.
  if (frame.contentDocument === null) toFrame("who-is-there", {});
  return {
    get connected() {
      return connected;
    },
    send(message) {
      const whole: Message = { softphone: VERSION, ...message };
      onTraffic("sent", whole);
      port?.postMessage(whole);
    },
    close() {
      page.removeEventListener("message", onWindow);
      port?.postMessage({ softphone: VERSION, id: newId(), type: "disconnect", payload: {} } satisfies Message);
      port?.close();
      port = null;
      connected = false;
    },
  };
}

function readMessage(data: unknown): Message | null {
  if (typeof data !== "object" || data === null) return null;
  const message = data as Message;
  return message.softphone === VERSION && typeof message.type === "string" ? message : null;
}
