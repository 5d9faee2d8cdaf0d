import type { Context } from "../../bench/devtools.ts";
import type { NetworkCall } from "../../sandbox/network/network.ts";
import type { Account } from "../support/phone-panel.ts";
import type { Sandbox } from "../support/start-sandbox.ts";
import { type ChaosTab, openChaosTab, type Seen } from "./chaos-tab.ts";
import type { Walk } from "./seeds.ts";

/** What the walk has done and may therefore expect; and everything it can look at. */
export class World {
  readonly context: Context;
  readonly sandbox: Sandbox;
  readonly agent: Account;
  readonly place: Walk["place"];
  readonly fewestTabs: number;
  readonly mostTabs: number;
  tabs: ChaosTab[] = [];
  /** The customer's call of now or of last. */
  sid: string | null = null;
  /** What was asked for, whichever tab was clicked. */
  muted = false;
  held = false;
  /** Typed about the call of now; `null` where there is nothing to type into. */
  note: string | null = null;
  endedBy: NetworkCall["endedBy"] = null;
  /** Notes that were saved, by call: each must be in the CRM once. */
  readonly saved = new Map<string, string>();
  /** The customer has spoken with the agent in this call. */
  wasUp = false;
  /** Somebody has hung up, or the server that had it is gone. */
  mayEnd = false;
  /** The network forgets everything when it restarts: whether the call is up is then the phone's word alone. */
  networkForgot = false;
  #opened = 0;
  readonly #probe: string;

  constructor(context: Context, sandbox: Sandbox, agent: Account, { place, tabs }: Walk, probe: string) {
    this.context = context;
    this.sandbox = sandbox;
    this.agent = agent;
    this.place = place;
    this.#probe = probe;
    this.fewestTabs = Math.max(1, tabs - 1);
    this.mostTabs = tabs === 1 ? 1 : tabs + 1;
  }

  async openTab(): Promise<ChaosTab> {
    this.#opened += 1;
    const tab = await openChaosTab(this.context, this.sandbox, this.place, `tab ${this.#opened}`, this.#probe);
    this.tabs.push(tab);
    return tab;
  }

  forget(tab: ChaosTab): void {
    this.tabs = this.tabs.filter((other) => other !== tab);
  }

  /** The call as the network has it; `null` where there is none or it is over. */
  async liveCall(): Promise<NetworkCall | null> {
    if (this.sid === null || this.networkForgot) return null;
    const call = await this.sandbox.control.call(this.sid);
    if (call.status === "in-progress") this.wasUp = true;
    this.endedBy = call.endedBy;
    return call.endedAt === null ? call : null;
  }

  async contacts(): Promise<number> {
    return (await this.sandbox.control.agent(this.agent.user)).contacts.length;
  }

  look(): Promise<(Seen | null)[]> {
    return Promise.all(this.tabs.map((tab) => tab.look()));
  }
}
