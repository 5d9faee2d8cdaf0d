import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, type FakePage, type FakePageOptions, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import { ASHA, fakeConfig, fakeWorld } from "./fakes/ports.ts";
import { type RunningPhone, createPhone } from "./phone.ts";

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

describe("line", () => {
  test("[P1] a phone without an account is signed out, and says so only once it knows", async () => {
    const engine = new FakeEngine();
    const world = fakeWorld(engine);
    const phone = createPhone(world.ports, fakeConfig());
    running.push(phone);
    expect(phone.line.value.state).toBe("connecting");
    await settled();
    expect(phone.line.value.state).toBe("signed-out");
    expect(engine.commands).toEqual([]);
  });

  test("[P2] signing in registers, tells the host and keeps nothing unless asked to", async () => {
    const { phone, engine, host, vault } = await ready();
    expect(phone.line.value.state).toBe("ready");
    expect(phone.agent.value).toEqual({ user: "asha", displayName: "asha" });
    expect(engine.commandsNamed("register")).toEqual([{ name: "register", user: "asha" }]);
    expect(host.eventsNamed("signed-in")).toEqual([{ type: "signed-in", agent: "asha" }]);
    expect(vault.account).toBeNull();
  });

  test("[P3] an account that was kept registers at boot", async () => {
    const first = await open();
    await first.phone.signIn(FIELDS, true);
    await settled();
    const { phone } = await open({ vault: first.vault });
    expect(phone.line.value.state).toBe("ready");
  });

  test("[P4] a wrong password is refused, said and not tried again; nothing is kept", async () => {
    const { phone, engine, clock, vault } = await open();
    engine.registrar = "refuses";
    await expect(phone.signIn(FIELDS, true)).rejects.toMatchObject({ code: "credentials-refused" });
    expect(phone.line.value).toMatchObject({ state: "refused", reason: "credentials-refused" });
    expect(phone.agent.value).toBeNull();
    expect(phone.signingIn.value).toBe(false);
    await clock.wind(3_600_000);
    expect(engine.commandsNamed("register")).toHaveLength(1);
    expect(vault.account).toBeNull();
  });

  test("[P5] a server that cannot be reached is tried again, at once on a click and on the network's return", async () => {
    const { phone, engine, clock } = await open();
    engine.registrar = "unreachable";
    await expect(phone.signIn(FIELDS, false)).rejects.toMatchObject({ code: "server-unreachable" });
    expect(phone.line.value.state).toBe("retrying");
    expect(phone.line.value.nextTryAt).toBeGreaterThan(clock.now());
    await clock.wind(120_000);
    const tries = engine.commandsNamed("register").length;
    expect(tries).toBeGreaterThan(4);
    phone.retryNow();
    await settled();
    expect(engine.commandsNamed("register")).toHaveLength(tries + 1);
    phone.networkChanged(false);
    expect(phone.line.value.state).toBe("offline");
    engine.registrar = "accepts";
    phone.networkChanged(true);
    await settled();
    expect(phone.line.value.state).toBe("ready");
  });

  test("[P6] a proxy that the deployment does not name is not connected to", async () => {
    const { phone, engine } = await open();
    await expect(phone.signIn({ ...FIELDS, proxy: "evil.example.org:443" }, false)).rejects.toMatchObject({ code: "server-not-allowed" });
    expect(engine.commands).toEqual([]);
  });

  test("[P7] a tab that follows does not register, and takes the phone over with the account it knows", async () => {
    const { phone, engine, tabs } = await open({ role: "follower" });
    await expect(phone.signIn(FIELDS, false)).rejects.toMatchObject({ code: "phone-is-elsewhere" });
    expect(phone.line.value.state).toBe("taken-elsewhere");
    expect(engine.commands).toEqual([]);
    tabs.become("leader");
    await settled();
    expect(phone.line.value.state).toBe("ready");
  });

  test("[P8] a tab that loses the lead unregisters; the lead is not given away in a call", async () => {
    const { phone, engine, tabs, leg } = await talking();
    expect(tabs.ask()).toBe(false);
    engine.end(leg);
    expect(tabs.ask()).toBe(true);
    tabs.become("follower");
    expect(phone.line.value.state).toBe("taken-elsewhere");
    expect(engine.commandsNamed("unregister")).toHaveLength(1);
  });

  test("[P9] not available means not registered, until set back", async () => {
    const { phone, engine } = await ready();
    await phone.setAvailable(false);
    expect(phone.line.value.state).toBe("off");
    expect(engine.commandsNamed("unregister")).toHaveLength(1);
    await phone.setAvailable(true);
    await settled();
    expect(phone.line.value.state).toBe("ready");
  });

  test("[P10] a registrar that falls silent is noticed within 25 s when idle, and on waking within 3 s", async () => {
    const { phone, engine, clock } = await ready();
    engine.registrar = "unreachable";
    engine.answersProbes = false;
    await clock.wind(25_000);
    expect(phone.line.value.state).toBe("retrying");
    engine.registrar = "accepts";
    engine.answersProbes = true;
    await clock.wind(30_000);
    expect(phone.line.value.state).toBe("ready");
    engine.registrar = "unreachable";
    engine.answersProbes = false;
    phone.woke(false);
    await settled();
    expect(phone.line.value.state).toBe("retrying");
  });

  test("[P11] signing out forgets the account everywhere", async () => {
    const { phone, engine, vault, host } = await open();
    await phone.signIn(FIELDS, true);
    await settled();
    expect(vault.account).toMatchObject({ user: "asha" });
    await phone.signOut();
    expect(phone.line.value.state).toBe("signed-out");
    expect(vault.account).toBeNull();
    expect(engine.commandsNamed("unregister")).toHaveLength(1);
    expect(host.events.at(-1)).toEqual({ type: "signed-out" });
  });

  test("[P12] the password is in no log and in nothing the host is told", async () => {
    const { logged, host, store } = await talking();
    const everything = JSON.stringify([logged, host.events, [...store.records.values()]]);
    expect(everything).not.toContain(ASHA.password);
  });

  test("[P13] a tab that followed does not sign in an agent who signed out meanwhile", async () => {
    const first = await open();
    await first.phone.signIn(FIELDS, true);
    const { vault } = first;
    const other = await open({ role: "follower", vault });
    await first.phone.signOut();
    other.tabs.become("leader");
    await settled();
    expect(other.phone.line.value.state).toBe("signed-out");
    expect(other.engine.commands).toEqual([]);
  });

  test("[P14] an engine that never answers a probe counts as silent", async () => {
    const { phone, engine, clock } = await ready();
    engine.probe = () => new Promise(() => {});
    engine.registrar = "unreachable";
    await clock.wind(25_500);
    expect(phone.line.value.state).toBe("retrying");
  });

  test("[P15] the answer about an earlier registration does not shake the next one", async () => {
    const { phone, engine, clock } = await ready();
    let answer: (ok: boolean) => void = () => {};
    engine.probe = () => new Promise((resolve) => (answer = resolve));
    await clock.wind(20_000);
    phone.networkChanged(false);
    phone.networkChanged(true);
    await settled();
    answer(false);
    await settled();
    expect(phone.line.value.state).toBe("ready");
  });
});

test("[P90] the ring can be tried out, for a moment, and does not end the ringing of a call that comes meanwhile", async () => {
  const { phone, engine, audio, clock } = await ready();
  phone.testRinging();
  expect(audio.isRinging).toBe(true);
  await clock.wind(2_500);
  expect(audio.isRinging).toBe(false);
  phone.testRinging();
  engine.ring();
  await clock.wind(2_500);
  expect(audio.isRinging).toBe(true);
});
