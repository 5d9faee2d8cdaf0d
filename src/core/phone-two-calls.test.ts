import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
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
/** Meera waits while Ravi talks. */
async function waiting(options: FakePageOptions = {}) {
  const page = await talking(options);
  const second = page.engine.ring({ number: MEERA });
  await settled();
  return { ...page, second };
}
/** Meera talks, Ravi is held. */
async function both(options: FakePageOptions = {}) {
  const page = await waiting(options);
  await page.phone.answer();
  await settled();
  return page;
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof PhoneError ? error.code : error),
  );
const heldBy = ({ engine }: FakePage<FakeEngine>) => Object.fromEntries([...engine.legs].map(([leg, { held }]) => [leg, held]));

describe("a call that waits", () => {
  test("[C30] it waits behind the call that is up, and sounds softly", async () => {
    const { phone, audio, engine } = await waiting();
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    expect(phone.otherCall.value).toMatchObject({ phase: "ringing", remoteNumber: MEERA });
    expect(audio).toMatchObject({ isRinging: true, sound: "waiting" });
    expect(engine.commandsNamed("reject")).toEqual([]);
  });

  test("[C30] a third one, and one for an engine that holds one call, is refused and missed", async () => {
    const { phone, engine } = await waiting();
    const third = engine.ring({ number: "+918000000004" });
    await settled();
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: third }]);
    expect(phone.otherCall.value).toMatchObject({ remoteNumber: MEERA });
    const alone = keep(await talkingPage(new FakeEngine()));
    const second = alone.engine.ring({ number: MEERA });
    await settled();
    expect(alone.engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: second }]);
    expect(alone.phone.callOptions.value).toEqual({ transfer: false, consult: false, completeTransfer: false, swap: false });
  });

  test("[C31] answered, the first one is held before anybody else is heard", async () => {
    const page = await waiting();
    const { phone, engine, leg, second, audio } = page;
    engine.obeys = false;
    const answered = phone.answer();
    await settled();
    expect(engine.commandsNamed("setHeld")).toEqual([{ name: "setHeld", leg, held: true }]);
    expect(engine.commandsNamed("answer")).toHaveLength(1);
    engine.emit({ type: "leg-held", leg, held: true });
    engine.emit({ type: "leg-connected", leg: second });
    await answered;
    expect(engine.commandsNamed("answer").at(-1)).toEqual({ name: "answer", leg: second });
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA });
    expect(phone.otherCall.value).toMatchObject({ phase: "active", remoteNumber: RAVI, hold: { confirmed: true } });
    expect(audio.isRinging).toBe(false);
  });

  test("[C31] a hold that is refused leaves both as they are", async () => {
    const { phone, engine, leg } = await waiting();
    engine.obeys = false;
    const answered = codeOf(phone.answer());
    await settled();
    engine.emit({ type: "leg-hold-refused", leg, held: false, sipCode: 488 });
    expect(await answered).toBe("hold-refused");
    expect(phone.call.value).toMatchObject({ remoteNumber: RAVI, hold: { wanted: false } });
    expect(phone.otherCall.value).toMatchObject({ phase: "ringing" });
    expect(engine.commandsNamed("answer")).toHaveLength(1);
  });

  test("[C31] a caller who gives up meanwhile gets the first one taken back", async () => {
    const { phone, engine, leg, second } = await waiting();
    engine.obeys = false;
    const answered = codeOf(phone.answer());
    await settled();
    engine.end(second, "cancelled");
    engine.emit({ type: "leg-held", leg, held: true });
    expect(await answered).toBe("no-call");
    expect(engine.commandsNamed("setHeld").at(-1)).toEqual({ name: "setHeld", leg, held: false });
    expect(phone.otherCall.value).toBeNull();
    expect(phone.history.value).toMatchObject([{ remoteNumber: MEERA, endReason: "missed" }]);
  });

  test("[C30] declined or given up, it is gone, and the first one does not notice", async () => {
    const { phone, engine, second } = await waiting();
    await phone.reject();
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: second }]);
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    expect(phone.otherCall.value).toBeNull();
    engine.end(engine.ring({ number: MEERA }), "cancelled");
    expect(phone.notices.value).toEqual([{ code: "call-missed", about: MEERA }]);
  });

  test("[C33] the first one hung up, it rings like any other", async () => {
    const { phone, engine, leg, audio } = await waiting();
    engine.end(leg);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "ringing", remoteNumber: MEERA });
    expect(phone.otherCall.value).toBeNull();
    expect(audio).toMatchObject({ isRinging: true, sound: "ring" });
    await phone.answer();
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA });
  });

  test("[C33] ended and answered in one click: the first one's wrap-up comes after the second one", async () => {
    const { phone, engine, leg } = await waiting();
    phone.write({ notes: "about Ravi" });
    await phone.endAndAnswer();
    await settled();
    expect(engine.commandsNamed("hangUp")).toEqual([{ name: "hangUp", leg }]);
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA });
    expect(phone.unsaved.value).toBe(1);
    await phone.hangUp();
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: MEERA });
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: RAVI });
    expect(phone.work.value?.disposition.notes).toBe("about Ravi");
  });

  test("[C30] its caller is looked for at once, but the record opens only when it is answered", async () => {
    const page = await talking();
    page.host.records = [{ type: "lead", id: "9", name: "Meera" }];
    page.host.pops.length = 0;
    page.engine.ring({ number: MEERA });
    await settled();
    expect(page.phone.otherCall.value?.record).toMatchObject({ id: "9" });
    expect(page.host.pops).toEqual([]);
    await page.phone.answer();
    await settled();
    expect(page.host.pops).toMatchObject([{ record: { id: "9" }, number: MEERA }]);
  });
});

