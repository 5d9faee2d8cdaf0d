import { afterEach, beforeEach, expect, test } from "vitest";
import { RAVI } from "../core/fakes/page.ts";
import { FakeBrowser, type PhoneTab, sharedEvents } from "./fake-browser.ts";

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
});
afterEach(() => browser.dispose());

const calls = (tab: PhoneTab) => tab.host.eventsNamed("call-changed").map(({ call }) => call);
const lines = (tab: PhoneTab) => tab.host.eventsNamed("line-changed").map(({ line }) => line.state);

test("[M30] the host page of every tab is told the same, in the same order, and once", async () => {
  const { first, second, leg } = await browser.talking();
  await second.phone.setMuted(true);
  first.engine.end(leg);
  await browser.settle();
  second.phone.write({ fields: { outcome: "sold" } });
  await second.phone.saveWork();
  await browser.settle();
  expect(calls(second)).toEqual(calls(first));
  expect(calls(second).map(({ phase }) => phase)).toEqual(["ringing", "connecting", "active", "active", "wrap-up", "ended"]);
  const since = sharedEvents(first).slice(-sharedEvents(second).length + 2);
  expect(sharedEvents(second).slice(2)).toEqual(since);
  expect(lines(second)).toEqual(["ready"]);
});

test("[M31] what happens once stays with the tab that has the phone: missed calls, saved outcomes, every question to the CRM", async () => {
  const { first, second } = await browser.openSignedIn();
  first.engine.end(first.engine.ring({ number: RAVI }), "missed");
  await browser.settle();
  expect(first.host.eventsNamed("call-missed")).toHaveLength(1);
  expect(second.host.eventsNamed("call-missed")).toEqual([]);
  expect(first.host.attempts).toHaveLength(1);
  expect(second.host.attempts).toEqual([]);
  expect(second.host.pops).toEqual([]);
  expect(second.phone.notices.value).toMatchObject([{ code: "call-missed" }]);
});

test("[M32] a tab that is opened in a call is told how everything is", async () => {
  await browser.talking();
  const late = await browser.open();
  expect(sharedEvents(late).slice(-3)).toMatchObject([
    { type: "line-changed", line: { state: "ready" } },
    { type: "signed-in", agent: "asha" },
    { type: "call-changed", call: { phase: "active", remoteNumber: RAVI } },
  ]);
  const snapshot = await late.host.command("getSnapshot", {});
  expect(snapshot).toMatchObject({ value: { call: { phase: "active" }, line: { state: "ready" }, sequence: late.host.events.length } });
});

test("[M33] when the tab with the call is gone, every host page is told how it went on", async () => {
  const { first, second, more } = await browser.talking(3);
  first.crash();
  await browser.settle();
  for (const tab of [second, ...more]) {
    expect(calls(tab).at(-1)).toMatchObject({ phase: "wrap-up", endReason: "connection-lost" });
    expect(lines(tab).at(-1)).toBe("ready");
  }
});

test("[M33] a call that only rang, in a tab that is gone, is told to be over, in every tab and once", async () => {
  const { first, second, more } = await browser.openSignedIn(3);
  first.engine.ring({ number: RAVI });
  await browser.settle();
  first.crash();
  await browser.settle();
  await browser.wind(3_000);
  for (const tab of [second, ...more]) {
    expect(calls(tab).map(({ phase }) => phase)).toEqual(["ringing", "ended"]);
    expect(calls(tab).at(-1)).toMatchObject({ endReason: "connection-lost" });
    expect(tab.phone.call.value).toBeNull();
  }
});

test("[M34] a tab that gives the phone away is told what the other one does", async () => {
  const { first, second } = await browser.openSignedIn();
  expect(await second.phone.takeOver()).toBe(true);
  await browser.settle();
  second.engine.ring({ number: RAVI });
  await browser.settle();
  expect(calls(first)).toMatchObject([{ phase: "ringing" }]);
  expect(lines(first).at(-1)).toBe("ready");
  expect(lines(first)).not.toContain("taken-elsewhere");
});
