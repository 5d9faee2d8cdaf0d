import { randomBytes } from "node:crypto";
import type { Agent, CallStatus, Customer, Network, NetworkCall, NetworkEvents } from "./network.ts";

const OVER: readonly CallStatus[] = ["completed", "failed", "busy", "no-answer", "canceled"];

/** A network played by a test: calls exist, nobody rings, and the test moves them along with `move`. */
export class FakeNetwork implements Network {
  readonly #agents = new Map<string, Agent>();
  readonly #calls = new Map<string, NetworkCall>();
  readonly #listeners: { [E in keyof NetworkEvents]: Set<NetworkEvents[E]> } = { call: new Set(), registered: new Set() };
  readonly #now: () => number;
  /** Options of each `connect`, newest last. */
  readonly connected: { readonly timeOutMs: number; readonly timeLimitMs: number }[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Changes a call as the network would; times of status changes are set here unless given. */
  move(sid: string, change: Partial<NetworkCall>): NetworkCall {
    const before = this.#calls.get(sid);
    if (!before) throw new Error(`no call ${sid}`);
    const now = this.#now();
    const { status } = change;
    const call: NetworkCall = {
      ...before,
      ...(status === "ringing" ? { ringingAt: now } : {}),
      ...(status === "in-progress" ? { answeredAt: before.answeredAt ?? now } : {}),
      ...(status && OVER.includes(status) ? { endedAt: now } : {}),
      ...change,
    };
    this.#calls.set(sid, call);
    if (status) for (const listener of this.#listeners.call) listener(call);
    return call;
  }

  agents(): readonly Agent[] {
    return [...this.#agents.values()];
  }
  setAgent(user: string, password: string, displayName: string): void {
    this.#agents.set(user, { user, password, displayName, contacts: [] });
  }
  calls(): readonly NetworkCall[] {
    return [...this.#calls.values()];
  }
  call(sid: string): NetworkCall | null {
    return this.#calls.get(sid) ?? null;
  }
  ringAgent(agent: string, customer: Customer): NetworkCall {
    return this.#start("inbound", agent, customer);
  }
  connect(agent: string, customer: Customer, options: { readonly timeOutMs: number; readonly timeLimitMs: number }): NetworkCall {
    this.connected.push(options);
    return this.#start("outbound-api", agent, customer);
  }
  hangUpAsCustomer(sid: string): void {
    this.move(sid, { status: "completed", endedBy: "customer" });
  }
  hangUp(sid: string): void {
    this.move(sid, { status: "completed", endedBy: "network" });
  }
  setHeldByCustomer(sid: string, held: boolean): void {
    this.move(sid, { heldByCustomer: held });
  }
  pressDigits(): void {}
  sockets(): number {
    return 0;
  }
  setMediaStopped(): void {}
  failNext(): void {}
  restart(): Promise<void> {
    return Promise.resolve();
  }
  sipLog(): ReturnType<Network["sipLog"]> {
    return [];
  }
  on<E extends keyof NetworkEvents>(event: E, listener: NetworkEvents[E]): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }

  #start(direction: NetworkCall["direction"], agent: string, customer: Customer): NetworkCall {
    if (!this.#agents.has(agent)) throw new Error(`unknown agent ${agent}`);
    const call: NetworkCall = {
      sid: randomBytes(16).toString("hex"),
      direction,
      agent,
      customer,
      status: "queued",
      createdAt: this.#now(),
      ringingAt: null,
      answeredAt: null,
      endedAt: null,
      endedBy: null,
      agentStatus: null,
      agentSipCallId: null,
      legSid: randomBytes(16).toString("hex"),
      digits: "",
      heldByAgent: false,
      heldByCustomer: false,
      heard: { packets: 0, energy: 0, lastPacketAt: null },
      transferredTo: null,
      recording: null,
    };
    this.#calls.set(call.sid, call);
    return call;
  }
}
