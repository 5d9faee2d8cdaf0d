import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { test as sandboxTest } from "../support/test.ts";
import { Caller, type CallerOptions } from "./caller.ts";
import { REAL_NETWORK_PASSWORD, type RealNetwork, startRealNetwork } from "./network.ts";

interface TestFixtures {
  /** A customer of sipp's who calls this test's agent. */
  call: (scenario: CallerOptions["scenario"], options?: Pick<CallerOptions, "pauseMs" | "name">) => Promise<Caller>;
}
interface WorkerFixtures {
  /** Kamailio and rtpengine; the phone's configuration points there. */
  network: RealNetwork;
}

export { expect } from "../support/test.ts";

export const test = sandboxTest.extend<TestFixtures, WorkerFixtures>({
  network: [
    async ({ sandbox }, use, worker) => {
      const network = await startRealNetwork(
        join(worker.project.outputDir, `real-network-${worker.workerIndex}`),
        42_000 + worker.parallelIndex * 400,
      );
      const config = await sandbox.control.config();
      const preset = { id: "kamailio", label: "Kamailio", domain: "kamailio.localhost", proxy: network.proxy };
      await sandbox.control.setConfig({ ...config, sip: { ...Object(config["sip"]), presets: [preset] } });
      await use(network);
      await network.stop();
    },
    { scope: "worker", auto: true },
  ],
  agent: async ({ network }, use) => {
    const user = `agent${randomBytes(4).toString("hex")}`;
    await use({ user, password: REAL_NETWORK_PASSWORD, domain: "kamailio.localhost", proxy: network.proxy });
  },
  call: async ({ network, agent }, use, info) => {
    const callers: Caller[] = [];
    await use(async (scenario, options = {}) => {
      const caller = await Caller.call({ agent: agent.user, sipPort: network.sipPort, folder: info.outputDir, scenario, ...options });
      callers.push(caller);
      return caller;
    });
    await Promise.all(callers.map((caller) => caller.dispose()));
  },
});
