import { afterEach, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { PhoneError } from "./errors.ts";
import { playGateway } from "./fakes/agent-server.ts";
import { settled } from "./fakes/clock.ts";
import { FakeHost } from "./fakes/host.ts";
import { type FakePageOptions, openPage, RAVI } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});

async function signedIn(options: FakePageOptions = {}) {
  const gateway = playGateway();
  const page = await openPage(new FakeEngine(), {
    agents: gateway.agents,
    config: { gateway: { url: "/api", signIn: true }, wrapUp: { seconds: 60 } },
    ...options,
  });
  running.push(page.phone);
  await page.phone.signInWith({ user: "asha", password: "right" });
  await settled();
  return { ...page, gateway };
}
const requested = { type: "dial-requested", callId: "g1", number: RAVI, leadId: "42", at: 0 } as const;

test("[P100] a proof becomes a registered phone; a wrong one says so", async () => {
  const { phone } = await signedIn();
  expect([phone.line.value.state, phone.agent.value?.user]).toEqual(["ready", "asha"]);
  await expect(phone.signInWith({ user: "asha", password: "wrong" })).rejects.toMatchObject({ code: "sign-in-refused" });
});

test("[C41] a call that the CRM asked for shows as dialled, and the own leg answers by itself", async () => {
  const { phone, gateway, engine, host } = await signedIn();
  gateway.say(requested);
  expect(phone.call.value).toMatchObject({ callId: "g1", phase: "dialing", remoteNumber: RAVI });
  engine.ring({ number: RAVI });
  await settled();
  expect(phone.call.value).toMatchObject({ callId: "g1", direction: "outgoing", phase: "active" });
  expect(host.placed).toEqual([]);
});

test("[C43] Exotel's id decides whose leg rings; a foreign one does not answer by itself", async () => {
  const { phone, gateway, engine } = await signedIn();
  gateway.say(requested);
  const facts = { direction: "outgoing", number: RAVI, name: null, state: "requested", outcome: null, digits: "", notes: "" } as const;
  const times = { createdAt: 0, answeredAt: null, endedAt: null, talkSeconds: 0, hasRecording: false, isDelivered: false };
  gateway.say({ type: "call-changed", call: { callId: "g1", exotelCallSid: "sid-1", fields: {}, ...facts, ...times } });
  engine.ring({ number: "+918000000009", exotelCallSid: "sid-2" });
  await settled();
  expect(phone.call.value?.phase).toBe("dialing");
  engine.ring({ number: "+918000000009", exotelCallSid: "sid-1" });
  await settled();
  expect(phone.call.value).toMatchObject({ callId: "g1", phase: "active" });
});

test("[C42] while a call is up a request changes nothing", async () => {
  const { phone, gateway, engine } = await signedIn();
  engine.ring({ number: "+918000000009" });
  gateway.say(requested);
  await settled();
  expect(phone.call.value).toMatchObject({ phase: "ringing", remoteNumber: "+918000000009" });
});

test("[C43] a call that could not be placed ends and says so", async () => {
  const { phone, gateway } = await signedIn();
  gateway.say(requested);
  gateway.say({ type: "dial-failed", callId: "g1", code: "exotel-refused" });
  await settled();
  expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "failed" });
  expect(phone.notices.value).toMatchObject([{ code: "dial-failed" }]);
});

test("[C40] only while an agent is signed in, and only the tab that has the phone, listens", async () => {
  const { phone, gateway, tabs } = await signedIn();
  expect(gateway.listeners.size).toBe(1);
  tabs.become("follower");
  await settled();
  expect(gateway.listeners.size).toBe(0);
  tabs.become("leader");
  await settled();
  await phone.signInWith({ user: "asha", password: "right" });
  expect(gateway.listeners.size).toBe(1);
  await phone.signOut();
  expect(gateway.listeners.size).toBe(0);
});

async function finishCall({ phone, engine }: Awaited<ReturnType<typeof signedIn>>): Promise<void> {
  const leg = engine.ring({ number: RAVI });
  await phone.answer();
  await settled();
  engine.end(leg);
  await settled();
  phone.write({ notes: "Wants the brochure" });
  await phone.saveWork();
  await settled();
}

