import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FakeHost } from "./fakes/host.ts";
import { ASHA } from "./fakes/ports.ts";
import { type FakePage, type FakePageOptions, RAVI, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const ready = async (options: FakePageOptions = {}) => keep(await readyPage(new FakeEngine(), options));
const talking = async (options: FakePageOptions = {}) => keep(await talkingPage(new FakeEngine(), options));

/** Ravi hung up after half a minute. */
async function wrappingUp(options: FakePageOptions = {}) {
  const page = await talking(options);
  await page.clock.wind(30_000);
  page.engine.end(page.leg);
  await settled();
  return page;
}

/** The same device, the same time and the same agent, who stays signed in; a new page. */
async function reload(page: FakePage<FakeEngine>, options: FakePageOptions = {}) {
  await page.phone.dispose();
  page.vault.account = ASHA;
  const { store, vault, clock } = page;
  return keep(await openPage(new FakeEngine(), { store, vault, clock, host: new FakeHost(), ...options }));
}

describe("wrap-up", () => {
  test("[P50] a note is stored at every keystroke from the answer on", async () => {
    const { phone, store } = await talking();
    for (const notes of ["w", "wa", "wan"]) phone.write({ notes });
    await settled();
    const record = store.records.get(`draft:${phone.call.value?.callId}`);
    expect(JSON.parse(record ?? "null")).toMatchObject({ disposition: { notes: "wan" }, call: { phase: "active" } });
    expect(phone.work.value?.disposition.notes).toBe("wan");
  });

  test("[P51] a required field must be filled in; then one log goes to the host and the desk is free", async () => {
    const { phone, host, store } = await wrappingUp();
    phone.write({ notes: "wants a quote" });
    expect(await phone.saveWork()).toBe(false);
    expect(phone.work.value?.missing).toEqual(["outcome"]);
    phone.write({ fields: { outcome: "sold" } });
    expect(phone.work.value?.missing).toEqual([]);
    expect(await phone.saveWork()).toBe(true);
    await settled();
    expect(phone.call.value).toBeNull();
    expect(phone.work.value).toBeNull();
    expect(host.attempts).toMatchObject([
      {
        talkSeconds: 30,
        call: { phase: "ended", endReason: "hung-up-there" },
        disposition: { fields: { outcome: "sold" }, notes: "wants a quote" },
      },
    ]);
    expect(host.attempts[0]?.logId).toBe(host.attempts[0]?.call.callId);
    expect(host.eventsNamed("disposition-saved")).toHaveLength(1);
    expect(host.eventsNamed("call-changed").at(-1)?.call.phase).toBe("ended");
    expect(phone.history.value).toMatchObject([{ delivered: true, disposition: { notes: "wants a quote" } }]);
    expect([...store.records.keys()]).toEqual(["history"]);
  });

  test("[P52] the countdown saves what is there", async () => {
    const { phone, host, clock } = await wrappingUp();
    expect(phone.work.value?.deadlineAt).toBe(clock.now() + 60_000);
    phone.write({ notes: "half a sent" });
    await clock.wind(60_000);
    expect(phone.call.value).toBeNull();
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "half a sent", fields: {} } }]);
  });

  test("[P53] without a limit wrap-up lasts as long as the agent likes", async () => {
    const { phone, clock } = await wrappingUp({ config: { wrapUp: { seconds: 0 } } });
    expect(phone.work.value?.deadlineAt).toBeNull();
    await clock.wind(3_600_000);
    expect(phone.call.value?.phase).toBe("wrap-up");
  });

  test("[P54] a call that rings in wrap-up leaves the note under the agent's hands, and wrap-up comes back", async () => {
    const { phone, engine, host } = await wrappingUp();
    phone.write({ notes: "first" });
    const first = phone.work.value?.callId;
    const leg = engine.ring({ number: "+918000000003" });
    expect(phone.call.value?.phase).toBe("ringing");
    phone.write({ notes: "first call" });
    expect(phone.work.value).toMatchObject({ callId: first, disposition: { notes: "first call" } });
    await phone.answer();
    await settled();
    expect(phone.work.value).toMatchObject({ callId: phone.call.value?.callId, disposition: { notes: "" } });
    expect(phone.unsaved.value).toBe(1);
    phone.write({ notes: "second", fields: { outcome: "sold" } });
    engine.end(leg);
    expect(await phone.saveWork()).toBe(true);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", callId: first });
    expect(phone.work.value).toMatchObject({ callId: first, disposition: { notes: "first call" } });
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
    expect([...host.stored.values()].map(({ disposition }) => disposition.notes).toSorted()).toEqual(["first call", "second"]);
  });

  test("[P55] a wrap-up that is set aside saves itself at its deadline", async () => {
    const { phone, engine, host, clock } = await wrappingUp();
    phone.write({ notes: "first" });
    engine.ring();
    await phone.answer();
    await clock.wind(60_000);
    expect(phone.call.value?.phase).toBe("active");
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "first" } }]);
    expect(phone.unsaved.value).toBe(0);
  });

  test("[P56] an unanswered call is wrapped up only where the deployment says so", async () => {
    const { phone, engine, host } = await ready({ config: { wrapUp: { forUnanswered: true } } });
    engine.end(engine.ring(), "cancelled");
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "missed" });
    expect(host.eventsNamed("call-missed")).toHaveLength(1);
    expect(host.attempts).toEqual([]);
  });

  test("[P58] a record that the host finds only after the call is in its log", async () => {
    const host = new FakeHost();
    let found: (records: readonly { type: string; id: string; name: string }[]) => void = () => {};
    host.matchNumber = () => new Promise((resolve) => (found = resolve));
    const { phone } = await wrappingUp({ host });
    found([{ type: "lead", id: "7", name: "Ravi Kumar" }]);
    await settled();
    expect(phone.call.value?.record).toMatchObject({ id: "7" });
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
    expect(host.attempts).toMatchObject([{ call: { record: { id: "7" } } }]);
    expect(host.pops).toEqual([]);
  });

  test("[P57] what was written while dialling is in the log of a call that nobody answered", async () => {
    const { phone, host, clock } = await ready();
    await phone.dial(RAVI);
    phone.write({ notes: "try the office" });
    await clock.wind(30_000);
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "try the office" }, call: { endReason: "no-answer" } }]);
  });
});

