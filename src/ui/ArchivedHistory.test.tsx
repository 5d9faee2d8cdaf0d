// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PhoneError } from "../core/errors.ts";
import type { CallQuery, Recording } from "../core/ports.ts";
import type { HistoryEntry } from "../core/view.ts";
import type { CallSummary, HistoryPage } from "../protocol/gateway-calls.ts";
import { entryOfSummary } from "./shown-entry.ts";
import { callSummary } from "./stories/call-summary.ts";
import { FakePhone } from "./stories/fake-phone.ts";
import { show, type Shown } from "./stories/show.tsx";
import { ARCHIVE, ERRORS, RECORDING } from "./strings.ts";

const summary = (callId: string, change: Partial<CallSummary>): CallSummary => callSummary(callId, { createdAt: Date.now(), ...change });

const historyEntry = (change: Partial<HistoryEntry>): HistoryEntry => ({ ...entryOfSummary(summary("x", {})), ...change });

let phone: FakePhone;
let screen: Shown;
let asked: CallQuery[];
/** Calls whose recording was asked for. */
let heard: string[];
let page: HistoryPage | PhoneError;
let recording: Recording | PhoneError;
const changes = signal(0);
const text = (): string => screen.root.textContent ?? "";
const says = (words: string) => vi.waitUntil(() => text().includes(words));

beforeEach(async () => {
  asked = [];
  heard = [];
  page = { calls: [summary("a", { name: "Ravi Kumar", notes: "Send the quote", isDelivered: false })], next: "17.a" };
  recording = { kind: "none" };
  phone = new FakePhone({ gateway: { url: "/api", signIn: true } });
  phone.archive = {
    changes,
    findCalls: async (query) => {
      asked.push(query);
      if (page instanceof PhoneError) throw page;
      return page;
    },
    recording: async (callId) => {
      heard.push(callId);
      if (recording instanceof PhoneError) throw recording;
      return recording;
    },
  };
  phone.panel.value = "calls";
  screen = show(phone);
  await says("Ravi Kumar");
});
afterEach(() => screen.close());

it("[U120] the gateway's calls are shown page by page, with what was written and where the log is", async () => {
  page = { calls: [summary("b", { name: "Meera Iyer" })], next: null };
  await screen.click(ARCHIVE.older);
  await says("Meera Iyer");
  expect(text()).toContain("Ravi Kumar");
  expect(asked.at(-1)).toMatchObject({ cursor: "17.a" });
  expect(text()).not.toContain(ARCHIVE.older);
  screen.root.querySelector<HTMLElement>(".row-main")?.click();
  await says("Send the quote");
  expect(text()).toContain(ARCHIVE.waiting);
});

it("[U121] words, which calls and days become the question", async () => {
  await screen.type("Search calls", "98450");
  await screen.click("Missed");
  await screen.type("From", "2026-11-02");
  await screen.type("Until", "2026-11-02");
  const from = new Date(2026, 10, 2).getTime();
  const to = new Date(2026, 10, 3).getTime();
  await vi.waitUntil(() => asked.at(-1)?.to !== undefined);
  expect(asked.at(-1)).toEqual({ search: "98450", direction: "incoming", missed: true, from, to });
});

it("[U121] what the gateway calls busy, failed or nothing at all is missed here too, and a call that is still up is not", async () => {
  const outcomes = ["no-answer", "canceled", "busy", "failed", "voicemail", null];
  const missed = outcomes.map((outcome) => summary(outcome ?? "unknown", { outcome, talkSeconds: 0 }));
  page = {
    calls: [
      ...missed,
      summary("short", { talkSeconds: 0, answeredAt: 1 }),
      summary("up", { outcome: null, talkSeconds: 0, state: "ringing" }),
      summary("out", { direction: "outgoing", outcome: "no-answer", talkSeconds: 0, name: "Anil Gupta" }),
    ],
    next: null,
  };
  changes.value += 1;
  await says("Anil Gupta");
  const isMissed = [...screen.root.querySelectorAll(".row")].map((row) => row.classList.contains("row-missed"));
  expect(isMissed).toEqual([...outcomes.map(() => true), false, false, false]);
});

it("[U121] what the gateway has not got yet is looked through in the same way", async () => {
  phone.history.value = [historyEntry({ callId: "new", remoteName: "Meera Iyer", delivered: false })];
  await says("Meera Iyer");
  await screen.click("Missed");
  expect(text()).not.toContain("Meera Iyer");
});

