import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Core } from "sip.js";
import { expect, test } from "vitest";
import { createNetwork } from "./create-network.ts";
import { TestAgent } from "./test-agent.ts";
import { testAgents, testCustomer, until } from "./test-setting.ts";

// The transactions of RFC 3261 linger for 32 s by design; here they need not. H and L are the agent's patience with an ACK,
// which a busy machine may send late: without it the agent hangs up.
Object.assign(Core.Timers, {
  TIMER_B: 4000,
  TIMER_D: 0,
  TIMER_F: 4000,
  TIMER_H: 4000,
  TIMER_J: 0,
  TIMER_K: 0,
  TIMER_L: 4000,
  TIMER_M: 100,
});

const NOTHING = { dialogs: 0, clients: 0, servers: 0, peers: 0, udpSockets: 0 };

test("[N40] fifty calls leave no dialog, transaction, peer connection or socket behind", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "leaks-"));
  const network = await createNetwork({
    port: 0,
    recordingsFolder: folder,
    agents: testAgents,
    customerOf: (number) => testCustomer({ number }),
  });
  const agent = await new TestAgent(network.port, "asha", "sandbox-asha").start();
  await agent.register();
  const untilStatus = async (sid: string, status: string) => await until(() => expect(network.call(sid)?.status).toBe(status));

  for (let count = 1; count <= 50; count += 1) {
    const { sid } = network.ringAgent("asha", testCustomer());
    await until(() => expect(agent.calls).toHaveLength(count));
    if (count % 3 === 0) network.hangUpAsCustomer(sid);
    else if (count % 3 === 1) await agent.last.session.reject({ statusCode: 486 });
    else {
      await agent.last.answer();
      await untilStatus(sid, "in-progress");
      network.hangUpAsCustomer(sid);
    }
    await until(() => expect(network.call(sid)?.endedAt).not.toBeNull());
  }
  await until(async () => expect(await network.usage()).toEqual(NOTHING));
  await agent.stop();
  await network.close();
  rmSync(folder, { recursive: true });
});

test("[N40] a network that is closed in the middle of calls ends its process and lets go of its port", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "leaks-"));
  const network = await createNetwork({
    port: 0,
    recordingsFolder: folder,
    agents: testAgents,
    customerOf: (number) => testCustomer({ number }),
  });
  const agent = await new TestAgent(network.port, "asha", "sandbox-asha").start();
  await agent.register();
  const { sid } = network.ringAgent("asha", testCustomer());
  await until(() => expect(agent.calls).toHaveLength(1));
  await agent.last.answer();
  await until(() => expect(network.call(sid)?.status).toBe("in-progress"));
  await network.close();
  await expect(network.usage()).rejects.toThrow("media process has ended");
  await agent.stop();
  const again = await createNetwork({
    port: network.port,
    recordingsFolder: folder,
    agents: testAgents,
    customerOf: (number) => testCustomer({ number }),
  });
  expect(again.port).toBe(network.port);
  await again.close();
  rmSync(folder, { recursive: true });
});

test("[N40] a browser that is lost while it rings leaves nothing behind either", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "leaks-"));
  const network = await createNetwork({
    port: 0,
    recordingsFolder: folder,
    agents: testAgents,
    customerOf: (number) => testCustomer({ number }),
    lostSocketMs: 50,
  });
  const agent = await new TestAgent(network.port, "asha", "sandbox-asha").start();
  await agent.register();
  for (const outcome of ["no-answer", "canceled"]) {
    const { sid } = network.ringAgent("asha", testCustomer());
    await until(() => expect(network.call(sid)?.status).toBe("ringing"));
    if (outcome === "no-answer") network.sockets("asha", "close");
    else {
      network.sockets("asha", "silence");
      network.hangUpAsCustomer(sid);
    }
    await until(() => expect(network.call(sid)?.status).toBe(outcome));
    if (outcome === "canceled") network.sockets("asha", "close");
    await until(() => expect(agent.isConnected).toBe(false));
    await agent.reconnect();
    await agent.register();
  }
  await until(async () => expect(await network.usage()).toEqual(NOTHING));
  await agent.stop();
  await network.close();
  rmSync(folder, { recursive: true });
});
