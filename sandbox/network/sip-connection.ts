import type { Socket } from "node:net";
import type { WebSocket } from "ws";

/** Two CRLF: the ping of RFC 5626 section 4.4.1; the answer is one. */
const PING = /^(?:\r\n){2,}$/;

export interface SipConnectionEvents {
  onMessage(connection: SipConnection, text: string): void;
  onSent(connection: SipConnection, text: string): void;
  onClosed(connection: SipConnection): void;
}

/** One WebSocket of an agent's browser, with the faults that tests ask for. */
export class SipConnection {
  /** Set by the first good registration over it. */
  agent: string | null = null;
  readonly #webSocket: WebSocket;
  readonly #tcp: Socket;
  readonly #events: SipConnectionEvents;
  /** The same browser, back again: messages go there from now on. */
  #successor: SipConnection | null = null;
  #silent = false;
  #held: string[] = [];

  constructor(webSocket: WebSocket, tcp: Socket, events: SipConnectionEvents) {
    this.#webSocket = webSocket;
    this.#tcp = tcp;
    this.#events = events;
    webSocket.on("message", (data) => {
      const text = String(data);
      if (PING.test(text)) this.#webSocket.send("\r\n");
      else events.onMessage(this, text);
    });
    webSocket.on("close", () => events.onClosed(this));
    // A reset arrives as an error first; "close" follows.
    webSocket.on("error", () => undefined);
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /** The open connection that messages for this one take, `null` where there is none. */
  get current(): SipConnection | null {
    return this.#successor?.current ?? (this.isOpen ? this : null);
  }

  replaceBy(connection: SipConnection): void {
    // The newest one has no successor, or two that take turns would look for each other for ever.
    connection.#successor = null;
    if (this.#successor !== null) this.#successor.replaceBy(connection);
    else if (connection !== this) this.#successor = connection;
  }

  /** Throws where the browser is not reachable. */
  send(text: string): void {
    const target = this.current;
    if (target === null) throw new Error("the agent's connection is closed");
    if (target !== this) return target.send(text);
    if (this.#silent) {
      this.#held.push(text);
      return;
    }
    this.#webSocket.send(text);
    this.#events.onSent(this, text);
  }

  /** TCP reset, as when a network device forgets the connection. */
  reset(): void {
    this.#tcp.resetAndDestroy();
  }

  /** Stays open, but nothing goes through any more, in either direction. */
  silence(): void {
    this.#silent = true;
    this.#webSocket.pause();
  }

  resume(): void {
    this.#silent = false;
    const held = this.#held;
    this.#held = [];
    for (const text of held) this.send(text);
    this.#webSocket.resume();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }
}
