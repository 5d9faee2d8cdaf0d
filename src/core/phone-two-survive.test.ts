import { afterEach, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePage, RAVI, openPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const MEERA = "+918000000003";
const CONFIG = { sip: { engine: "sipjs", allowedProxies: ["voip.example.com:443"] } };
const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const capable = (): FakeEngine => {
  const engine = new FakeEngine();
  engine.capabilities = { ...engine.capabilities, canTransfer: true, canHoldTwoCalls: true, canSurviveReload: true };
  return engine;
};
async function reload(before: FakePage<FakeEngine>) {
  before.tabs.become("waiting");
  before.phone.leave();
  await settled();
  await before.clock.wind(300);
  const { store, vault, safe, clock } = before;
  return keep(await openPage(capable(), { store, vault, safe, clock, config: CONFIG }));
}

test("[P110] two calls outlive their page: who is in front, who is held, and whose note is whose", async () => {
  const before = keep(await talkingPage(capable(), { config: CONFIG }));
  before.phone.write({ notes: "about Ravi" });
  const second = before.engine.ring({ number: MEERA });
  await before.phone.answer();
  before.phone.write({ notes: "about Meera" });
  const after = await reload(before);
  expect(after.engine.commandsNamed("resume")[0]?.legs).toEqual([
    { record: { leg: second }, muted: false, held: false },
    { record: { leg: before.leg }, muted: false, held: true },
  ]);
  for (const leg of [second, before.leg]) {
    after.engine.emit({ type: "leg-signalling", leg, ok: true });
    after.engine.emit({ type: "leg-media", leg, ok: true });
  }
  expect(after.phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA, hold: { confirmed: false } });
  expect(after.phone.otherCall.value).toMatchObject({ phase: "active", remoteNumber: RAVI, hold: { confirmed: true } });
  expect(after.phone.work.value?.disposition.notes).toBe("about Meera");
  await after.phone.swap();
  expect(after.phone.call.value).toMatchObject({ remoteNumber: RAVI });
  expect(after.phone.work.value?.disposition.notes).toBe("about Ravi");
});

test("[P110] a consultation is still one in the next page, and what is over is not kept", async () => {
  const before = keep(await talkingPage(capable(), { config: CONFIG }));
  await before.phone.consult(MEERA);
  const second = before.engine.ring({ number: MEERA });
  await settled();
  const after = await reload(before);
  for (const leg of [second, before.leg]) after.engine.emit({ type: "leg-signalling", leg, ok: true });
  for (const leg of [second, before.leg]) after.engine.emit({ type: "leg-media", leg, ok: true });
  expect(after.phone.call.value).toMatchObject({ remoteNumber: MEERA, isConsultation: true });
  await after.phone.completeTransfer();
  await settled();
  expect(after.engine.commandsNamed("transferTo")).toEqual([{ name: "transferTo", leg: before.leg, other: second }]);
  expect(after.phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: RAVI });
  expect((await after.safe.all("call:")).size).toBe(0);
});

test("[P110] an INVITE of ours that nobody has answered goes with its page, the held call stays", async () => {
  const engine = capable();
  engine.capabilities = { ...engine.capabilities, canDialDirect: true };
  const sip = { ...CONFIG.sip, dialDirect: true };
  const before = keep(await talkingPage(engine, { config: { sip, dialing: { via: "sip" } } }));
  await before.phone.consult(MEERA);
  const after = await reload(before);
  expect(engine.commandsNamed("hangUp")).toHaveLength(1);
  expect(after.phone.call.value).toMatchObject({ remoteNumber: RAVI });
  expect(after.phone.otherCall.value).toBeNull();
});
