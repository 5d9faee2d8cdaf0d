import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Socket } from "node:net";
import { join, resolve } from "node:path";
import type { WebSocket } from "ws";
import type { Core } from "sip.js";
import { Call } from "./call.ts";
import type { CallSetup } from "./call.ts";
import { startListener } from "./listener.ts";
import type { Listener } from "./listener.ts";
import { startMedia } from "./media/media.ts";
import type { Media } from "./media/media.ts";
import type { Customer, Network, NetworkCall, NetworkEvents } from "./network.ts";
import { Registrar } from "./registrar.ts";
import { SipConnection } from "./sip-connection.ts";
import { SipLog } from "./sip-log.ts";
import { SipStack } from "./sip-stack.ts";

const CALLS_KEPT = 1000;

export interface NetworkOptions {
  /** Of the WebSocket, path `/wss`; 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  /** Made where it is missing; `{sid}.wav` files. */
  readonly recordingsFolder: string;
  readonly agents: readonly { readonly user: string; readonly password: string; readonly displayName: string }[];
  /** How long an agent rings for a customer who calls. */
  readonly agentRingMs?: number;
  /** How long a customer waits for an agent whose connection was lost. */
  readonly lostSocketMs?: number;
  /** Who is at a number that an agent's phone calls or sends a customer on to. */
  readonly customerOf: (number: string) => Customer;
}

export interface SandboxNetwork extends Network {
  readonly port: number;
  /** What is held now; all zero some time after the last call, for tests that look for leaks. */
  usage(): Promise<{ dialogs: number; clients: number; servers: number; peers: number; udpSockets: number }>;
}

/** Resolves when it listens. */
export async function createNetwork(options: NetworkOptions): Promise<SandboxNetwork> {
  const exchange = new Exchange(options);
  try {
    await exchange.listen();
  } catch (error) {
    await exchange.close();
    throw error;
  }
  return exchange;
}

class Exchange implements SandboxNetwork {
  readonly #host: string;
  readonly #recordings: string;
  readonly #agentRingMs: number;
  readonly #lostSocketMs: number;
  readonly #customerOf: (number: string) => Customer;
  readonly #log = new SipLog();
  readonly #registrar: Registrar;
  readonly #calls = new Map<string, Call>();
  readonly #connections = new Set<SipConnection>();
  readonly #faults: { method: string; status: number; count: number }[] = [];
  readonly #listeners: { [E in keyof NetworkEvents]: Set<NetworkEvents[E]> } = { call: new Set(), registered: new Set() };
  #port: number;
  #media: Media;
  #listener: Listener | null = null;
  #stack: SipStack | null = null;
  #closed = false;

