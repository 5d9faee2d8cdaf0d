import { CallDouble } from "./call-double.ts";
import { answerSip, readSip } from "./sip-text-double.ts";
import type { SipText } from "./sip-text-double.ts";
import type { Socket } from "./world.ts";

export class SocketDouble implements Socket {
  onOpen: (() => void) | null = null;
  onMessage: ((text: string) => void) | null = null;
  onClose: (() => void) | null = null;
  readonly url: string;
  state: "opening" | "open" | "closed" = "opening";
  readonly #receive: (text: string) => void;

  constructor(url: string, receive: (text: string) => void) {
    this.url = url;
    this.#receive = receive;
  }
  send(text: string): void {
    if (this.state !== "open") throw new Error("not open");
    this.#receive(text);
  }
  close(): void {
    this.state = "closed";
    Object.assign(this, { onOpen: null, onMessage: null, onClose: null });
  }
  /** Played. */
  opened(): void {
    if (this.state !== "opening") return;
    this.state = "open";
    this.onOpen?.();
  }
  /** Played: the other side closes. */
  lost(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.onClose?.();
  }
}

/** A registrar and far ends behind one WebSocket server, as text: played without a SIP library. */
export class NetworkDouble {
  registrar: "accepts" | "refuses" | "unreachable" | "silent" | number = "accepts";
  /** Messages are taken and nothing is answered. */
  silent = false;
  /** The next sockets open when they are told to. */
  isSlow = false;
  /** Whether pings are known here (RFC 5626 section 4.4.1), and those that came. */
  answersPings = true;
  pings = 0;
  /** Whether an Authorization header is the right one. */
  isRight: (authorization: string) => boolean = () => true;
  /** Authorization headers that are answered with 403. */
  refuses: (authorization: string) => boolean = () => false;
  readonly sockets: SocketDouble[] = [];
  readonly calls: CallDouble[] = [];
  readonly registers: SipText[] = [];
  /** Everything that is neither REGISTER nor part of a call. */
  readonly others: SipText[] = [];
  /** Extra headers of the next answers to REGISTER. */
  registerHeaders: readonly string[] = [];
  expiresSeconds = 600;
  prepareCall: (call: CallDouble) => void = () => {};
  #contact = "";

  get socket(): SocketDouble {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("no socket yet");
    return last;
  }

  openSocket(url: string): Socket {
    const socket: SocketDouble = new SocketDouble(url, (text) => this.#receive(socket, text));
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (this.registrar === "unreachable") socket.lost();
      else if (!this.isSlow) socket.opened();
    });
    return socket;
  }

  /** A call for the phone. */
  createCall(number = "+918000000001"): CallDouble {
    return this.#addCall(`call-${this.calls.length + 1}`, number);
  }
  ring(headers: Readonly<Record<string, string>> = {}, sdp?: string): CallDouble {
    const call = this.createCall();
    call.ring(headers, sdp);
    return call;
  }
  callOf(leg: string): CallDouble {
    const call = this.calls.find(({ callId }) => leg.startsWith(`${callId}#`));
    if (call === undefined) throw new Error(`no call for ${leg}`);
    return call;
  }

  #addCall(callId: string, number: string): CallDouble {
    const call = new CallDouble({ callId, target: this.#contact, number, send: (text) => this.#send(text) });
    this.prepareCall(call);
    this.calls.push(call);
    return call;
  }

  #send(text: string): boolean {
    if (this.socket.state !== "open" || this.silent) return false;
    this.socket.onMessage?.(text);
    return true;
  }

  #receive(socket: SocketDouble, text: string): void {
    if (text === "\r\n\r\n") return this.#ping(socket);
    if (this.silent || text === "\r\n") return;
    const message = readSip(text);
    const callId = message.header("Call-ID");
    if (message.method === "REGISTER") return this.#register(socket, message);
    const known = this.calls.find((call) => call.callId === callId);
    if (known !== undefined) return known.receive(message);
    if (message.method === "INVITE") return this.#addCall(callId, "").receive(message);
    this.others.push(message);
  }

  #ping(socket: SocketDouble): void {
    this.pings += 1;
    if (this.answersPings && !this.silent) queueMicrotask(() => socket.onMessage?.("\r\n"));
  }

  #register(socket: SocketDouble, message: SipText): void {
    this.registers.push(message);
    if (this.registrar === "silent") return;
    const answer = (status: number, headers: readonly string[] = []): void =>
      queueMicrotask(() => socket.onMessage?.(answerSip(message, status, [...headers, ...this.registerHeaders])));
    const authorization = message.header("Authorization");
    const challenge = 'WWW-Authenticate: Digest realm="net.test", nonce="n0nce", algorithm=MD5, qop="auth"';
    if (authorization === "") return answer(401, [challenge]);
    if (this.registrar === "refuses" || this.refuses(authorization)) return answer(403);
    if (typeof this.registrar === "number") return answer(this.registrar);
    if (!this.isRight(authorization)) return answer(401, [challenge]);
    const contact = message.header("Contact");
    this.#contact = /<([^>]+)>/.exec(contact)?.[1] ?? "";
    const asked = Number(/expires=(\d+)/.exec(contact)?.[1]);
    answer(200, asked === 0 ? [] : [`Contact: <${this.#contact}>;expires=${this.expiresSeconds}`]);
  }
}
