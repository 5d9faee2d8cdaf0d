import { expect, test } from "vitest";
import { TestAgent } from "./test-agent.ts";
import { testCustomer, testSetting, until } from "./test-setting.ts";

const { network, callOf, untilStatus, agentOf, ring, talk } = testSetting();
const heardByAgent = (agent: TestAgent) => agent.last.audio!.meter;

test("[N9] a right password registers, a wrong one gets 403, unregistering takes the contact away", async () => {
  const asha = await agentOf("asha");
  const [agent] = network().agents();
  expect(agent).toMatchObject({ user: "asha", displayName: "Asha", contacts: [{ userAgent: "SIP.js/0.21.1" }] });
  expect(agent!.contacts[0]!.expiresAt - Date.now()).toBeGreaterThan(50_000);
  await asha.register();
  expect(network().agents()[0]!.contacts).toHaveLength(1);

  const stranger = await new TestAgent(network().port, "asha", "guess").start();
  expect(await stranger.register()).toBe(403);
  await stranger.stop();
  expect(network().agents()[0]!.contacts).toHaveLength(1);

  await asha.unregister();
  expect(network().agents()[0]!.contacts).toHaveLength(0);
});

test("[N9] an agent can be added and can have its password changed", async () => {
  network().setAgent("noor", "first", "Noor");
  network().setAgent("noor", "second", "Noor");
  const noor = await new TestAgent(network().port, "noor", "first").start();
  expect(await noor.register()).toBe(403);
  await noor.stop();
  const again = await new TestAgent(network().port, "noor", "second").start();
  expect(await again.register()).toBe(200);
  await again.stop();
});

test("[N10] the INVITE carries Exotel's headers and the number as display name", async () => {
  const { call, phone } = await ring();
  expect(phone.displayName).toBe("+918000000001");
  expect(phone.session.remoteIdentity.uri.user).toBe("+918000000001");
  expect(phone.header("X-Exotel-Callsid")).toBe(call.sid);
  expect(phone.header("LegSid")).toBe(call.legSid);
  expect(phone.session.request.callId).toBe(call.agentSipCallId);
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "canceled");
});

test("[N10] a name that is asked for cannot forge headers", async () => {
  const { call, phone } = await ring({ name: '<img src=x onerror="a">\r\nX-Evil: 1', showName: true });
  expect(phone.displayName).toContain("<img src=x onerror=");
  expect(phone.header("X-Evil")).toBeUndefined();
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "canceled");
});

test("[N11] both sides hear each other, and a muted microphone is silence", async () => {
  const { agent, call, phone } = await talk();
  await until(() => expect(callOf(call).heard.energy).toBeGreaterThan(0.01));
  await until(() => expect(heardByAgent(agent).energy(Date.now())).toBeGreaterThan(0.0005));
  expect(callOf(call).heard.lastPacketAt).toBeGreaterThan(call.createdAt);
  phone.audio!.loud = false;
  await until(() => expect(callOf(call).heard.energy).toBeLessThan(1e-6));
  const { packets } = callOf(call).heard;
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(packets));
  await phone.session.bye();
  await untilStatus(call, "completed");
  expect(callOf(call)).toMatchObject({ endedBy: "agent", agentStatus: null });
});

test("[N11] an echo gives the agent its own voice", async () => {
  const { agent, call } = await talk({ behaviour: "echoes" });
  await until(() => expect(heardByAgent(agent).energy(Date.now())).toBeGreaterThan(0.005));
  network().hangUpAsCustomer(call.sid);
  await until(() => expect(agent.last.isOver).toBe(true));
});

test("[N11] a silent customer sends packets of silence", async () => {
  const { agent, call } = await talk({ behaviour: "silent" });
  await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(10));
  expect(heardByAgent(agent).energy(Date.now())).toBe(0);
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "completed");
});

test("[N11] media that is stopped and started again", async () => {
  const { agent, call } = await talk();
  await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(0));
  network().setMediaStopped(call.sid, true);
  await until(() => expect(Date.now() - (heardByAgent(agent).lastPacketAt ?? Date.now())).toBeGreaterThan(100));
  const { packets } = heardByAgent(agent);
  network().setMediaStopped(call.sid, false);
  await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(packets));
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "completed");
});

test("[N12] the customer hangs up: the agent gets BYE", async () => {
  const { agent, call } = await talk({ behaviour: "hangs-up", talkMs: 100 });
  await until(() => expect(agent.last.isOver).toBe(true));
  await untilStatus(call, "completed");
  expect(callOf(call).endedBy).toBe("customer");
});

test("[N13] every contact rings, one answers, the other is told that it was answered elsewhere", async () => {
  const [first, second] = [await agentOf("ravi"), await agentOf("ravi")];
  const call = network().ringAgent("ravi", testCustomer());
  await until(() => expect([first.calls.length, second.calls.length]).toEqual([1, 1]));
  await second.last.answer();
  await until(() => expect(first.last.isOver).toBe(true));
  expect(first.last.cancelReason).toBe('SIP;cause=200;text="Call completed elsewhere"');
  await untilStatus(call, "in-progress");
  await until(() => expect(network().sipLog().at(-1)?.message).toMatch(/^ACK/));
  network().hangUpAsCustomer(call.sid);
  await until(() => expect(second.last.isOver).toBe(true));
  await untilStatus(call, "completed");
});