test("[P101] a log goes to the gateway and to the host; it waits until both have it, and neither stores it twice", async () => {
  const page = await signedIn();
  page.gateway.state.failing = new PhoneError("gateway-silent");
  await finishCall(page);
  expect([page.phone.unsaved.value, page.host.attempts.length]).toEqual([1, 0]);
  page.gateway.state.failing = null;
  page.phone.retryUnsaved();
  await settled();
  expect(page.phone.unsaved.value).toBe(0);
  expect(page.gateway.logs).toMatchObject([{ disposition: { notes: "Wants the brochure" } }]);
  expect(page.host.stored.size).toBe(1);
});

test("[P102] a host that takes no logs is nothing to speak of where the gateway has them", async () => {
  const host = new FakeHost();
  host.name = "leadsquared";
  host.saving = "not-supported";
  const page = await signedIn({ host });
  await finishCall(page);
  expect([page.phone.unsaved.value, page.phone.notices.value, page.gateway.logs.length]).toEqual([0, [], 1]);
});

test("[P103] a session that is over is said, and the log stays until the agent has signed in again", async () => {
  const page = await signedIn();
  page.gateway.state.failing = new PhoneError("session-over");
  await finishCall(page);
  expect(page.phone.notices.value).toMatchObject([{ code: "session-over" }]);
  expect(page.phone.unsaved.value).toBe(1);
  page.gateway.state.failing = null;
  await page.phone.signInWith({ user: "asha", password: "right" });
  await settled();
  expect([page.phone.unsaved.value, page.phone.notices.value]).toEqual([0, []]);
});

test("[C44] a session that is over is said at once; a call that is up, its note and its log outlive that, and the new one is listened to", async () => {
  const page = await signedIn();
  const { phone, gateway, engine } = page;
  const leg = engine.ring({ number: RAVI });
  await phone.answer();
  await settled();
  phone.write({ notes: "Wants" });
  gateway.endSession();
  await settled();
  expect([phone.notices.value, gateway.listeners.size]).toEqual([[{ code: "session-over", about: null }], 0]);
  expect([phone.call.value?.phase, phone.line.value.state]).toEqual(["active", "ready"]);
  phone.write({ notes: "Wants the brochure" });
  engine.end(leg);
  await phone.saveWork();
  await settled();
  expect([phone.unsaved.value, gateway.logs.length, phone.notices.value.length]).toEqual([1, 0, 1]);
  gateway.state.failing = null;
  await phone.signOut();
  expect(phone.notices.value).toEqual([]);
  await phone.signInWith({ user: "asha", password: "right" });
  await settled();
  expect([phone.unsaved.value, gateway.listeners.size, phone.notices.value]).toEqual([0, 1, []]);
  expect(gateway.logs).toMatchObject([{ disposition: { notes: "Wants the brochure" } }]);
});

test("[C44] a new session in the middle of a call, from the page around, is listened to without a sign-out", async () => {
  const { phone, gateway, engine } = await signedIn();
  engine.ring({ number: RAVI });
  await phone.answer();
  gateway.endSession();
  gateway.state.failing = null;
  await phone.signInWith({ user: "asha", password: "right" });
  await settled();
  expect([phone.call.value?.phase, gateway.listeners.size, phone.notices.value]).toEqual(["active", 1, []]);
});

test("[C44] a log that the gateway takes says that there is a session", async () => {
  const page = await signedIn();
  page.gateway.endSession();
  expect(page.gateway.listeners.size).toBe(0);
  page.gateway.state.failing = null;
  await finishCall(page);
  expect([page.gateway.listeners.size, page.phone.notices.value]).toEqual([1, []]);
});

test("[C44] a tab that leads again asks anew", async () => {
  const { gateway, tabs } = await signedIn();
  gateway.endSession();
  tabs.become("follower");
  await settled();
  tabs.become("leader");
  await settled();
  expect(gateway.listeners.size).toBe(1);
});
