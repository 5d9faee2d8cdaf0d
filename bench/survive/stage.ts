import { randomBytes } from "node:crypto";
import { FarEnd } from "../../e2e/real-network/far-end.ts";
import { REAL_NETWORK_PASSWORD, type RealNetwork } from "../../e2e/real-network/network.ts";
import type { Sandbox } from "../../e2e/support/start-sandbox.ts";
import type { Browser, Context } from "../devtools.ts";
import type { ClickToCallServer } from "./click-to-call.ts";
import { openTab, type PhoneTab, type Place } from "./phone-tab.ts";

/** What all rounds share. */
export interface Stage {
  readonly browser: Browser;
  readonly network: RealNetwork;
  readonly sandbox: Sandbox;
  readonly dialing: Dialing;
  /** `host:port` that the phone connects to. */
  readonly proxy: string;
  /** Source of the script that runs before every page. */
  readonly probe: string;
}

/** How a call goes out: by INVITE of the phone, or by HTTP, where the far end rings the phone's own leg. */
export type Dialing = { readonly via: "sip" } | { readonly via: "url"; readonly server: ClickToCallServer };

export type CallDirection = "incoming" | "outgoing";

/** A new agent in a browser context of its own, and the customer that the agent talks to. */
export interface LiveCall {
  readonly far: FarEnd;
  readonly tab: PhoneTab;
  openTab(): Promise<PhoneTab>;
  close(): Promise<void>;
}

/** A second of sound before anything happens to a call. */
const TALKING_PACKETS = 50;
/**
 * The browser of an agent has loaded the phone before, today or yesterday, and its engine has compiled it. On the second load
 * it is busy with keeping what it compiled: no load that an agent ever has in a call.
 */
const EARLIER_LOADS = 2;
const CUSTOMER = "+918000000001";

/** @param before what happens between sign-in and call, for example another tab. */
export async function startCall(
  stage: Stage,
  place: Place,
  direction: CallDirection,
  before: (call: LiveCall) => Promise<void> = () => Promise.resolve(),
): Promise<LiveCall> {
  const user = `agent${randomBytes(4).toString("hex")}`;
  const context = await stage.browser.context();
  const isOurInvite = direction === "outgoing" && stage.dialing.via === "sip";
  const far = await FarEnd.open(stage.network.sipPort, isOurInvite ? stage.network.numbersPort : 0);
  const open = () => openTab(context, place, stage.sandbox, stage.probe);
  try {
    const tab = await open();
    await tab.signIn({ user, password: REAL_NETWORK_PASSWORD, domain: "kamailio.localhost", proxy: stage.proxy });
    for (let load = 0; load < EARLIER_LOADS; load += 1) await tab.reload();
    const call: LiveCall = { far, tab, openTab: open, close: () => close(context, far) };
    await before(call);
    await connect(stage, call, user, direction);
    return call;
  } catch (error) {
    await close(context, far);
    throw error;
  }
}

async function connect({ dialing }: Stage, { far, tab }: LiveCall, user: string, direction: CallDirection): Promise<void> {
  if (direction === "incoming") {
    far.ring(user, { number: CUSTOMER });
    await tab.click("Answer").catch((error: unknown) => {
      throw new Error(`the phone does not ring; the far end's INVITE got ${far.status ?? "no final answer"}`, { cause: error });
    });
  } else {
    if (dialing.via === "url") {
      dialing.server.onDial = (number) => {
        const callSid = `sid-${randomBytes(4).toString("hex")}`;
        far.ring(user, { number, callSid });
        return callSid;
      };
    }
    await tab.dial(CUSTOMER);
  }
  await tab.until(`__probe.button("Hang up") && __probe.button("Mute")`, "the call does not come up");
  await until(() => far.state === "up" && far.rtp.packets >= TALKING_PACKETS, "no sound arrives at the far end");
}

async function close(context: Context, far: FarEnd): Promise<void> {
  if (far.state === "up") await far.hangUp().catch(() => 0);
  await context.close();
  far.close();
}

export async function until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
