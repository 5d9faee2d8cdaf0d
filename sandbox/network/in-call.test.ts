import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseWav } from "./media/wav.ts";
import type { TestAgent } from "./test-agent.ts";
import { testSetting, until } from "./test-setting.ts";

const { network, callOf, untilStatus, talk } = testSetting();
const heardByAgent = (agent: TestAgent) => agent.last.audio!.meter;

test("[N15] the agent's hold stops the packets and gives them back", async () => {
  const { agent, call, phone } = await talk();
  await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(0));
  for (const held of ["sendonly", "inactive"] as const) {
    expect(await phone.hold(held)).toBe(200);
    expect(callOf(call).heldByAgent).toBe(true);
    await until(() => expect(Date.now() - (heardByAgent(agent).lastPacketAt ?? Date.now())).toBeGreaterThan(100));
    const { packets } = heardByAgent(agent);
    expect(await phone.hold("sendrecv")).toBe(200);
    expect(callOf(call).heldByAgent).toBe(false);
    await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(packets));
  }
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N15] the customer's hold reaches the agent, and both can hold at once", async () => {
  const { call, phone } = await talk();
  network().setHeldByCustomer(call.sid, true);
  await until(() => expect(callOf(call).heldByCustomer).toBe(true));
  const { packets } = callOf(call).heard;
  expect(await phone.hold("inactive")).toBe(200);
  expect(callOf(call)).toMatchObject({ heldByAgent: true, heldByCustomer: true });
  network().setHeldByCustomer(call.sid, false);
  await until(() => expect(callOf(call).heldByCustomer).toBe(false));
  expect(callOf(call).heldByAgent).toBe(true);
  expect(await phone.hold("sendrecv")).toBe(200);
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(packets + 5));
  expect(callOf(call)).toMatchObject({ heldByAgent: false, heldByCustomer: false });
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N15] a customer who holds by itself comes back by itself", async () => {
  const { call, phone } = await talk({ behaviour: "holds" });
  await until(() => expect(callOf(call).heldByCustomer).toBe(true));
  await until(() => expect(callOf(call).heldByCustomer).toBe(false));
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N15] a page that was loaded anew takes its call up again, with another transport", async () => {
  const { agent, call, phone } = await talk();
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(0));
  await phone.audio!.renew();
  const [{ packets: sent }, { packets: got }] = [callOf(call).heard, heardByAgent(agent)];
  expect(await phone.hold("sendrecv")).toBe(200);
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(sent + 5));
  await until(() => expect(heardByAgent(agent).packets).toBeGreaterThan(got + 5));
  await phone.session.bye();
  await untilStatus(call, "completed");
  expect(await network().usage()).toMatchObject({ peers: 0, udpSockets: 0 });
});

test("[N16] the agent's digits arrive in order, and never in the log", async () => {
  const { call, phone } = await talk();
  for (const key of "4711#") expect(await phone.request("INFO", "application/dtmf-relay", `Signal=${key}\r\nDuration=240\r\n`)).toBe(200);
  expect(callOf(call).digits).toBe("4711#");
  expect(await phone.request("INFO", "text/plain", "hello")).toBe(415);
  expect(JSON.stringify(network().sipLog())).not.toContain("Signal=4");
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N16] the customer's digits are RTP events", async () => {
  const { call, phone } = await talk();
  network().pressDigits(call.sid, "12");
  await until(() => expect([...phone.audio!.otherPayloads]).toEqual([101]));
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N17] OPTIONS is answered", async () => {
  const { call, phone } = await talk();
  expect(await phone.request("OPTIONS", "", "")).toBe(200);
  await phone.session.bye();
  await untilStatus(call, "completed");
});

test("[N19] the recording is a stereo WAV file with the agent left and the customer right", async () => {
  const { call, phone } = await talk();
  await until(() => expect(callOf(call).heard.packets).toBeGreaterThan(20));
  await phone.session.bye();
  await untilStatus(call, "completed");
  const { recording, answeredAt, endedAt } = callOf(call);
  const { sampleRate, channels } = parseWav(readFileSync(recording!));
  const [left, right] = channels.map((samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  expect([sampleRate, channels.length]).toEqual([8000, 2]);
  expect(Math.abs(channels[0]!.length / 8 - (endedAt! - answeredAt!))).toBeLessThan(200);
  expect(left).toBeGreaterThan(7000);
  expect(right).toBeGreaterThan(1000);
});