it("[U125] an outcome is chosen from those of this deployment, and becomes the question with its field", async () => {
  const select = screen.input("Outcome");
  expect([...select.querySelectorAll("option")].map((option) => option.textContent).slice(0, 2)).toEqual([
    ARCHIVE.anyDisposition,
    "Interested",
  ]);
  const choose = (value: string) =>
    screen.after(() => {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
  await choose("outcome:interested");
  await vi.waitUntil(() => asked.at(-1)?.disposition !== undefined);
  expect(asked.at(-1)).toEqual({ disposition: "interested", dispositionField: "outcome" });
  await choose("");
  await vi.waitUntil(() => asked.at(-1)?.disposition === undefined);
});

it("[U125] of a call that the gateway has not got yet the outcome counts as well, and so does the day", async () => {
  const written = { fields: { outcome: "interested" }, notes: "", followUp: null };
  phone.history.value = [
    historyEntry({ callId: "new", remoteName: "Meera Iyer", delivered: false, disposition: written }),
    historyEntry({ callId: "newer", remoteName: "Anil Gupta", delivered: false }),
  ];
  await says("Anil Gupta");
  await screen.after(() => {
    screen.input("Outcome").value = "outcome:interested";
    screen.input("Outcome").dispatchEvent(new Event("change", { bubbles: true }));
  });
  expect(text()).toContain("Meera Iyer");
  expect(text()).not.toContain("Anil Gupta");
  await screen.type("Until", "2020-01-01");
  expect(text()).not.toContain("Meera Iyer");
});

it("[U125] with several fields each has its outcomes under its name, and with none there is nothing to choose", async () => {
  const options = [{ value: "a:b", label: "A" }];
  const field = { id: "one", label: "One", kind: "list", required: false, options } as const;
  const outcomesWith = async (fields: (typeof phone.config)["wrapUp"]["fields"]) => {
    screen.close();
    const again = new FakePhone({ wrapUp: { ...phone.config.wrapUp, fields } });
    again.archive = phone.archive;
    again.panel.value = "calls";
    screen = show(again);
    await says("Ravi Kumar");
    return [...screen.root.querySelectorAll(".history-disposition optgroup")].map((group) => group.getAttribute("label"));
  };
  expect(await outcomesWith([{ ...field }, { ...field, id: "two", label: "Two" }])).toEqual(["One", "Two"]);
  await screen.after(() => {
    screen.input(ARCHIVE.disposition).value = "two:a:b";
    screen.input(ARCHIVE.disposition).dispatchEvent(new Event("change", { bubbles: true }));
  });
  await vi.waitUntil(() => asked.at(-1)?.disposition !== undefined);
  expect(asked.at(-1)).toEqual({ disposition: "a:b", dispositionField: "two" });
  expect(await outcomesWith([])).toEqual([]);
  expect(screen.root.querySelector(".history-disposition")).toBeNull();
});

it("[U126] a call that the gateway knows from the exchange alone, under its own id, is one row until its log is saved", async () => {
  page = {
    calls: [summary("theirs", { exotelCallSid: "sid-1", hasRecording: true, outcome: null }), summary("b", { name: "Anil Gupta" })],
    next: null,
  };
  const written = { fields: { outcome: "callback" }, notes: "Ring on Friday", followUp: null };
  phone.history.value = [
    historyEntry({ callId: "ours", exotelCallSid: "sid-1", remoteName: "Meera Iyer", delivered: false, disposition: written }),
  ];
  changes.value += 1;
  await says("Anil Gupta");
  expect(screen.root.querySelectorAll(".row")).toHaveLength(2);
  const row = screen.root.querySelector<HTMLElement>(".row");
  expect(row?.textContent).toMatch(/Meera Iyer.*Not saved yet/);
  await screen.after(() => row?.querySelector<HTMLElement>(".row-main")?.click());
  for (const words of ["Ring on Friday", "Call back", "They hung up", "Not saved yet, kept here"]) expect(text()).toContain(words);
  recording = { kind: "here", url: "/api/recordings/theirs" };
  await screen.click(RECORDING.play);
  expect(heard).toEqual(["theirs"]);
});

it("[U122] a change is looked up by itself; where nobody answers it says so and can be tried again", async () => {
  page = new PhoneError("gateway-silent");
  changes.value += 1;
  await says(ERRORS["gateway-silent"]);
  page = { calls: [summary("c", { name: "Anil Gupta" })], next: null };
  await screen.click(ARCHIVE.retry);
  await says("Anil Gupta");
  expect(text()).not.toContain(ERRORS["gateway-silent"]);
});

it("[U123] a recording plays, comes later, or is none; what goes wrong is said and can be tried again", async () => {
  screen.root.querySelector<HTMLElement>(".row-main")?.click();
  await says(RECORDING.play);
  recording = new PhoneError("gateway-silent");
  await screen.click(RECORDING.play);
  await says(ERRORS["gateway-silent"]);
  recording = { kind: "later", seconds: 0.01 };
  await screen.click(RECORDING.play);
  await says(RECORDING.later);
  recording = { kind: "here", url: "/api/recordings/a" };
  await vi.waitUntil(() => screen.root.querySelector("audio") !== null);
  expect(screen.root.querySelector("audio")?.getAttribute("src")).toBe("/api/recordings/a");
});
