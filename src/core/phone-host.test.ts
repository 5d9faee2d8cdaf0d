import { afterEach, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, type FakePage, type FakePageOptions, RAVI, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import { ASHA } from "./fakes/ports.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const open = async (options: FakePageOptions = {}) => keep(await openPage(new FakeEngine(), options));
const ready = async (options: FakePageOptions = {}) => keep(await readyPage(new FakeEngine(), options));
const talking = async (options: FakePageOptions = {}) => keep(await talkingPage(new FakeEngine(), options));

test("[P80] ready comes first and says what this phone can do", async () => {
  const { host } = await open();
  expect(host.events[0]).toMatchObject({ type: "ready", capabilities: expect.arrayContaining(["dial", "answer", "getSnapshot"]) });
  const incomingOnly = await open({ config: { dialing: { via: "none" } } });
  expect(incomingOnly.host.events[0]).not.toMatchObject({ capabilities: expect.arrayContaining(["dial"]) });
});

test("[P81] the host signs in and out; what is kept on this device stays as it is", async () => {
  const { phone, host, vault } = await open();
  expect(await host.command("signIn", FIELDS)).toEqual({ ok: true });
  expect(phone.line.value.state).toBe("ready");
  expect(vault.account).toBeNull();
  expect(await host.command("signOut", {})).toEqual({ ok: true });
  expect(phone.line.value.state).toBe("signed-out");
});

test("[P81] an account that is kept here is forgotten once the host has signed in somebody else", async () => {
  const world = await ready();
  world.vault.account = ASHA;
  expect(await world.host.command("signIn", FIELDS)).toEqual({ ok: true });
  expect(world.vault.account).toEqual(ASHA);
  expect(await world.host.command("signIn", { ...FIELDS, sipId: "meera" })).toEqual({ ok: true });
  await settled();
  expect(world.vault.account).toBeNull();
});

test("[P82] a refused sign-in tells why", async () => {
  const { engine, host } = await open();
  engine.registrar = "refuses";
  expect(await host.command("signIn", FIELDS)).toEqual({ ok: false, code: "credentials-refused" });
  expect(await host.command("signIn", { ...FIELDS, proxy: "evil.example.org" })).toEqual({ ok: false, code: "server-not-allowed" });
});

test("[P83] a whole call by command", async () => {
  const { phone, engine, host } = await ready();
  expect(await host.command("answer", {})).toEqual({ ok: false, code: "no-call" });
  engine.ring({ number: RAVI });
  expect(await host.command("hold", { held: true })).toEqual({ ok: false, code: "not-possible-now" });
  expect(await host.command("answer", {})).toEqual({ ok: true });
  await settled();
  expect(await host.command("mute", { muted: true })).toEqual({ ok: true });
  expect(phone.call.value?.mute.confirmed).toBe(true);
  expect(await host.command("hold", { held: true })).toEqual({ ok: true });
  expect(await host.command("dtmf", { digits: "1#" })).toEqual({ ok: true });
  expect(await host.command("dial", { number: RAVI })).toEqual({ ok: false, code: "call-in-progress" });
  expect(await host.command("hangup", {})).toEqual({ ok: true });
  expect(phone.call.value?.phase).toBe("wrap-up");
  expect(await host.command("hangup", {})).toEqual({ ok: false, code: "no-call" });
});

test("[P84] a dial is acknowledged with the call it became", async () => {
  const { phone, host } = await ready();
  const result = await host.command("dial", { number: RAVI, record: { type: "lead", id: "7", name: "Ravi" } });
  expect(result).toEqual({ ok: true, value: { callId: phone.call.value?.callId } });
  expect(phone.call.value).toMatchObject({ phase: "dialing", remoteName: "Ravi", record: { id: "7" } });
});

test("[P85] a dial that fails is refused and the record on the screen is taken for its number", async () => {
  const { phone, host } = await ready();
  await host.command("setContext", { record: { type: "lead", id: "9", name: "Ravi K" }, number: "080000 00002" });
  expect(phone.context.value).toMatchObject({ record: { id: "9" } });
  host.exchange = () => Promise.reject(new Error("500"));
  const refused = await host.command("dial", { number: RAVI });
  expect(refused).toEqual({ ok: false, code: "dial-failed" });
  expect(host.placed).toMatchObject([{ record: { id: "9" } }]);
});

test("[P86] a tab that cannot reach the one with the phone refuses what belongs to the phone", async () => {
  const { host, phone, clock } = await open({ role: "follower" });
  const dialled = host.command("dial", { number: RAVI });
  await clock.wind(2_000);
  expect(await dialled).toEqual({ ok: false, code: "phone-is-elsewhere" });
  expect(await host.command("showPanel", { panel: "calls" })).toEqual({ ok: true });
  expect(phone.panel.value).toBe("calls");
  expect(await host.command("getSnapshot", {})).toMatchObject({ ok: true, value: { line: { state: "connecting" }, call: null } });
});

test("[P87] the snapshot says all that the events said", async () => {
  const { host } = await talking();
  const result = await host.command("getSnapshot", {});
  expect(result).toMatchObject({
    ok: true,
    value: { agent: "asha", line: { state: "ready" }, call: { phase: "active", remoteNumber: RAVI }, sequence: host.events.length },
  });
  expect(JSON.stringify(result)).not.toContain(FIELDS.password);
});

test("[P88] the host hears which room the phone would like", async () => {
  const { engine, phone, host, leg } = await talking();
  engine.end(leg);
  phone.write({ fields: { outcome: "sold" } });
  await phone.saveWork();
  await settled();
  expect(host.eventsNamed("resize-wanted").map(({ why }) => why)).toEqual(["ringing", "in-call", "idle"]);
});

test("[P89] preferences reach the devices and outlive the page", async () => {
  const page = await ready();
  await page.phone.setPreferences({ inputDevice: "mic", ringVolume: 0.3, ringDevice: "ear", theme: "dark" });
  expect(page.engine.commandsNamed("setInputDevice")).toEqual([{ name: "setInputDevice", device: "mic" }]);
  expect(page.audio).toMatchObject({ ringVolume: 0.3, ringOutput: "ear" });
  const { store, vault } = page;
  const next = await ready({ store, vault });
  expect(next.phone.preferences.value).toMatchObject({ inputDevice: "mic", ringVolume: 0.3, theme: "dark" });
  expect(next.engine.commandsNamed("setInputDevice")).toHaveLength(1);
});

test("[P90] old calls leave the history, new ones stand first", async () => {
  const page = await ready({ config: { history: { keepDays: 2 } } });
  page.engine.end(page.engine.ring({ number: RAVI }), "cancelled");
  await page.clock.wind(86_400_000);
  page.engine.end(page.engine.ring({ number: "+918000000003" }), "cancelled");
  await settled();
  expect(page.phone.history.value.map(({ remoteNumber }) => remoteNumber)).toEqual(["+918000000003", RAVI]);
  await page.clock.wind(86_400_001);
  const { store, vault, clock } = page;
  vault.account = ASHA;
  const next = await open({ store, vault, clock, config: { history: { keepDays: 2 } } });
  expect(next.phone.history.value.map(({ remoteNumber }) => remoteNumber)).toEqual(["+918000000003"]);
});

test("[P91] a microphone that is plugged in ends the complaint", async () => {
  const { phone, engine, audio } = await ready();
  audio.microphone = "microphone-missing";
  engine.ring();
  await settled();
  expect(phone.notices.value).toEqual([{ code: "microphone-missing", about: null }]);
  audio.microphone = "usable";
  audio.plugIn();
  await settled();
  expect(phone.notices.value).toEqual([]);
});

test("[P92] ringing that the browser forbids is known, and allowed by a click", async () => {
  const { phone, audio } = await open();
  audio.allowSound(false);
  expect(phone.canRing.value).toBe(false);
  await phone.enableRinging();
  expect(phone.canRing.value).toBe(true);
});

test("[P93] a phone that is disposed of leaves no timer and no listener, and ends the engine", async () => {
  const { phone, engine, clock, audio, host } = await talking();
  await phone.dispose();
  await settled();
  expect(clock.timerCount()).toBe(0);
  expect(audio.listenerCount()).toBe(0);
  expect(engine.listenerCount()).toBe(0);
  expect(host.hasHandler()).toBe(false);
  expect(engine.commandsNamed("dispose")).toHaveLength(1);
});

test("[P94] nothing is left of fifty calls but the history", async () => {
  const { phone, engine, clock, store } = await ready();
  const once = async () => {
    const leg = engine.ring({ number: RAVI });
    await phone.answer();
    await clock.wind(5_000);
    engine.end(leg);
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
  };
  await once();
  const timers = clock.timerCount();
  for (let call = 0; call < 49; call += 1) await once();
  expect(clock.timerCount()).toBe(timers);
  expect([...store.records.keys()]).toEqual(["history"]);
  expect(phone.history.value).toHaveLength(50);
  expect(engine.strayCommands).toEqual([]);
});
