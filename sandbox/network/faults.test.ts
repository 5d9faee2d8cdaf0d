import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { NetworkCall } from "./network.ts";
import type { TestAgent } from "./test-agent.ts";
import { testCustomer, testSetting, until } from "./test-setting.ts";

const LOST_SOCKET_MS = 300;
const { network, callOf, untilStatus, agentOf, ring, talk } = testSetting({ agentRingMs: 1500, lostSocketMs: LOST_SOCKET_MS });

test("[N30] a socket that is reset takes its registration away", async () => {
  const agent = await agentOf("asha");
  expect(network().sockets("asha", "close")).toBe(1);
  await until(() => expect(agent.isConnected).toBe(false));
  await until(() => expect(network().agents()[0]!.contacts).toHaveLength(0));
  expect(network().sockets("ravi", "close")).toBe(0);
});

test("[N30] an agent who is lost while it rings", async () => {
  const { call } = await ring();
  network().sockets("asha", "close");
  await until(() => expect(callOf(call).status).toBe("no-answer"));
  expect(callOf(call)).toMatchObject({ agentStatus: 480, endedBy: "network" });
});

test("[N30] an agent who is lost in a call: the customer waits, then the network hangs up", async () => {
  const { call } = await talk();
  network().sockets("asha", "close");
  await until(() => expect(network().agents()[0]!.contacts).toHaveLength(0));
  expect(callOf(call).status).toBe("in-progress");
  await until(() => expect(callOf(call).status).toBe("completed"));
  expect(callOf(call).endedBy).toBe("network");
  expect(callOf(call).endedAt! - callOf(call).answeredAt!).toBeGreaterThanOrEqual(LOST_SOCKET_MS);
});

/** Its socket is reset and replaced in time: the customer goes on hearing the agent. */
async function comesBack(agent: TestAgent, call: NetworkCall): Promise<void> {
  network().sockets("asha", "close");
  await until(() => expect(agent.isConnected).toBe(false));
  await agent.reconnect();
  expect(await agent.register()).toBe(200);
  const { packets } = callOf(call).heard;
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(packets + (LOST_SOCKET_MS + 200) / 20));
  expect(callOf(call).status).toBe("in-progress");
}

test("[N30] an agent who comes back in time keeps the call, and is hung up over its new socket", async () => {
  const { agent, call, phone } = await talk();
  await comesBack(agent, call);
  expect(await phone.hold("sendonly")).toBe(200);
  expect(callOf(call)).toMatchObject({ status: "in-progress", heldByAgent: true });
  network().hangUpAsCustomer(call.sid);
  await until(() => expect(phone.isOver).toBe(true));
});

test("[N30] the second call over a socket is kept as the first would be", async () => {
  const { agent, phone: earlier } = await talk();
  await earlier.session.bye();
  const call = network().ringAgent("asha", testCustomer());
  await until(() => expect(agent.calls).toHaveLength(2));
  await agent.last.answer();
  await untilStatus(call, "in-progress");
  await comesBack(agent, call);
  await agent.last.session.bye();
});

test("[N30] an agent who opens another socket while the old one is silent gets its BYE over the new one", async () => {
  const { agent, call, phone } = await talk();
  network().sockets("asha", "silence");
  await agent.moveToNewSocket();
  expect(await agent.register()).toBe(200);
  network().hangUpAsCustomer(call.sid);
  await until(() => expect(phone.isOver).toBe(true));
  network().sockets("asha", "resume");
});

test("[N31] a silent socket answers nothing until it is resumed", async () => {
  const agent = await agentOf("ravi");
  expect(network().sockets("ravi", "silence")).toBe(1);
  let answered = false;
  const registering = agent.register().then((status) => {
    answered = true;
    return status;
  });
  const other = await agentOf("meera");
  expect(await other.register()).toBe(200);
  expect(answered).toBe(false);
  network().sockets("ravi", "resume");
  expect(await registering).toBe(200);
});

test("[N32] the next requests of a method fail as told, then work again", async () => {
  const agent = await agentOf("asha");
  network().failNext("register", 503, 2);
  expect([await agent.register(), await agent.register(), await agent.register()]).toEqual([503, 503, 200]);
  const call = network().ringAgent("asha", testCustomer());
  await until(() => expect(agent.calls).toHaveLength(1));
  const phone = agent.last;
  await phone.answer();
  await untilStatus(call, "in-progress");
  network().failNext("INVITE", 500, 1);
  expect(await phone.hold("sendonly")).toBe(500);
  network().failNext("INFO", 503, 1);
  expect(await phone.request("INFO", "application/dtmf-relay", "Signal=1")).toBe(503);
  expect(await phone.request("INFO", "application/dtmf-relay", "Signal=1")).toBe(200);
  expect(await phone.hold("sendonly")).toBe(200);
  await phone.session.bye();
});

test("[N33] nobody answers: the network gives up with a plain CANCEL", async () => {
  const { call, phone } = await ring();
  await until(() => expect(callOf(call).status).toBe("no-answer"));
  expect(phone.cancelReason).toBe("");
  expect(callOf(call)).toMatchObject({ agentStatus: 487, endedBy: "network" });
});

test("[N36] a phone that was away when the caller gave up, and rings again, gets the CANCEL that it missed", async () => {
  const { agent, call, phone } = await ring();
  network().sockets("asha", "close");
  await until(() => expect(agent.isConnected).toBe(false));
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "canceled");
  await agent.reconnect();
  expect(phone.cancelReason).toBeNull();
  await phone.session.progress();
  await until(() => expect(phone.isOver).toBe(true));
  expect(phone.cancelReason).toBe("");
});

test("[N34] a restart ends calls, forgets registrations and keeps the port", async () => {
  const { agent, call } = await talk();
  const { port } = network();
  const ended: string[] = [];
  const stop = network().on("call", ({ status }) => ended.push(status));
  const restarting = network().restart(50);
  await until(() => expect(agent.isConnected).toBe(false));
  await restarting;
  stop();
  expect(ended).toEqual(["completed"]);
  expect([network().call(call.sid), network().calls().length, network().agents()[0]!.contacts.length, network().port]).toEqual([
    null,
    0,
    0,
    port,
  ]);
  await agent.reconnect();
  expect(await agent.register()).toBe(200);
});

test("[N34] while it is down nothing can be placed", async () => {
  const restarting = network().restart(20);
  expect(() => network().ringAgent("asha", testCustomer())).toThrow("the network is down");
  await restarting;
});

test("[N35] a keep-alive of two line ends is answered with one", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${network().port}/wss`, "sip");
  const answer = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
  await new Promise((resolve) => socket.once("open", resolve));
  expect(socket.protocol).toBe("sip");
  socket.send("\r\n\r\n");
  expect(await answer).toBe("\r\n");
  socket.terminate();
});

test("[N35] what is no SIP does no harm", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${network().port}/wss`, "sip");
  await new Promise((resolve) => socket.once("open", resolve));
  for (const text of ["", "hello", "INVITE", "REGISTER sip:a SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", `${"x".repeat(100_000)}\r\n`])
    socket.send(text);
  const agent = await agentOf("asha");
  expect(await agent.register()).toBe(200);
  socket.terminate();
});

test("[N35] another path is refused", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${network().port}/elsewhere`, "sip");
  const error = await new Promise((resolve) => socket.once("error", resolve));
  expect(String(error)).toContain("404");
});
