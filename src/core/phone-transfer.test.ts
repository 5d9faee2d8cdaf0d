import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { createDeferred } from "../lib/deferred.ts";
import { PhoneError } from "./errors.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePage, type FakePageOptions, RAVI, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const MEERA = "+918000000003";
const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
/** An engine that can hold two calls, and Ravi on the line. */
async function talking(options: FakePageOptions = {}) {
  const engine = new FakeEngine();
  engine.capabilities = { ...engine.capabilities, canTransfer: true, canHoldTwoCalls: true };
  return keep(await talkingPage(engine, { config: { sip: { engine: "sipjs", allowedProxies: ["voip.example.com:443"] } }, ...options }));
}
/** Asha asks Meera about Ravi. */
async function consulting() {
  const page = await talking();
  await page.phone.consult(MEERA);
  const second = page.engine.ring({ number: MEERA });
  await settled();
  return { ...page, second };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof PhoneError ? error.code : error),
  );
const heldBy = ({ engine }: FakePage<FakeEngine>) => Object.fromEntries([...engine.legs].map(([leg, { held }]) => [leg, held]));

describe("transfer", () => {
  test("[C20] blind: under way, then the call ends as transferred", async () => {
    const { phone, engine, leg } = await talking();
    const target = createDeferred<"reached" | "refused">();
    engine.transferResult = target.promise;
    await phone.transfer("080000 00003");
    expect(engine.commandsNamed("transfer")).toEqual([{ name: "transfer", number: MEERA }]);
    expect(phone.call.value).toMatchObject({ phase: "active", transferringTo: MEERA });
    await expect(phone.transfer(MEERA)).rejects.toMatchObject({ code: "not-possible-now" });
    target.resolve("reached");
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "transferred" });
    expect(engine.legs.has(leg)).toBe(false);
  });

  test("[C20] refused, the call is as it was, the agent and the host know", async () => {
    const { phone, engine, host } = await talking();
    engine.transferResult = "refused";
    await phone.transfer(MEERA);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", transferringTo: null });
    expect(phone.notices.value).toEqual([{ code: "transfer-failed", about: MEERA }]);
    expect(host.eventsNamed("transfer-failed")).toMatchObject([{ callId: phone.call.value?.callId }]);
    engine.transferResult = "reached";
    await phone.transfer(MEERA);
    expect(phone.notices.value).toEqual([]);
  });

  test("[C20] what is no number goes nowhere, and an engine that cannot says so", async () => {
    const { phone, engine } = await talking();
    await expect(phone.transfer("x")).rejects.toMatchObject({ code: "number-invalid" });
    expect(engine.commandsNamed("transfer")).toEqual([]);
    const alone = keep(await talkingPage(new FakeEngine()));
    await expect(alone.phone.transfer(MEERA)).rejects.toMatchObject({ code: "not-supported" });
    await expect(alone.phone.consult(MEERA)).rejects.toMatchObject({ code: "not-supported" });
  });

  test("[C34] asked first: the customer is held, then somebody is called; the note stays the customer's", async () => {
    const page = await consulting();
    const { phone, leg, second, host } = page;
    expect(host.placed).toMatchObject([{ number: MEERA }]);
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA, isConsultation: true, direction: "outgoing" });
    expect(phone.otherCall.value).toMatchObject({ remoteNumber: RAVI, hold: { confirmed: true } });
    expect(heldBy(page)).toEqual({ [leg]: true, [second]: false });
    expect(phone.work.value?.callId).toBe(phone.otherCall.value?.callId);
    expect(phone.callOptions.value).toMatchObject({ completeTransfer: true, consult: false, swap: true });
  });

  test("[C34] nobody is called while the customer can hear", async () => {
    const { phone, engine, host, leg } = await talking();
    engine.obeys = false;
    const asked = codeOf(phone.consult(MEERA));
    await settled();
    expect(host.placed).toEqual([]);
    engine.emit({ type: "leg-hold-refused", leg, held: false, sipCode: 488 });
    expect(await asked).toBe("hold-refused");
    expect(host.placed).toEqual([]);
  });

  test("[C35] completed: both calls end, the customer's is written about, the other one is logged without", async () => {
    const { phone, engine, leg, second, host } = await consulting();
    phone.write({ notes: "Ravi wants Meera" });
    await phone.completeTransfer();
    await settled();
    expect(engine.commandsNamed("transferTo")).toEqual([{ name: "transferTo", leg, other: second }]);
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: RAVI, endReason: "transferred" });
    expect(phone.otherCall.value).toBeNull();
    expect([...host.stored.values()]).toMatchObject([{ call: { remoteNumber: MEERA, endReason: "transferred" } }]);
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
    expect(phone.call.value).toBeNull();
    expect([...host.stored.values()].map(({ disposition }) => disposition.notes)).toEqual(["", "Ravi wants Meera"]);
  });

  test("[C35] not completed, both stay; swapped, it can still be completed", async () => {
    const { phone, engine, leg, second } = await consulting();
    engine.transferResult = "refused";
    await phone.completeTransfer();
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA });
    expect(phone.otherCall.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    await phone.swap();
    engine.transferResult = "reached";
    await phone.completeTransfer();
    await settled();
    expect(engine.commandsNamed("transferTo").at(-1)).toEqual({ name: "transferTo", leg, other: second });
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: RAVI });
  });

  test("[C34] back to the customer: the other one is hung up and the customer taken back", async () => {
    const page = await consulting();
    const { phone, engine, leg, second } = page;
    await phone.cancelConsult();
    await settled();
    expect(engine.commandsNamed("hangUp")).toEqual([{ name: "hangUp", leg: second }]);
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI, hold: { confirmed: false } });
    expect(heldBy(page)).toEqual({ [leg]: false });
  });

  test("[C33] who is asked does not answer: the customer is in front again, still held", async () => {
    const { phone, host } = await talking();
    host.exchange = () => Promise.reject(new Error("boom"));
    await expect(phone.consult(MEERA)).rejects.toMatchObject({ code: "dial-failed" });
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI, hold: { confirmed: true } });
    expect(phone.otherCall.value).toBeNull();
  });

  test("[P35] the host transfers, asks, joins and swaps; a deployment that cannot does not offer it", async () => {
    const { host, phone, engine, leg } = await talking();
    expect(host.eventsNamed("ready")[0]?.capabilities).toEqual(expect.arrayContaining(["transfer", "consult", "completeTransfer", "swap"]));
    expect(await host.command("consult", { number: MEERA })).toMatchObject({ ok: true, value: { callId: phone.call.value?.callId } });
    engine.ring({ number: MEERA });
    await settled();
    expect(await host.command("swap", {})).toEqual({ ok: true });
    expect(phone.call.value).toMatchObject({ remoteNumber: RAVI });
    expect(await host.command("getSnapshot", {})).toMatchObject({
      value: { call: { remoteNumber: RAVI, heldHere: false }, otherCall: { remoteNumber: MEERA, heldHere: true } },
    });
    expect(await host.command("cancelConsult", {})).toEqual({ ok: true });
    expect(await host.command("completeTransfer", {})).toEqual({ ok: false, code: "not-possible-now" });
    expect(await host.command("transfer", { number: MEERA })).toEqual({ ok: true });
    await settled();
    expect(engine.legs.has(leg)).toBe(false);
    const alone = keep(await talkingPage(new FakeEngine()));
    expect(alone.host.eventsNamed("ready")[0]?.capabilities).not.toContain("transfer");
    expect(await alone.host.command("transfer", { number: MEERA })).toEqual({ ok: false, code: "not-supported" });
  });
});
