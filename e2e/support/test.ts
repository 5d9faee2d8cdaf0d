import { randomBytes } from "node:crypto";
import { test as base, expect, type BrowserContext } from "@playwright/test";
import type { NetworkCall } from "../../sandbox/network/network.ts";
import type { Control } from "./control.ts";
import { CrmPage } from "./crm-page.ts";
import { rememberPeers } from "./peers.ts";
import { type Account, PhonePanel } from "./phone-panel.ts";
import { type EngineName, type Sandbox, startSandbox } from "./start-sandbox.ts";
import { watch } from "./watch.ts";

const FIRST_PORT = Number(process.env["E2E_FIRST_PORT"] ?? 5270);

interface TestFixtures {
  /** A new agent of the sandbox, for this test alone. */
  agent: Account;
  control: Control;
  crm: CrmPage;
  /** The phone in the frame of the demo CRM, not signed in. */
  phone: PhonePanel;
  /** What nobody caught so far. A test that expects some takes them out. */
  troubles: string[];
}
export interface WorkerOptions {
  /** The engine that the phone's page is configured with. */
  engine: EngineName;
}
interface WorkerFixtures extends WorkerOptions {
  sandbox: Sandbox;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  engine: ["exotel", { option: true, scope: "worker" }],
  sandbox: [
    async ({ engine }, use, worker) => {
      const sandbox = await startSandbox(FIRST_PORT + worker.parallelIndex * 5, engine);
      await use(sandbox);
      await sandbox.stop();
    },
    { scope: "worker" },
  ],
  control: async ({ sandbox }, use) => {
    await use(sandbox.control);
  },
  troubles: [
    async ({ context }, use) => {
      await rememberPeers(context);
      const troubles = await watch(context);
      await use(troubles);
      expect(troubles, "nothing was uncaught, unhandled or blocked").toEqual([]);
    },
    { auto: true },
  ],
  agent: async ({ sandbox }, use) => {
    await use(await newAgent(sandbox));
  },
  // After `agent`, so that the CRM has it in its list of users.
  crm: async ({ sandbox, page, agent: _agent }, use) => {
    const crm = new CrmPage(page, sandbox.crm);
    await crm.open();
    await use(crm);
  },
  phone: async ({ sandbox, page, crm: _crm }, use) => {
    await use(new PhonePanel(page, sandbox.phone));
  },
});

export { expect };

/** An agent that nobody has signed in as yet. */
export async function newAgent(sandbox: Sandbox): Promise<Account> {
  const user = `agent${randomBytes(4).toString("hex")}`;
  const password = randomBytes(8).toString("hex");
  await sandbox.control.setAgent({ user, password, displayName: "Asha Rao" });
  return { user, password, domain: "sandbox1.voip.localhost", proxy: sandbox.proxy };
}

/** As the `troubles` fixture does for the test's own context, for one more. */
export async function watched(context: BrowserContext): Promise<string[]> {
  await rememberPeers(context);
  return watch(context);
}

/** Waits until the network says so about the call, and returns it as it is then. */
export async function callThat(
  control: Control,
  sid: string,
  condition: (call: NetworkCall) => boolean,
  what: string,
): Promise<NetworkCall> {
  await expect.poll(async () => condition(await control.call(sid)), { message: what, intervals: [50, 100, 200] }).toBe(true);
  return control.call(sid);
}
