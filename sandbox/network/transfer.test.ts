import { URI } from "sip.js";
import { expect, test } from "vitest";
import type { NetworkCall } from "./network.ts";
import { TestAgent } from "./test-agent.ts";
import { testCustomer, testSetting, until } from "./test-setting.ts";

const { network, callOf, untilStatus, agentOf, talk } = testSetting();
const numberOf = (user: string) => new URI("sip", user, "sandbox.test");
const newestCall = (): NetworkCall => {
  const last = network().calls().at(-1);
  if (last === undefined) throw new Error("no call");
  return last;
};

test("[N40] a blind transfer rings the target and tells when the customer is there (RFC 3515)", async () => {
  const { call, phone } = await talk();
  expect(await phone.refer(numberOf("+918000000002"))).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"]);
  expect(callOf(call)).toMatchObject({ status: "in-progress", transferredTo: "+918000000002" });
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N40] a target that is busy or does not answer leaves the call as it is, and another may be tried", async () => {
  const { call, phone } = await talk();
  expect((await phone.refer(numberOf("+918000000004"))).at(-1)).toBe("SIP/2.0 486 Busy Here");
  expect((await phone.refer(numberOf("+918000000005"))).at(-1)).toBe("SIP/2.0 480 Temporarily Unavailable");
  expect(callOf(call)).toMatchObject({ status: "in-progress", transferredTo: null });
  expect((await phone.refer(numberOf("+918000000002"))).at(-1)).toBe("SIP/2.0 200 OK");
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N41] an attended transfer ends the call that it replaces and joins the two customers (RFC 3891)", async () => {
  const { agent, call, phone } = await talk();
  const second = network().ringAgent("asha", testCustomer({ number: "+918000000003" }));
  await until(() => expect(agent.calls).toHaveLength(2));
  const consulted = agent.last;
  await consulted.answer();
  await untilStatus(second, "in-progress");
  expect((await phone.refer(consulted.session)).at(-1)).toBe("SIP/2.0 200 OK");
  await untilStatus(second, "completed");
  expect(callOf(second).endedBy).toBe("customer");
  expect(callOf(call)).toMatchObject({ status: "in-progress", transferredTo: "+918000000003" });
  await until(() => expect(consulted.isOver).toBe(true));
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N41] a REFER that names no dialog here fails with 481, one without a Refer-To is refused", async () => {
  const { call, phone } = await talk();
  const { dialog } = phone.session;
  const gone = { extraHeaders: ["Refer-To: <sip:x@sandbox.test?Replaces=gone%3Bto-tag%3Da%3Bfrom-tag%3Db>"] };
  await new Promise<void>((resolve) => void dialog?.refer({ onAccept: () => resolve() }, gone));
  await until(() =>
    expect(
      network()
        .sipLog()
        .some(({ message }) => message.includes("SIP/2.0 481 Call/Transaction")),
    ).toBe(true),
  );
  const status = await new Promise((resolve) => void dialog?.refer({ onReject: ({ message }) => resolve(message.statusCode) }, {}));
  expect(status).toBe(400);
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N42] an agent's phone calls a number: it is challenged, rings, is answered and heard", async () => {
  const agent = await agentOf("asha");
  const { session, status } = agent.dial("sip:+918000000002@sandbox.test");
  expect(await status).toBe(200);
  await until(() => expect(newestCall()).toMatchObject({ direction: "outbound-dial", agent: "asha", status: "in-progress" }));
  expect(newestCall().customer.number).toBe("+918000000002");
  await until(() => expect(newestCall().heard.packets).toBeGreaterThan(5));
  expect(
    network()
      .sipLog()
      .some(({ message }) => message.startsWith("SIP/2.0 407")),
  ).toBe(true);
  await session.bye();
  await untilStatus(newestCall(), "completed");
  expect(newestCall().endedBy).toBe("agent");
});

test("[N42] the customer hangs up a call that the agent's phone placed", async () => {
  const agent = await agentOf("asha");
  const { session, status } = agent.dial("sip:+918000000002@sandbox.test");
  await status;
  await untilStatus(newestCall(), "in-progress");
  network().hangUpAsCustomer(newestCall().sid);
  await untilStatus(newestCall(), "completed");
  await until(() => expect(session.state).toBe("Terminated"));
});

test("[N42] busy, not answered, no number and a wrong password are told apart", async () => {
  const agent = await agentOf("asha");
  expect(await agent.dial("sip:+918000000004@sandbox.test").status).toBe(486);
  await untilStatus(newestCall(), "busy");
  expect(await agent.dial("sip:+918000000005@sandbox.test").status).toBe(480);
  await untilStatus(newestCall(), "no-answer");
  expect(await agent.dial("sip:nobody@sandbox.test").status).toBe(404);
  const stranger = await new TestAgent(network().port, "asha", "guess").start();
  expect(await stranger.dial("sip:+918000000002@sandbox.test").status).toBe(403);
  await stranger.stop();
});

test("[N42] a call that is taken back while it rings ends with 487", async () => {
  const agent = await agentOf("asha");
  const { session, status } = agent.dial("sip:+918000000006@sandbox.test");
  await until(() => expect(newestCall()).toMatchObject({ direction: "outbound-dial", status: "ringing" }));
  await session.cancel();
  expect(await status).toBe(487);
  await untilStatus(newestCall(), "canceled");
});
