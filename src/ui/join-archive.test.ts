import { expect, it } from "vitest";
import type { HistoryEntry } from "../core/view.ts";
import type { CallSummary } from "../protocol/gateway-calls.ts";
import { joinArchive } from "./join-archive.ts";
import { entryOfSummary } from "./shown-entry.ts";

const call = (callId: string, exotelCallSid: string | null, change: Partial<CallSummary> = {}): CallSummary => ({
  callId,
  exotelCallSid,
  direction: "incoming",
  number: "+919845000012",
  name: "Ravi Kumar",
  state: "over",
  outcome: null,
  createdAt: 0,
  answeredAt: null,
  endedAt: null,
  talkSeconds: 0,
  digits: "",
  hasRecording: false,
  notes: "",
  fields: {},
  isDelivered: false,
  ...change,
});
const here = (callId: string, exotelCallSid: string | null, change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...entryOfSummary(call(callId, exotelCallSid)),
  delivered: false,
  ...change,
});
/** Ids of the rows, and of what was left. */
const joined = (unsaved: readonly HistoryEntry[], calls: readonly CallSummary[]) => {
  const { archived, rest } = joinArchive(unsaved, calls);
  return [archived.map((row) => `${row.callId} of ${row.archived?.callId}`), rest.map(({ callId }) => callId)];
};

it("[U127] the same id, or the same id at Exotel, is one call, however many others there are", () => {
  expect(joined([here("a", "s1"), here("b", null), here("c", "s3")], [call("x", "s3"), call("y", null), call("a", "s9")])).toEqual([
    ["c of x", "y of y", "a of a"],
    ["b"],
  ]);
});

it("[U127] calls without an id of Exotel's are not the same", () => {
  expect(joined([here("a", null)], [call("x", null)])).toEqual([["x of x"], ["a"]]);
});

it("[U127] a call that rang here twice is joined once, and nothing of it is hidden", () => {
  expect(joined([here("newer", "s1"), here("older", "s1")], [call("x", "s1")])).toEqual([["newer of x"], ["older"]]);
});

it("[U127] the gateway's name stands in where this device knows none", () => {
  const names = (remoteName: string | null) => joinArchive([here("a", "s1", { remoteName })], [call("x", "s1")]).archived[0]?.remoteName;
  expect([names(null), names("Meera Iyer")]).toEqual(["Ravi Kumar", "Meera Iyer"]);
});
