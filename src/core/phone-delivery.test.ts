import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FakeHost } from "./fakes/host.ts";
import { ASHA } from "./fakes/ports.ts";
import { type FakePage, type FakePageOptions, openPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
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

describe("delivery", () => {
  const save = async ({ phone }: FakePage<FakeEngine>) => {
    phone.write({ fields: { outcome: "sold" } });
    await phone.saveWork();
    await settled();
  };

  test("[P70] a log whose acknowledgement was lost goes out again under the same id: one is stored", async () => {
    const page = await wrappingUp();
    page.host.saving = "loses the acknowledgement";
    await save(page);
    expect(page.phone.unsaved.value).toBe(1);
    expect(page.phone.history.value).toMatchObject([{ delivered: false }]);
    page.host.saving = "stores";
    await page.clock.wind(2_000);
    expect(page.host.attempts).toHaveLength(2);
    expect(page.host.stored.size).toBe(1);
    expect(page.phone.unsaved.value).toBe(0);
    expect(page.phone.history.value).toMatchObject([{ delivered: true }]);
    await page.clock.wind(600_000);
    expect(page.host.attempts).toHaveLength(2);
  });

  test("[P71] it goes out when the host comes back, on request, and after a reload", async () => {
    const page = await wrappingUp();
    page.host.saving = "host-silent";
    await save(page);
    page.host.connect();
    await settled();
    expect(page.host.attempts).toHaveLength(2);
    page.phone.retryUnsaved();
    await settled();
    expect(page.host.attempts).toHaveLength(3);
    const { host, phone } = await reload(page);
    expect(host.stored.size).toBe(1);
    expect(phone.unsaved.value).toBe(0);
    expect(phone.history.value).toMatchObject([{ delivered: true }]);
  });

  test("[P71] it goes out as soon as the browser has a network again", async () => {
    const page = await wrappingUp();
    page.host.saving = "host-silent";
    await save(page);
    page.phone.networkChanged(false);
    page.host.saving = "stores";
    page.phone.networkChanged(true);
    await settled();
    expect(page.phone.unsaved.value).toBe(0);
  });

  test("[P76] a store that does not answer keeps no log from the host", async () => {
    const page = await wrappingUp();
    page.store.set = () => new Promise(() => {});
    page.phone.write({ notes: "important", fields: { outcome: "sold" } });
    void page.phone.saveWork();
    await settled();
    expect([...page.host.stored.values()]).toMatchObject([{ disposition: { notes: "important" } }]);
  });

  test("[P72] a log is sent once at a time", async () => {
    const page = await wrappingUp();
    const store = page.host.saveCallLog.bind(page.host);
    const asked: (() => void)[] = [];
    page.host.saveCallLog = async (log) => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return store(log);
    };
    await save(page);
    page.phone.retryUnsaved();
    page.host.connect();
    await settled();
    expect(asked).toHaveLength(1);
    asked[0]?.();
    await settled();
    expect(asked).toHaveLength(1);
    expect(page.phone.unsaved.value).toBe(0);
  });

  test("[P73] a host that cannot save is said so, once; this device's history keeps the call", async () => {
    const page = await wrappingUp();
    page.host.saving = "not-supported";
    await save(page);
    expect(page.phone.unsaved.value).toBe(0);
    expect(page.phone.notices.value).toEqual([{ code: "host-cannot-save", about: null }]);
    const alone = await wrappingUp({ host: Object.assign(new FakeHost(), { name: "standalone", saving: "not-supported" } as const) });
    await save(alone);
    expect(alone.phone.notices.value).toEqual([]);
    expect(alone.phone.history.value).toMatchObject([{ delivered: true }]);
  });

  test("[P74] a full disk is said, nothing typed is lost, and the notice goes when there is room again", async () => {
    const page = await wrappingUp();
    page.store.isFull = true;
    page.phone.write({ notes: "important" });
    await settled();
    expect(page.phone.notices.value).toEqual([{ code: "storage-full", about: null }]);
    expect(page.phone.work.value?.disposition.notes).toBe("important");
    page.store.isFull = false;
    await save(page);
    expect(page.host.attempts).toMatchObject([{ disposition: { notes: "important" } }]);
    expect(page.phone.notices.value).toEqual([]);
  });

  test("[P75] a log that could not be written down leaves its draft in the store", async () => {
    const page = await wrappingUp();
    page.phone.write({ notes: "important" });
    await settled();
    page.store.isFull = true;
    page.host.saving = "host-silent";
    await save(page);
    page.store.isFull = false;
    const { phone } = await reload(page);
    expect(phone.work.value?.disposition.notes).toBe("important");
  });
});
