import { expect, it } from "vitest";
import type { HistoryEntry } from "../core/view.ts";
import { dayOf, filterHistory, groupByDay, isMissed } from "./filter-history.ts";

const NOW = new Date(2026, 10, 18, 14, 5).getTime();
const entry = (callId: string, change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  callId,
  direction: "incoming",
  remoteNumber: "+919845000012",
  remoteName: null,
  record: null,
  startedAt: NOW,
  answered: change.talkSeconds !== 0,
  talkSeconds: 60,
  endReason: "hung-up-there",
  sipCode: null,
  sipCallId: null,
  exotelCallSid: null,
  disposition: null,
  delivered: true,
  unseen: false,
  ...change,
});
const CALLS = [
  entry("a", { record: { type: "Lead", id: "1", name: "Ravi Kumar", detail: "Proposal sent" } }),
  entry("b", { endReason: "missed", talkSeconds: 0, remoteNumber: "+918047180000" }),
  entry("c", { direction: "outgoing", disposition: { fields: {}, notes: "Flat 12, ring twice", followUp: null } }),
  entry("d", { direction: "outgoing", endReason: "cancelled", talkSeconds: 0, startedAt: NOW - 86_400_000 }),
];
const found = (...[filter, search, isMasked = false]: [Parameters<typeof filterHistory>[1], string, boolean?]) =>
  filterHistory(CALLS, filter, search, isMasked).map((each) => each.callId);

it("[U60] filters tell missed, incoming and outgoing apart; a call given up by the agent is not missed", () => {
  expect(found("all", "")).toEqual(["a", "b", "c", "d"]);
  expect(found("missed", "")).toEqual(["b"]);
  expect(found("incoming", "")).toEqual(["a", "b"]);
  expect(found("outgoing", "")).toEqual(["c", "d"]);
});

it("[U60] a call whose line was lost is missed only where nobody had talked yet", () => {
  expect(isMissed(entry("e", { endReason: "connection-lost", talkSeconds: 0 }))).toBe(true);
  expect(isMissed(entry("f", { endReason: "connection-lost", talkSeconds: 12 }))).toBe(false);
  expect(isMissed(entry("g", { endReason: "connection-lost", talkSeconds: 0, answered: true }))).toBe(false);
});

it("[U60] search finds names, records and notes in any case, and numbers in any spelling", () => {
  expect(found("all", "ravi")).toEqual(["a"]);
  expect(found("all", "PROPOSAL")).toEqual(["a"]);
  expect(found("all", "flat 12")).toEqual(["c"]);
  expect(found("all", "080 4718")).toEqual(["b"]);
  expect(found("outgoing", "98450-00012")).toEqual(["c", "d"]);
});

it("[U13] a masked number cannot be found out by searching for its digits", () => {
  expect(found("all", "98450", true)).toEqual([]);
});

it("[U61] days are called by their name, and calls keep their order in them", () => {
  expect(groupByDay(CALLS, NOW).map(([day, calls]) => [day, calls.length])).toEqual([
    ["Today", 3],
    ["Yesterday", 1],
  ]);
  expect(dayOf(new Date(2026, 10, 16).getTime(), NOW)).toBe("Mon 16 Nov");
  expect(dayOf(new Date(2025, 11, 31).getTime(), NOW)).toMatch(/2025$/);
});
