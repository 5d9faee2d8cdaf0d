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
  const said: string[] = [];
  engine.on((event) => {
    said.push("leg" in event ? `${event.type} ${event.leg.slice(0, 8)}` : event.type);
    if (event.type === "leg-ringing") rung.push(event.invitation.leg);
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
      const before = rung.length;
      const call = await network.ring(known.user);
      await expect.poll(() => rung.length, { message: "the engine rings", intervals: [20] }).toBe(before + 1);
      const leg = rung.at(-1) ?? "";
      calls.set(leg, call);
      return leg;
    },
    hangUpThere: async (leg) => void (await calls.get(leg)?.hangUp()),
    cancel: async (leg) => void (await calls.get(leg)?.cancel()),
    settle: async (done) => {
      await expect
        .poll(done, { message: "the engine says so", intervals: [20], timeout: EVENTUALLY_MS })
        .toBe(true)
        .catch((error: unknown) => {
          throw new Error(`The engine said: ${said.join(", ")}\n${network.trail?.() ?? ""}`, { cause: error });
        });
      // Whatever it said too much has left the socket before the answer to this.
      await engine.probe(2_000);
    },
  };
}
