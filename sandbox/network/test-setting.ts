import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { createNetwork } from "./create-network.ts";
import type { NetworkOptions, SandboxNetwork } from "./create-network.ts";
import type { CallStatus, Customer, NetworkCall } from "./network.ts";
import { TestAgent } from "./test-agent.ts";

/** Their passwords are `sandbox-` and the name. */
export const testAgents = [
  { user: "asha", password: "sandbox-asha", displayName: "Asha" },
  { user: "ravi", password: "sandbox-ravi", displayName: "Ravi" },
  { user: "meera", password: "sandbox-meera", displayName: "Meera" },
] as const;

/** A customer for tests: rings at once, talks, and does what `changes` say. */
export function testCustomer(changes: Partial<Customer> = {}): Customer {
  return { number: "+918000000001", name: "Kiran Rao", behaviour: "speaks", ringMs: 50, talkMs: 200, digits: "", ...changes };
}

/** Numbers that end in 4 are busy, in 5 not answered, in 6 answered late. */
function customerOf(number: string): Customer {
  const behaviour = number.endsWith("4") ? "busy" : number.endsWith("5") ? "no-answer" : "speaks";
  return testCustomer({ number, behaviour, ringMs: number.endsWith("6") ? 10_000 : 50 });
}

/** Waits until nothing in `check` fails any more. */
export async function until(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 10 });
}

/** A network for the tests of one file, and agents that are gone after each test. */
export function testSetting(options: Partial<NetworkOptions> = {}) {
  // Real processes, real audio: a machine that is busy needs its time.
  vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });
  const folder = mkdtempSync(join(tmpdir(), "network-"));
  const agents: TestAgent[] = [];
  const started: SandboxNetwork[] = [];

  beforeAll(async () => {
    started.push(await createNetwork({ port: 0, recordingsFolder: folder, agents: testAgents, customerOf, ...options }));
  });
  afterEach(async () => {
    for (const agent of agents.splice(0)) {
      await agent.unregister();
      await agent.stop();
    }
  });
  afterAll(async () => {
    for (const network of started) await network.close();
    rmSync(folder, { recursive: true });
  });

  const network = (): SandboxNetwork => {
    const [only] = started;
    if (only === undefined) throw new Error("the network is not up yet");
    return only;
  };

  const callOf = ({ sid }: NetworkCall): NetworkCall => {
    const call = network().call(sid);
    if (call === null) throw new Error("the network has forgotten this call");
    return call;
  };

  const untilStatus = async (call: NetworkCall, status: CallStatus): Promise<void> =>
    await until(() => expect(callOf(call).status).toBe(status));

  /** An agent of that name whose phone is registered. */
  const agentOf = async (user: string): Promise<TestAgent> => {
    const agent = await new TestAgent(network().port, user, `sandbox-${user}`).start();
    agents.push(agent);
    expect(await agent.register()).toBe(200);
    return agent;
  };

  /** A customer has called and the agent's phone rings. */
  const ring = async (changes: Partial<Customer> = {}) => {
    const agent = await agentOf("asha");
    const call = network().ringAgent("asha", testCustomer(changes));
    await until(() => expect(agent.calls).toHaveLength(1));
    await untilStatus(call, "ringing");
    return { agent, call, phone: agent.last };
  };

  /** A customer and the agent talk. */
  const talk = async (changes: Partial<Customer> = {}) => {
    const ringing = await ring(changes);
    await ringing.phone.answer();
    await untilStatus(ringing.call, "in-progress");
    return ringing;
  };

  return { network, callOf, untilStatus, agentOf, ring, talk };
}
