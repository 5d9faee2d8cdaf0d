import { EmitterImpl, TransportState } from "sip.js";
import type { Transport } from "sip.js";
import type { Clock, Log, Random } from "../../core/ports.ts";
import { createDeferred } from "../../lib/deferred.ts";
import type { Deferred } from "../../lib/deferred.ts";
import { KeepAlive } from "./keep-alive.ts";
import type { Socket } from "./world.ts";

export interface SocketOptions {
  readonly protocol: "WS" | "WSS";
  open(): Socket;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** After every SIP message, in either direction. */
  onTraffic(): void;
}

/** RFC 5626 section 4.4.1: a ping is answered with half of it. */
const PING = "\r\n\r\n";
const PONG = "\r\n";

/**
 * SIP over one WebSocket at a time. `disconnect` takes effect at once: a silent server would answer a closing handshake
 * only after a minute. Sending is synchronous, so that a BYE still leaves a page that is going away.
 */
export class SocketTransport implements Transport {
  readonly protocol: string;
  readonly stateChange = new EmitterImpl<TransportState>();
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  #state = TransportState.Disconnected;
  #socket: Socket | null = null;
  #opening: Deferred<void> | null = null;
  #keepAlive: KeepAlive | null = null;
  readonly #options: SocketOptions;

  constructor(_logger: unknown, options: SocketOptions) {
    this.#options = options;
    this.protocol = options.protocol;
  }

  get state(): TransportState {
    return this.#state;
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  connect(): Promise<void> {
    if (this.isConnected()) return Promise.resolve();
    if (this.#opening !== null) return this.#opening.promise;
    const opening = createDeferred<void>();
    this.#opening = opening;
    this.#to(TransportState.Connecting);
    try {
      this.#listen(this.#options.open());
    } catch (error) {
      // An address that the content security policy forbids throws here in some browsers.
      this.#drop(error instanceof Error ? error : new Error("no socket"));
    }
    return opening.promise;
  }

  async disconnect(): Promise<void> {
    this.#drop(null);
  }

  async dispose(): Promise<void> {
    this.#drop(null);
    this.stateChange.removeAllListeners();
  }

  send(message: string): Promise<void> {
    try {
      if (this.#socket === null || !this.isConnected()) throw new Error("the socket is not open");
      this.#socket.send(message);
      this.#options.onTraffic();
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** As `KeepAlive.ask`; `null` also where there is no socket. */
  askForPong(): Promise<void> | null {
    return this.#keepAlive?.ask() ?? null;
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.onOpen = () => {
      const opening = this.#opening;
      this.#opening = null;
      this.#to(TransportState.Connected);
      this.#keepAlive = this.#createKeepAlive(socket);
      this.#keepAlive.start();
      this.onConnect?.();
      opening?.resolve();
    };
    socket.onClose = () => this.#drop(new Error("the socket was closed"));
    socket.onMessage = (text) => this.#receive(socket, text);
  }

  #receive(socket: Socket, text: string): void {
    if (text === PING) return socket.send(PONG);
    if (text === PONG) return this.#keepAlive?.onPong();
    if (text.trim() === "") return;
    try {
      this.onMessage?.(text);
    } catch (error) {
      // One message that cannot be read must not take the others along.
      this.#options.log.write("error", "sip message failed", { error });
    }
    this.#options.onTraffic();
  }

  #createKeepAlive(socket: Socket): KeepAlive {
    const { clock, random, log } = this.#options;
    return new KeepAlive({
      clock,
      random,
      ping: () => socket.send(PING),
      silent: () => {
        log.write("warn", "no pong: the socket is taken for dead");
        this.#drop(new Error("no pong"));
      },
    });
  }

  /** @param error  `null`: we wanted it so. */
  #drop(error: Error | null): void {
    const opening = this.#opening;
    const wasConnected = this.isConnected();
    this.#keepAlive?.stop();
    this.#keepAlive = null;
    this.#socket?.close();
    this.#socket = null;
    this.#opening = null;
    this.#to(TransportState.Disconnected);
    if (wasConnected && error !== null) this.onDisconnect?.(error);
    opening?.reject(error ?? new Error("not wanted any more"));
  }

  #to(state: TransportState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.stateChange.emit(state);
  }
}