describe("two calls", () => {
  test("[C32] swapping holds the one, then takes the other back; notes go with the call", async () => {
    const page = await both();
    const { phone, engine, leg, second } = page;
    phone.write({ notes: "Meera's" });
    engine.obeys = false;
    const swapped = phone.swap();
    await settled();
    expect(engine.commandsNamed("setHeld").at(-1)).toEqual({ name: "setHeld", leg: second, held: true });
    expect(phone.call.value).toMatchObject({ remoteNumber: MEERA });
    engine.emit({ type: "leg-held", leg: second, held: true });
    await swapped;
    expect(engine.commandsNamed("setHeld").at(-1)).toEqual({ name: "setHeld", leg, held: false });
    engine.emit({ type: "leg-held", leg, held: false });
    expect(phone.call.value).toMatchObject({ remoteNumber: RAVI, hold: { confirmed: false } });
    expect(phone.otherCall.value).toMatchObject({ remoteNumber: MEERA, hold: { confirmed: true } });
    expect(phone.work.value?.disposition.notes).toBe("");
    phone.write({ notes: "Ravi's" });
    engine.obeys = true;
    await phone.swap();
    expect(phone.work.value?.disposition.notes).toBe("Meera's");
    expect(heldBy(page)).toEqual({ [leg]: true, [second]: false });
  });

  test("[C32] a refused hold swaps nothing", async () => {
    const { phone, engine, second } = await both();
    engine.obeys = false;
    const swapped = codeOf(phone.swap());
    await settled();
    engine.emit({ type: "leg-hold-refused", leg: second, held: false, sipCode: 488 });
    expect(await swapped).toBe("hold-refused");
    expect(phone.call.value).toMatchObject({ remoteNumber: MEERA });
    expect(phone.otherCall.value).toMatchObject({ remoteNumber: RAVI, hold: { confirmed: true } });
  });

  test("[C33] the one in front hung up, the held one comes to the front and stays held", async () => {
    const page = await both();
    const { phone, engine, leg, second } = page;
    await phone.hangUp();
    await settled();
    expect(engine.commandsNamed("hangUp")).toEqual([{ name: "hangUp", leg: second }]);
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI, hold: { confirmed: true } });
    expect(phone.otherCall.value).toBeNull();
    expect(heldBy(page)).toEqual({ [leg]: true });
    await phone.setHeld(false);
    expect(heldBy(page)).toEqual({ [leg]: false });
  });

  test("[C33] the held one hangs up: it is written about when the desk is free", async () => {
    const { phone, engine, leg, host } = await both();
    engine.end(leg);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: MEERA });
    expect(phone.otherCall.value).toBeNull();
    await phone.hangUp();
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
    expect(phone.call.value).toBeNull();
    expect([...host.stored.values()].map(({ call }) => call.remoteNumber).toSorted()).toEqual([RAVI, MEERA].toSorted());
  });

  test("[C30] mute is for the call in front", async () => {
    const { phone, engine, second } = await both();
    await phone.setMuted(true);
    expect(engine.commandsNamed("setMuted").at(-1)).toEqual({ name: "setMuted", leg: second, muted: true });
    expect(phone.otherCall.value?.mute.confirmed).toBe(false);
  });

  test("[C30] the page is left: both far ends are told and both notes kept", async () => {
    const { phone, engine } = await both();
    phone.leave();
    expect(engine.commandsNamed("leave")).toHaveLength(1);
    expect(phone.history.value).toMatchObject([{ endReason: "connection-lost" }, { endReason: "connection-lost" }]);
  });

  test("[C12] the line is lost under both", async () => {
    const { phone, engine, clock } = await both();
    engine.registrar = "silent";
    engine.emit({ type: "registration-lost", code: "server-unreachable", sipCode: null });
    await clock.wind(1_000);
    expect([phone.call.value?.phase, phone.otherCall.value?.phase]).toEqual(["reconnecting", "reconnecting"]);
  });
});
