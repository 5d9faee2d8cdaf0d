import { randomBytes } from "node:crypto";
import { type BrowserContext, expect } from "@playwright/test";
import type { ContractSuite, EngineUnderTest } from "../../src/engines/contract.ts";
import { engineInBrowser, type PlayedNetwork } from "./engine-contract.ts";
import { type EnginePage, serveEnginePage } from "./engine-page.ts";
import type { EngineName, Sandbox } from "./start-sandbox.ts";

/** Where the rules of the engine contract find an engine in a real browser, each one of its own. */
export interface ContractStage {
  start(): Promise<void>;
  /** Before each test. */
  enter(context: BrowserContext, network: PlayedNetwork): void;
  open(name: EngineName): Promise<EngineUnderTest>;
  stop(): Promise<void>;
}

export function createContractStage(): ContractStage {
  let page: EnginePage | null = null;
  let here: { readonly context: BrowserContext; readonly network: PlayedNetwork } | null = null;
  return {
    start: async () => void (page = await serveEnginePage()),
    enter: (context, network) => void (here = { context, network }),
    open: (name) => {
      if (page === null || here === null) throw new Error("no test is running");
      return engineInBrowser(here.context, page.url, name, here.network);
    },
    stop: async () => page?.stop(),
  };
}

/** Playwright in the place of Vitest. */
export function playwrightSuite(test: {
  (title: string, body: () => Promise<void>): void;
  describe(title: string, rules: () => void): void;
}): ContractSuite {
  // Playwright reads the names of a body's parameters: it has none, whatever the rule's own has.
  return { describe: test.describe, test: (title, body) => test(title, () => body()), expect };
}

/** The sandbox as the contract's network. */
export function sandboxNetwork({ control, proxy }: Sandbox): PlayedNetwork {
  return {
    newAccount: async () => {
      const user = `agent${randomBytes(4).toString("hex")}`;
      const password = randomBytes(8).toString("hex");
      await control.setAgent({ user, password, displayName: "Asha Rao" });
      return { user, password, domain: "sandbox1.voip.localhost", proxy, displayName: "Asha Rao" };
    },
    ring: async (user) => {
      const { sid } = await control.ring(user, { number: "+918000000001" });
      const hangUp = () => control.hangUp(sid);
      return { hangUp, cancel: hangUp, isOver: async () => (await control.call(sid)).endedAt !== null };
    },
  };
}