test("[N13] a caller who gives up is a CANCEL without that reason", async () => {
  const agent = await agentOf("asha");
  const call = network().ringAgent("asha", testCustomer({ behaviour: "gives-up", ringMs: 100 }));
  await until(() => expect(agent.calls.map(({ isOver }) => isOver)).toEqual([true]));
  expect(agent.last.cancelReason).toBe("");
  await untilStatus(call, "canceled");
  expect(callOf(call)).toMatchObject({ endedBy: "customer", agentStatus: 487, recording: null });
});

test.each([
  [486, "busy"],
  [480, "no-answer"],
  [603, "busy"],
  [500, "failed"],
] as const)("[N14] an agent that answers %i is %s", async (statusCode, status) => {
  const { call, phone } = await ring();
  await phone.session.reject({ statusCode });
  await untilStatus(call, status);
  expect(callOf(call)).toMatchObject({ agentStatus: statusCode, endedBy: "agent", answeredAt: null });
});

test("[N14] busy on one phone lets the others ring, a decline ends it for all", async () => {
  const [first, second, third] = [await agentOf("ravi"), await agentOf("ravi"), await agentOf("ravi")];
  const call = network().ringAgent("ravi", testCustomer());
  await until(() => expect([first, second, third].map(({ calls }) => calls.length)).toEqual([1, 1, 1]));
  await first.last.session.reject({ statusCode: 486 });
  await until(() =>
    expect(
      network()
        .sipLog()
        .some(({ message }) => message.startsWith("SIP/2.0 486")),
    ).toBe(true),
  );
  expect(second.last.isOver).toBe(false);
  await second.last.session.reject({ statusCode: 603 });
  await until(() => expect(third.last.isOver).toBe(true));
  await untilStatus(call, "busy");
  expect(callOf(call).agentStatus).toBe(603);
});

test("[N14] an agent who is not there", async () => {
  const call = network().ringAgent("meera", testCustomer());
  await untilStatus(call, "failed");
  expect(callOf(call)).toMatchObject({ agentStatus: 480, endedBy: "network" });
  expect(() => network().ringAgent("nobody", testCustomer())).toThrow('no agent "nobody"');
});

test("[N18] click-to-call rings the agent, who hears a ring-back tone while the customer rings", async () => {
  const agent = await agentOf("asha");
  const call = network().connect("asha", testCustomer({ ringMs: 50_000 }), { timeOutMs: 50_000, timeLimitMs: 60_000 });
  expect(call.direction).toBe("outbound-api");
  await until(() => expect(agent.calls).toHaveLength(1));
  await agent.last.answer();
  await until(() => expect(heardByAgent(agent).energy(Date.now())).toBeGreaterThan(0.001));
  expect(callOf(call)).toMatchObject({ status: "ringing", answeredAt: null, heard: { packets: 0 } });
  await agent.last.session.bye();
  await untilStatus(call, "canceled");
  expect(callOf(call).endedBy).toBe("agent");
});

test("[N18] click-to-call connects both when the customer answers", async () => {
  const agent = await agentOf("asha");
  const call = network().connect("asha", testCustomer(), { timeOutMs: 5000, timeLimitMs: 60_000 });
  await until(() => expect(agent.calls).toHaveLength(1));
  await agent.last.answer();
  await untilStatus(call, "in-progress");
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(0));
  network().hangUpAsCustomer(call.sid);
  await untilStatus(call, "completed");
});

test.each([
  ["busy", {}, { status: "busy", endedBy: "customer" }],
  ["no-answer", {}, { status: "no-answer", endedBy: "network" }],
  ["speaks", { ringMs: 600_000 }, { status: "no-answer", endedBy: "network" }],
] as const)("[N18] click-to-call to a customer who %s ends the agent's leg (%o)", async (behaviour, changes, outcome) => {
  const agent = await agentOf("asha");
  const call = network().connect("asha", testCustomer({ behaviour, ...changes }), { timeOutMs: 300, timeLimitMs: 60_000 });
  await until(() => expect(agent.calls).toHaveLength(1));
  await agent.last.answer();
  await until(() => expect(agent.last.isOver).toBe(true));
  await until(() => expect(callOf(call)).toMatchObject({ ...outcome, recording: null }));
});

test("[N18] click-to-call stops at its time limit, and at its time-out where the agent does not answer", async () => {
  const agent = await agentOf("asha");
  const call = network().connect("asha", testCustomer(), { timeOutMs: 5000, timeLimitMs: 200 });
  await until(() => expect(agent.calls).toHaveLength(1));
  await agent.last.answer();
  await untilStatus(call, "completed");
  expect(callOf(call).endedBy).toBe("network");
  const unanswered = network().connect("asha", testCustomer(), { timeOutMs: 200, timeLimitMs: 200 });
  await untilStatus(unanswered, "no-answer");
  expect(callOf(unanswered)).toMatchObject({ agentStatus: 487, endedBy: "network" });
});

test("[N20] each change of a call is told, in order", async () => {
  const seen: string[] = [];
  const stop = network().on("call", ({ status }) => seen.push(status));
  const { call, phone } = await talk();
  await phone.session.bye();
  await untilStatus(call, "completed");
  stop();
  expect(seen).toEqual(["ringing", "in-progress", "completed"]);
});
