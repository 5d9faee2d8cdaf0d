import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, type FakePage, type FakePageOptions, RAVI, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const MEERA = { ...FIELDS, sipId: "meera" };

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};

/** Ravi hung up, and Asha has begun to write. */
async function ashaWrites(options: FakePageOptions = {}) {
  const page = keep(await talkingPage(new FakeEngine(), options));
  page.engine.end(page.leg);
  page.phone.write({ notes: "Asha's note" });
  await settled();
  return page;
}

/** A new page on the same computer, nobody signed in. */
async function nextPage({ phone, store, vault, clock }: FakePage<FakeEngine>) {
  await phone.dispose();
  return keep(await openPage(new FakeEngine(), { store, vault, clock }));
}

describe("agents who share a computer", () => {
  test("[P120] what is being written leaves the screen with the sign-out and is back with the same agent", async () => {
    const { phone, host } = await ashaWrites();
    await phone.signOut();
    await settled();
    expect(phone.work.value).toBeNull();
    expect(phone.call.value).toBeNull();
    expect(phone.notices.value).toEqual([]);
    await phone.signIn(FIELDS, false);
    await settled();
    expect(phone.work.value?.disposition.notes).toBe("Asha's note");
    expect(phone.call.value?.phase).toBe("wrap-up");
    expect(host.attempts).toEqual([]);
  });

  test("[P121] after the sign-out the countdown still saves, while the page is the same and nobody else came", async () => {
    const { phone, host, clock } = await ashaWrites();
    await phone.signOut();
    await clock.wind(60_000);
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "Asha's note" } }]);
  });

  test("[P122] the next agent sees nothing of it, delivers nothing of it, and it waits for the first", async () => {
    const page = await ashaWrites();
    const { phone, host, clock } = page;
    await phone.signOut();
    await phone.signIn(MEERA, false);
    await clock.wind(120_000);
    expect(phone.work.value).toBeNull();
    expect(phone.unsaved.value).toBe(0);
    expect(phone.history.value).toEqual([]);
    expect(phone.notices.value).toEqual([]);
    expect(host.attempts).toEqual([]);
    await phone.signOut();
    await phone.signIn(FIELDS, false);
    await settled();
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "Asha's note" } }]);
    expect(phone.history.value).toMatchObject([{ remoteNumber: RAVI, delivered: true }]);
  });

  test("[P123] a finished call that the host did not take yet is handed over under its own agent alone", async () => {
    const page = await ashaWrites();
    page.host.saving = "host-silent";
    page.phone.write({ fields: { outcome: "sold" } });
    await page.phone.saveWork();
    await settled();
    await page.phone.signOut();
    const { phone, host, clock } = await nextPage(page);
    await clock.wind(120_000);
    expect(host.attempts).toEqual([]);
    await phone.signIn(MEERA, false);
    await clock.wind(120_000);
    expect(host.attempts).toEqual([]);
    expect(phone.unsaved.value).toBe(0);
    await phone.signOut();
    await phone.signIn(FIELDS, false);
    await settled();
    expect([...host.stored.values()]).toMatchObject([{ disposition: { notes: "Asha's note" } }]);
  });

  test("[P124] of several waiting calls none follows the one on its way when another agent comes", async () => {
    const page = keep(await readyPage(new FakeEngine()));
    page.host.saving = "host-silent";
    for (const number of [RAVI, "+918000000003"]) page.engine.end(page.engine.ring({ number }), "cancelled");
    await settled();
    expect(page.phone.unsaved.value).toBe(2);
    const release: (() => void)[] = [];
    const asked: string[] = [];
    page.host.saveCallLog = async (log) => {
      asked.push(log.call.remoteNumber);
      await new Promise<void>((resolve) => release.push(resolve));
    };
    page.phone.retryUnsaved();
    await settled();
    await page.phone.signOut();
    await page.phone.signIn(MEERA, false);
    await settled();
    release[0]?.();
    await settled();
    expect(asked).toEqual([RAVI]);
    await page.phone.signOut();
    await page.phone.signIn(FIELDS, false);
    await settled();
    expect(page.phone.history.value.map(({ remoteNumber, delivered }) => [remoteNumber, delivered])).toContainEqual([RAVI, true]);
    expect(asked).toEqual([RAVI, "+918000000003"]);
  });

  test("[P125] a page that nobody has signed in to shows no draft and no history", async () => {
    const { phone } = await nextPage(await ashaWrites());
    expect(phone.work.value).toBeNull();
    expect(phone.history.value).toEqual([]);
    expect(phone.call.value).toBeNull();
  });

  test("[P126] a name with a wrong password opens nobody's work", async () => {
    const { phone, engine } = await nextPage(await ashaWrites());
    engine.registrar = "refuses";
    await expect(phone.signIn({ ...FIELDS, password: "guessed" }, false)).rejects.toMatchObject({ code: "credentials-refused" });
    await settled();
    expect(phone.work.value).toBeNull();
    expect(phone.history.value).toEqual([]);
  });
});
