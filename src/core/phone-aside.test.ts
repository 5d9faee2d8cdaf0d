import { afterEach, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePageOptions, RAVI, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});

/** Ravi hung up after half a minute. */
async function wrappingUp(options: FakePageOptions = {}) {
  const page = await talkingPage(new FakeEngine(), options);
  running.push(page.phone);
  await page.clock.wind(30_000);
  page.engine.end(page.leg);
  await settled();
  return page;
}

test("[P59] a call back from wrap-up leaves the half-written note, and the note comes back when that call is written up", async () => {
  const { phone, engine, host } = await wrappingUp();
  phone.write({ notes: "half a sent" });
  const first = phone.work.value?.callId;
  await phone.dial(RAVI, { name: "Ravi" });
  await settled();
  expect(phone.call.value).toMatchObject({ phase: "dialing", remoteName: "Ravi" });
  expect(phone.work.value).toMatchObject({ callId: phone.call.value?.callId, disposition: { notes: "" } });
  expect(phone.aside.value).toMatchObject([{ callId: first, remoteNumber: RAVI }]);
  const leg = engine.ring({ number: RAVI });
  engine.emit({ type: "leg-connected", leg });
  await settled();
  expect(phone.call.value?.phase).toBe("active");
  engine.end(leg);
  phone.write({ notes: "second", fields: { outcome: "sold" } });
  expect(await phone.saveWork()).toBe(true);
  await settled();
  expect(phone.work.value).toMatchObject({ callId: first, disposition: { notes: "half a sent" } });
  expect([phone.aside.value, phone.call.value?.callId]).toEqual([[], first]);
  phone.write({ fields: { outcome: "sold" } });
  await phone.saveWork();
  await settled();
  expect([...host.stored.values()].map(({ disposition }) => disposition.notes)).toEqual(["second", "half a sent"]);
});

test("[P59] a call back that nobody answers gives the wrap-up back by itself", async () => {
  const { phone, clock } = await wrappingUp({ config: { wrapUp: { seconds: 0 } } });
  phone.write({ notes: "half a sent" });
  const first = phone.work.value?.callId;
  await phone.dial(RAVI);
  await phone.hangUp();
  await clock.wind(3_000);
  expect(phone.call.value).toMatchObject({ phase: "wrap-up", callId: first });
  expect(phone.work.value?.disposition.notes).toBe("half a sent");
});

test("[P68] of several wrap-ups the one that is asked for comes up, and none loses a word", async () => {
  const { phone, engine, host } = await wrappingUp({ config: { wrapUp: { seconds: 0 } } });
  const ids = [phone.work.value?.callId ?? ""];
  phone.write({ notes: "note 1" });
  for (const count of [2, 3]) {
    const leg = engine.ring({ number: `+91800000000${count}` });
    await phone.answer();
    await settled();
    engine.end(leg);
    phone.write({ notes: `note ${count}` });
    ids.push(phone.work.value?.callId ?? "");
  }
  const seen = () => [phone.call.value?.callId, phone.work.value?.callId, phone.work.value?.disposition.notes];
  expect(phone.aside.value.map(({ callId }) => callId)).toEqual([ids[0], ids[1]]);
  await phone.bringUp(ids[0] ?? "");
  expect([seen(), phone.aside.value.map(({ callId }) => callId)]).toEqual([
    [ids[0], ids[0], "note 1"],
    [ids[1], ids[2]],
  ]);
  expect(host.eventsNamed("call-changed").at(-1)?.call).toMatchObject({ callId: ids[0], phase: "wrap-up" });
  for (const next of [1, 2]) {
    await phone.bringUp(ids[next] ?? "");
    expect(seen()).toEqual([ids[next], ids[next], `note ${next + 1}`]);
  }
  await expect(phone.bringUp("nobody's")).rejects.toMatchObject({ code: "no-call" });
  const leg = engine.ring();
  await expect(phone.bringUp(ids[0] ?? "")).rejects.toMatchObject({ code: "call-in-progress" });
  engine.end(leg, "cancelled");
  await phone.signOut();
  expect(phone.aside.value).toEqual([]);
});
