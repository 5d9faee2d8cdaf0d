// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PhoneError } from "../core/errors.ts";
import type { CallView, HistoryEntry } from "../core/view.ts";
import { callView, emptyWork, FakePhone, lineView } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { BROKEN_OFF, ERRORS } from "./strings.ts";

const record = { type: "Lead", id: "7", name: "Ravi Kumar" };
let phone: FakePhone;
let screen: Shown;
beforeEach(() => (phone = new FakePhone()));
afterEach(() => screen.close());

function wrapUp(change: Partial<CallView> = {}): void {
  phone.call.value = callView({
    phase: "wrap-up",
    record,
    answeredAt: Date.now() - 9_000,
    endedAt: Date.now(),
    endReason: "connection-lost",
    ...change,
  });
  phone.work.value = emptyWork(phone.call.value.callId);
  screen = show(phone);
}
const text = () => screen.root.textContent ?? "";
const callBack = () => screen.button("Call back");

it("[U90] wrap-up of a call whose connection was lost says so and calls back with number, record and name", async () => {
  wrapUp();
  expect(text()).toContain(BROKEN_OFF["connection-lost"]);
  await screen.click("Call back");
  expect(phone.done).toEqual([["dial", "+919845000012", { record, name: "Ravi Kumar" }]]);
});

it("[U91] a call that failed after it was up broke off; one that somebody ended, or that never came about, has nothing to call back", () => {
  wrapUp({ endReason: "failed" });
  expect(text()).toContain(BROKEN_OFF.failed);
  expect(text()).toContain("Broke off");
  for (const change of [
    { endReason: "hung-up-there" },
    { endReason: "failed", answeredAt: null },
    { endReason: "hung-up-here" },
  ] as const) {
    screen.close();
    wrapUp(change);
    expect(callBack()).toBeNull();
  }
});

it("[U92] without a way to dial, and while the line is not ready, the button says why and does nothing", async () => {
  phone = new FakePhone({ dialing: { ...new FakePhone().config.dialing, via: "none" } });
  wrapUp();
  expect(text()).toContain(ERRORS["dial-not-configured"]);
  screen.close();

  phone = new FakePhone();
  phone.line.value = lineView("retrying");
  wrapUp({ record: null });
  expect(callBack()?.getAttribute("aria-disabled")).toBe("true");
  const reason = document.getElementById(callBack()?.getAttribute("aria-describedby") ?? "");
  expect(reason?.textContent).toBe(ERRORS["not-ready"]);
  await screen.click("Call back");
  expect(phone.done).toEqual([]);
  await screen.after(() => (phone.line.value = lineView("ready")));
  await screen.click("Call back");
  expect(phone.done).toEqual([["dial", "+919845000012", {}]]);
});

it("[U93] a call back that does not work says why, and the note stays", async () => {
  wrapUp();
  await screen.type("Notes", "half a sent");
  phone.failNext = new PhoneError("dial-failed");
  await screen.click("Call back");
  expect(text()).toContain(ERRORS["dial-failed"]);
  expect(screen.input("Notes").value).toBe("half a sent");
});

const entry: HistoryEntry = {
  callId: "a",
  direction: "incoming",
  remoteNumber: "+919845000012",
  remoteName: "Ravi Kumar",
  record: null,
  startedAt: Date.now(),
  answered: true,
  talkSeconds: 151,
  endReason: "connection-lost",
  sipCode: 408,
  sipCallId: "a84b4c76e66710@pc33",
  exotelCallSid: null,
  disposition: null,
  delivered: true,
  unseen: false,
};

it("[U94] a row of the history says that the connection was lost; opened, it calls back and has the codes for support", async () => {
  phone.history.value = [entry];
  phone.panel.value = "calls";
  screen = show(phone);
  await vi.waitUntil(() => text().includes("Ravi Kumar"));
  expect(text()).toContain("2:31 · Connection lost");
  expect(screen.button("Call back Ravi Kumar")).not.toBeNull();
  expect(text()).not.toContain("408");
  await screen.after(() => screen.root.querySelector<HTMLButtonElement>(".row-main")?.click());
  expect(text()).toContain("SIP 408 · Call-ID a84b4c76e66710@pc33");
  expect(text()).toContain(BROKEN_OFF["connection-lost"]);
  await screen.click("Call back");
  expect(phone.done).toContainEqual(["dial", "+919845000012", { name: "Ravi Kumar" }]);
});

it("[U95] wrap-ups that wait are named and counted; a click brings the first one up; during a call they are only named", async () => {
  wrapUp({ endReason: "hung-up-there" });
  await screen.after(() => {
    phone.aside.value = [callView({ callId: "first", remoteName: "Meera Iyer" }), callView({ callId: "second", remoteName: "Farah" })];
    phone.unsaved.value = 2;
  });
  expect(text()).toContain("Still to write up: Meera Iyer and 1 more");
  expect(text()).not.toContain("not saved yet");
  await screen.click("Open the note about Meera Iyer");
  expect(phone.done).toEqual([["bringUp", "first"]]);
  await screen.after(() => {
    phone.aside.value = phone.aside.value.slice(0, 1);
    phone.unsaved.value = 2;
    phone.call.value = callView({ callId: "next", phase: "active", answeredAt: Date.now() });
  });
  expect(text()).toContain("Still to write up: Meera Iyer");
  expect(text()).toContain("1 call not saved yet");
  expect(screen.button("Open the note about Meera Iyer")).toBeNull();
});
