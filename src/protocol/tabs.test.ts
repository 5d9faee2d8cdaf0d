import fc from "fast-check";
import { expect, test } from "vitest";
import { type TabMessage, TABS_VERSION, readTabCommand, readTabMessage, tabCommands, tabEnvelope } from "./tabs.ts";

const read = (message: TabMessage): unknown => readTabMessage(structuredClone(tabEnvelope(message)));

test("[M70] what one tab says another one reads", () => {
  const messages: TabMessage[] = [
    { type: "leads", leader: "a" },
    { type: "hello" },
    { type: "state", leader: "a", sequence: 1, full: false, view: { unsaved: 2, call: null }, told: [{ type: "signed-out" }] },
    { type: "command", id: "1", until: 5, name: "setMuted", args: { muted: true } },
    { type: "heard", id: "1" },
    { type: "answer", id: "1", ok: true, value: false },
    { type: "answer", id: "1", ok: true },
    { type: "answer", id: "1", ok: false, code: "no-call" },
    { type: "leaving", tab: "t", reload: true, at: 1 },
    { type: "back", tab: "t", ask: "2" },
    { type: "take-over-asked", ask: "3" },
  ];
  for (const message of messages) expect(read(message)).toEqual({ kind: "message", message });
});

test("[M71] another version is known by two fields that never change, and nothing more is read", () => {
  expect(readTabMessage({ softphoneTabs: TABS_VERSION + 1, type: "state", anything: 1 })).toEqual({ kind: "other-version", type: "state" });
  expect(readTabMessage({ softphoneTabs: TABS_VERSION + 1 })).toBeNull();
});

test("[M72] what is not a message of a phone is nothing", () => {
  for (const value of [null, undefined, 1, "x", {}, [], { type: "hello" }, { softphoneTabs: "1", type: "hello" }]) {
    expect(readTabMessage(value)).toBeNull();
  }
  for (const type of ["toString", "__proto__", "constructor", "else"])
    expect(readTabMessage({ softphoneTabs: TABS_VERSION, type })).toBeNull();
  const broken = {
    softphoneTabs: TABS_VERSION,
    type: "state",
    leader: "a",
    sequence: 1,
    full: true,
    told: [],
    view: { line: { state: "odd" } },
  };
  expect(readTabMessage(broken)).toBeNull();
});

test("[M73] a command is read with its arguments, or it is none", () => {
  expect(readTabCommand("setMuted", { muted: true })).toEqual({ name: "setMuted", args: { muted: true } });
  expect(readTabCommand("write", { callId: "c", change: { notes: "x" } })).toEqual({
    name: "write",
    args: { callId: "c", change: { notes: "x" } },
  });
  for (const [name, args] of [
    ["setMuted", {}],
    ["setMuted", null],
    ["toString", {}],
    ["write", { callId: "c", change: { notes: 1 } }],
    ["setPreferences", { change: { ringVolume: 7 } }],
  ] as const) {
    expect(readTabCommand(name, args)).toBeNull();
  }
});

test("[M74] nothing that comes in throws", () => {
  const anything = fc.anything({ maxDepth: 3 });
  const type = fc.oneof(fc.constantFrom("state", "command", "answer", "leaving"), fc.string());
  fc.assert(
    fc.property(anything, type, fc.constantFrom(...Object.keys(tabCommands)), (value, name, command) => {
      readTabMessage(value);
      const extra = typeof value === "object" && value !== null ? value : {};
      readTabMessage({ ...extra, softphoneTabs: TABS_VERSION, type: name });
      const found = readTabCommand(command, value);
      expect(found === null || found.name === command).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