  constructor(options: NetworkOptions) {
    this.#port = options.port;
    this.#host = options.host ?? "127.0.0.1";
    this.#recordings = resolve(options.recordingsFolder);
    this.#agentRingMs = options.agentRingMs ?? 60_000;
    this.#lostSocketMs = options.lostSocketMs ?? 10_000;
    this.#customerOf = options.customerOf;
    mkdirSync(this.#recordings, { recursive: true });
    this.#registrar = new Registrar(this.#host, {
      onChanged: (agent) => this.#listeners.registered.forEach((listener) => listener(agent)),
      onBound: (binding) => this.#calls.forEach((call) => call.leg.bound(binding)),
    });
    for (const { user, password, displayName } of options.agents) this.#registrar.setAgent(user, password, displayName);
    this.#media = this.#startMedia();
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    const listener = await startListener(this.#host, this.#port, (webSocket, tcp) => this.#connected(webSocket, tcp));
    this.#listener = listener;
    this.#port = listener.port;
    this.#stack = new SipStack(this.#host, listener.port, {
      onRegister: (request, connection) => this.#registrar.register(request, connection),
      onInvite: (request, connection) => this.#placedByAgent(request, connection),
      onTraffic: (callId, tag, connection) =>
        [...this.#calls.values()].find(({ leg }) => leg.callId === callId)?.leg.traffic(tag, connection),
      faultFor: (method) => this.#faultFor(method),
    });
  }

  agents() {
    return this.#registrar.agents();
  }

  setAgent(user: string, password: string, displayName: string): void {
    this.#registrar.setAgent(user, password, displayName);
  }

  calls(): readonly NetworkCall[] {
    return [...this.#calls.values()].map((call) => call.snapshot());
  }

  call(sid: string): NetworkCall | null {
    return this.#calls.get(sid)?.snapshot() ?? null;
  }

  ringAgent(agent: string, customer: Customer): NetworkCall {
    return this.#place("inbound", agent, customer, this.#agentRingMs, null);
  }

  connect(agent: string, customer: Customer, options: { readonly timeOutMs: number; readonly timeLimitMs: number }): NetworkCall {
    return this.#place("outbound-api", agent, customer, options.timeOutMs, options.timeLimitMs);
  }

  hangUpAsCustomer(sid: string): void {
    this.#find(sid).hangUpAsCustomer();
  }

  hangUp(sid: string): void {
    this.#find(sid).drop();
  }

  setHeldByCustomer(sid: string, held: boolean): void {
    this.#find(sid).setHeldByCustomer(held);
  }

  pressDigits(sid: string, digits: string): void {
    this.#find(sid).pressDigits(digits);
  }

  setMediaStopped(sid: string, stopped: boolean): void {
    this.#find(sid).setMediaStopped(stopped);
  }

  sockets(agent: string | null, action: "close" | "silence" | "resume"): number {
    const chosen = [...this.#connections].filter((connection) => agent === null || connection.agent === agent);
    for (const connection of chosen) {
      if (action === "close") connection.reset();
      else if (action === "silence") connection.silence();
      else connection.resume();
    }
    return chosen.length;
  }

  failNext(method: string, status: number, count: number): void {
    this.#faults.push({ method: method.toUpperCase(), status, count });
  }

  async restart(downMs: number): Promise<void> {
    await this.#shut();
    await new Promise((done) => setTimeout(done, downMs));
    if (!this.#closed) await this.listen();
  }

  sipLog() {
    return this.#log.entries();
  }

  on<E extends keyof NetworkEvents>(event: E, listener: NetworkEvents[E]): () => void {
    const listeners: Set<NetworkEvents[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async usage() {
    const { peers = 0, udpSockets = 0 } = await this.#media.request({ type: "usage" });
    const { dialogs, clients, servers } = this.#stack?.usage() ?? { dialogs: 0, clients: 0, servers: 0 };
    return { dialogs, clients, servers, peers, udpSockets };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#shut();
    await this.#media.close();
  }

  async #shut(): Promise<void> {
    const listener = this.#listener;
    const stack = this.#stack;
    this.#listener = null;
    this.#stack = null;
    // Sockets first: a network that goes down says goodbye to nobody.
    for (const connection of this.#connections) connection.terminate();
    this.#connections.clear();
    for (const call of this.#calls.values()) call.drop();
    await Promise.all([...this.#calls.values()].map((call) => call.ended()));
    this.#calls.clear();
    this.#registrar.reset();
    stack?.dispose();
    await listener?.close();
  }

  #place(
    direction: NetworkCall["direction"],
    agent: string,
    customer: Customer,
    timeOutMs: number,
    timeLimitMs: number | null,
    placed: CallSetup["placed"] = null,
  ): NetworkCall {
    if (!this.#registrar.knows(agent)) throw new Error(`there is no agent "${agent}"`);
    if (this.#stack === null) throw new Error("the network is down");
    const sid = randomBytes(16).toString("hex");
    const call = new Call({
      sid,
      direction,
      agent,
      customer,
      timeOutMs,
      timeLimitMs,
      lostSocketMs: this.#lostSocketMs,
      recording: join(this.#recordings, `${sid}.wav`),
      stack: this.#stack,
      media: this.#media,
      registrar: this.#registrar,
      placed,
      customerOf: this.#customerOf,
      replacedBy: (replaces) => [...this.#calls.values()].find(({ leg }) => leg.dialog?.isNamedBy(replaces) === true) ?? null,
      onChange: (changed) => this.#listeners.call.forEach((listener) => listener(changed)),
    });
    this.#calls.set(sid, call);
    this.#forgetOldCalls();
    void call.start();
    return call.snapshot();
  }

  /** An agent's phone calls by itself (digest authentication of RFC 3261 section 22.3). */
  #placedByAgent(request: Core.IncomingInviteRequest, connection: SipConnection): void {
    const agent = this.#registrar.callerOf(request);
    if (agent === null) return;
    const number = (request.message.ruri?.user ?? "").replaceAll("%23", "#");
    if (!/^[+*#\d]+$/.test(number)) return void request.reject({ statusCode: 404 });
    this.#place("outbound-dial", agent, this.#customerOf(number), this.#agentRingMs, null, { request, connection });
  }

  #forgetOldCalls(): void {
    for (const [sid, call] of this.#calls) {
      if (this.#calls.size <= CALLS_KEPT) return;
      if (call.isOver) this.#calls.delete(sid);
    }
  }

  #find(sid: string): Call {
    const call = this.#calls.get(sid);
    if (call === undefined) throw new Error(`there is no call "${sid}"`);
    return call;
  }

  #faultFor(method: string): number | null {
    const fault = this.#faults.find((each) => each.method === method && each.count > 0);
    if (fault === undefined) return null;
    fault.count -= 1;
    return fault.status;
  }

  #connected(webSocket: WebSocket, tcp: Socket): void {
    const connection = new SipConnection(webSocket, tcp, {
      onMessage: (from, text) => {
        this.#log.add(from.agent, "in", text);
        this.#stack?.receive(from, text);
      },
      onSent: (to, text) => this.#log.add(to.agent, "out", text),
      onClosed: (closed) => {
        this.#connections.delete(closed);
        this.#registrar.connectionClosed(closed);
        for (const call of this.#calls.values()) call.leg.connectionClosed(closed);
      },
    });
    this.#connections.add(connection);
  }

  #startMedia(): Media {
    return startMedia({
      onEvent: (event) => this.#calls.get(event.peer)?.mediaEvent(event),
      onLost: () => {
        this.#media = this.#startMedia();
        for (const call of this.#calls.values()) call.drop();
      },
    });
  }
}
