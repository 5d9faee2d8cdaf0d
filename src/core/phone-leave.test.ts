import { afterEach, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePage, openPage, talkingPage } from "./fakes/page.ts";
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

/** What `pagehide` does: the tab lets go of the lead before the phone hears of it. */
async function leftInCall() {
  const page = keep(await talkingPage(new FakeEngine()));
  page.vault.account = ASHA;
  page.phone.write({ notes: "important" });
  await page.clock.wind(20_000);
  page.tabs.become("waiting");
  page.phone.leave();
  await settled();
  return page;
}

test("[P61] a page that is left in a call keeps the note for the next page, though the lead was let go of first", async () => {
  const { store, vault, clock } = await leftInCall();
  const { phone } = keep(await openPage(new FakeEngine(), { store, vault, clock }));
  expect(phone.work.value?.disposition.notes).toBe("important");
  expect(phone.history.value).toMatchObject([{ endReason: "connection-lost", talkSeconds: 20 }]);
});

test("[P61] a page that was left in a call and is shown again has the note in wrap-up", async () => {
  const { phone, tabs } = await leftInCall();
  tabs.become("leader");
  await settled();
  expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost" });
  expect(phone.work.value?.disposition.notes).toBe("important");
});

test("[P61] the last words before the page is left are written though the store is slow", async () => {
  const page = keep(await talkingPage(new FakeEngine()));
  const begun: unknown[] = [];
  page.store.set = (_key, value) => {
    begun.push(value);
    return new Promise(() => {});
  };
  for (const notes of ["h", "ha", "half"]) page.phone.write({ notes });
  page.tabs.become("waiting");
  page.phone.leave();
  expect(begun).toContainEqual(expect.objectContaining({ disposition: expect.objectContaining({ notes: "half" }) }));
});
