import { expect, type BrowserContext } from "@playwright/test";
import type { EngineUnderTest } from "../../src/engines/contract.ts";
import type { LegId, SipAccount } from "../../src/core/engine-port.ts";
import { freePort } from "../real-network/free-port.ts";
import { openRemoteEngine } from "./remote-engine.ts";
import type { EngineName } from "./start-sandbox.ts";

/** One call of a customer, as the network plays it. */
interface PlayedCall {
  hangUp(): Promise<unknown> | void;
  cancel(): Promise<unknown> | void;
  /** The customer's telephone has heard of the end. */
  isOver(): Promise<boolean> | boolean;
}

/** A network with people in it. */
export interface PlayedNetwork {
  /** An agent that nobody has used yet. */
  newAccount(): Promise<SipAccount>;
  /** +918000000001 calls the agent. */
  ring(user: string): Promise<PlayedCall>;
  /** What went over the wire, where it is known. */
  trail?(): string;
}

const EVENTUALLY_MS = 15_000;

/** An engine in a page of its own, on a real network, as the contract wants it. */
export async function engineInBrowser(
  context: BrowserContext,
  url: string,
  name: EngineName,
  network: PlayedNetwork,
): Promise<EngineUnderTest> {
  const page = await context.newPage();
  const engine = await openRemoteEngine(page, url, name);
  const known = await network.newAccount();
  const nowhere = `127.0.0.1:${await freePort()}`;
  let account = known;
  const calls = new Map<LegId, PlayedCall>();
  const rung: LegId[] = [];
  const hungUp: LegId[] = [];
  const said: string[] = [];
  engine.on((event) => {
    said.push("leg" in event ? `${event.type} ${event.leg.slice(0, 8)}` : event.type);
    if (event.type === "leg-ringing") rung.push(event.invitation.leg);
    if (event.type === "leg-ended" && event.reason === "hung-up-here") hungUp.push(event.leg);
  });
  const eventually = (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> =>
    expect
      .poll(isSo, { message: what, intervals: [20], timeout: EVENTUALLY_MS })
      .toBe(true)
      .catch((error: unknown) => {
        throw new Error(`Not so: ${what}. The engine said: ${said.join(", ")}\n${network.trail?.() ?? ""}`, { cause: error });
      });
  return {
    engine,
    account: () => account,
    registrar: (how) => {
      if (how === "refuses") account = { ...known, password: "not-it" };
      if (how === "unreachable") account = { ...known, proxy: nowhere };
    },
    microphone: (problem) => {
      void page.evaluate(
        (error) => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", error));
        },
        problem === "microphone-missing" ? "NotFoundError" : "NotAllowedError",
      );
    },
    ring: async () => {
      // A rule does not wait for what it only asks of the page, such as no news any more: by now it has happened.
      await page.evaluate(() => undefined);
      // A BYE waits for the ACK of our 200 (RFC 3261 section 15): until then a phone of one line is busy.
      for (const leg of hungUp) await eventually("the far end is told of the end", async () => calls.get(leg)?.isOver() ?? true);
      const before = rung.length;
      const call = await network.ring(known.user);
      await eventually("the engine rings", () => rung.length > before);
      const leg = rung.at(-1) ?? "";
      calls.set(leg, call);
      return leg;
    },
    hangUpThere: async (leg) => void (await calls.get(leg)?.hangUp()),
    cancel: async (leg) => void (await calls.get(leg)?.cancel()),
    settle: async (done) => {
      await eventually("the engine says so", done);
      // Whatever it said too much has left the socket before the answer to this.
      await engine.probe(2_000);
    },
  };
}
