// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HistoryEntry } from "../core/view.ts";
import { FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";

let phone: FakePhone;
let screen: Shown;
const entry = (callId: string, change: Partial<HistoryEntry>): HistoryEntry => ({
  callId,
  direction: "incoming",
  remoteNumber: "+919845000012",
  remoteName: null,
  record: null,
  startedAt: Date.now(),
  answered: change.talkSeconds !== 0,
  talkSeconds: 151,
  endReason: "hung-up-there",
  sipCode: null,
  sipCallId: null,
  exotelCallSid: null,
  disposition: null,
  delivered: true,
  unseen: false,
  ...change,
});
const row = (name: string) => [...screen.root.querySelectorAll<HTMLElement>(".row")].find((each) => each.textContent?.includes(name));

beforeEach(async () => {
  phone = new FakePhone();
  phone.history.value = [
    entry("a", {
      remoteName: "Ravi Kumar",
      delivered: false,
      disposition: { fields: { outcome: "callback" }, notes: "Send the quote", followUp: null },
    }),
    entry("b", { remoteName: "Meera Iyer", remoteNumber: "+919845000031", endReason: "missed", talkSeconds: 0, unseen: true }),
  ];
  screen = show(phone);
  await vi.waitUntil(() => row("Ravi Kumar") !== undefined);
});
afterEach(() => screen.close());

it("[U62] a row says how the call ended and whether the CRM has it; opened, what was written about it", async () => {
  expect(row("Ravi Kumar")?.textContent).toContain("2:31");
  expect(row("Ravi Kumar")?.textContent).toContain("Not saved yet");
  expect(row("Meera Iyer")?.textContent).toContain("Missed");
  await screen.after(() => row("Ravi Kumar")?.querySelector<HTMLElement>(".row-main")?.click());
  expect(screen.root.querySelector(".facts")?.textContent).toContain("Call back");
  expect(screen.root.querySelector(".facts")?.textContent).toContain("Send the quote");
});

it("[U62] a call that was answered for less than half a second is not missed, and says so", async () => {
  phone.history.value = [entry("c", { remoteName: "Anil Gupta", talkSeconds: 0, answered: true, endReason: "connection-lost" })];
  await vi.waitUntil(() => row("Anil Gupta") !== undefined);
  expect(row("Anil Gupta")?.textContent).toContain("0:00 · Connection lost");
  expect(row("Anil Gupta")?.className).not.toContain("row-missed");
});

it("[U63] calling back is one click, with the name that was known", async () => {
  await screen.click("Call Meera Iyer");
  expect(phone.done).toContainEqual(["dial", "+919845000031", { name: "Meera Iyer" }]);
});

it("[U64] missed calls are seen once the list is used, not by being there", async () => {
  expect(phone.done).toEqual([]);
  await screen.click("Missed");
  expect(phone.done).toEqual([["markSeen"]]);
  expect(row("Ravi Kumar")).toBeUndefined();
});

it("[U65] a search without a hit says so and is undone with one click", async () => {
  await screen.type("Search calls", "nobody");
  expect(screen.root.textContent).toContain("No call fits");
  await screen.click("Show all calls");
  expect(row("Ravi Kumar")).toBeDefined();
});
