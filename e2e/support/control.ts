import type { Agent, Customer, NetworkCall } from "../../sandbox/network/network.ts";
import type { CallLog } from "../../src/protocol/call.ts";

/** The sandbox's control over HTTP: plays the customer and the network, and looks at what arrived there. */
export class Control {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  agents(): Promise<Agent[]> {
    return this.#ask("GET", "/agents");
  }
  async agent(user: string): Promise<Agent> {
    const found = (await this.agents()).find((agent) => agent.user === user);
    if (!found) throw new Error(`the sandbox knows no agent ${user}`);
    return found;
  }
  setAgent(agent: { readonly user: string; readonly password: string; readonly displayName: string }): Promise<Agent> {
    return this.#ask("POST", "/agents", agent);
  }
  /** A customer calls the agent; `speaks` unless told. */
  ring(agent: string, customer: Partial<Customer> = {}): Promise<NetworkCall> {
    return this.#ask("POST", "/calls", { agent, customer });
  }
  call(sid: string): Promise<NetworkCall> {
    return this.#ask("GET", `/calls/${sid}`);
  }
  calls(): Promise<NetworkCall[]> {
    return this.#ask("GET", "/calls");
  }
  hangUp(sid: string): Promise<unknown> {
    return this.#ask("POST", `/calls/${sid}/hangup`);
  }
  hold(sid: string, held: boolean): Promise<unknown> {
    return this.#ask("POST", `/calls/${sid}/hold`, { held });
  }
  media(sid: string, stopped: boolean): Promise<unknown> {
    return this.#ask("POST", `/calls/${sid}/media`, { stopped });
  }
  sockets(agent: string, action: "close" | "silence" | "resume"): Promise<{ count: number }> {
    return this.#ask("POST", "/sockets", { agent, action });
  }
  restart(downMs: number): Promise<unknown> {
    return this.#ask("POST", "/restart", { downMs });
  }
  sipLog(): Promise<{ at: number; agent: string | null; direction: "in" | "out"; message: string }[]> {
    return this.#ask("GET", "/sip-log");
  }
  config(): Promise<Record<string, unknown>> {
    return this.#ask("GET", "/config");
  }
  setConfig(config: unknown): Promise<unknown> {
    return this.#ask("PUT", "/config", config);
  }
  /** What the phone's origin answers at `/ice-servers`. */
  setIceServers(answer: object): Promise<unknown> {
    return this.#ask("PUT", "/ice-servers", answer);
  }
  callLogs(): Promise<CallLog[]> {
    return this.#ask("GET", "/crm/call-logs");
  }
  clearCallLogs(): Promise<unknown> {
    return this.#ask("DELETE", "/crm/call-logs");
  }
  faults(faults: { readonly loseAcknowledgements?: number; readonly failSaves?: number }): Promise<unknown> {
    return this.#ask("POST", "/crm/faults", faults);
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}