describe("reload", () => {
  test("[P60] wrap-up is back after a reload, with every word and what is left of the countdown", async () => {
    const page = await wrappingUp();
    page.phone.write({ notes: "wants a quote", fields: { outcome: "sold" } });
    const { deadlineAt } = page.phone.work.value ?? {};
    await page.clock.wind(10_000);
    const { phone, host } = await reload(page);
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", remoteNumber: RAVI });
    expect(phone.work.value).toMatchObject({ deadlineAt, disposition: { notes: "wants a quote", fields: { outcome: "sold" } } });
    expect(phone.notices.value).toEqual([{ code: "work-restored", about: RAVI }]);
    await phone.saveWork();
    await settled();
    expect(host.attempts).toHaveLength(1);
  });

  test("[P61] leaving the page in a call ends it at the far end; the note waits in wrap-up", async () => {
    const page = await talking();
    page.phone.write({ notes: "important" });
    await page.clock.wind(20_000);
    page.phone.leave();
    expect(page.engine.commandsNamed("leave")).toHaveLength(1);
    await settled();
    const { phone } = await reload(page);
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost" });
    expect(phone.work.value?.disposition.notes).toBe("important");
    expect(phone.history.value).toMatchObject([{ endReason: "connection-lost", talkSeconds: 20 }]);
  });

  test("[P62] after a crash in a call the note is there too, and the talk lasts as long as is known", async () => {
    const page = await talking();
    page.phone.write({ notes: "important" });
    await page.clock.wind(25_000);
    const { phone, host, clock } = await reload(page);
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost" });
    await clock.wind(60_000);
    expect([...host.stored.values()]).toMatchObject([{ talkSeconds: 20, disposition: { notes: "important" } }]);
  });

  test("[P63] a tab that follows leaves the work of the leading tab alone, and takes it up when it leads", async () => {
    const page = await talking();
    page.phone.write({ notes: "important" });
    await settled();
    const { store, vault, clock } = page;
    vault.account = ASHA;
    const other = keep(await openPage(new FakeEngine(), { store, vault, clock, role: "follower" }));
    expect(other.phone.work.value).toBeNull();
    other.tabs.become("leader");
    await settled();
    expect(other.phone.work.value?.disposition.notes).toBe("important");
  });

  test("[P64] a tab that gives the lead away lets go of its wrap-up", async () => {
    const { phone, tabs, store } = await wrappingUp();
    phone.write({ notes: "important" });
    tabs.become("follower");
    await settled();
    expect(phone.work.value).toBeNull();
    expect(phone.call.value).toBeNull();
    expect([...store.records.keys()].some((key) => key.startsWith("draft:"))).toBe(true);
  });

  test("[P65] a draft whose log is on its way already is not shown again", async () => {
    const page = await wrappingUp({ host: Object.assign(new FakeHost(), { saving: "host-silent" as const }) });
    page.phone.write({ fields: { outcome: "sold" } });
    await settled();
    const draft = [...page.store.records].find(([key]) => key.startsWith("draft:"));
    await page.phone.saveWork();
    if (draft !== undefined) page.store.records.set(...draft);
    const { phone, host } = await reload(page);
    expect(phone.work.value).toBeNull();
    expect(host.attempts).toHaveLength(1);
    await settled();
    expect([...page.store.records.keys()].filter((key) => key !== "history")).toEqual([]);
  });
});
