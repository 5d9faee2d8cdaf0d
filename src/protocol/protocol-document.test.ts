import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CallLog, CallSnapshot, CrmRecord, Disposition, FollowUp } from "./call.ts";
import { CALL_PHASES, DIRECTIONS, END_REASONS } from "./call.ts";
import {
  answerPayloads,
  commandPayloads,
  connectPayload,
  failedPayload,
  FAILURE_CODES,
  REFUSAL_CODES,
  type CommandType,
  type HostEvent,
  type HostEventType,
  type HostRequests,
  type HostRequestType,
  type LineSnapshot,
  type PhoneSnapshot,
} from "./host.ts";
import { MESSAGE_LIMITS, parseAnswer, parseCommand, parseConnect, readMessage } from "./parse.ts";

/** The keys of a type as a value: the compiler refuses a missing one and one too many. */
type Keys<T> = Record<keyof T, true>;
type Told<T extends HostEventType> = Omit<Extract<HostEvent, { type: T }>, "type">;

const EVENTS: { [T in HostEventType]: Keys<Told<T>> } = {
  ready: { capabilities: true },
  "signed-in": { agent: true },
  "signed-out": {},
  "line-changed": { line: true },
  "call-changed": { call: true },
  "call-missed": { call: true },
  "transfer-failed": { callId: true },
  "disposition-saved": { log: true },
  "resize-wanted": { width: true, height: true, why: true },
};
const CALL_LOG: Keys<CallLog> = { logId: true, call: true, talkSeconds: true, disposition: true };
const ASKS: { [T in HostRequestType]: Keys<HostRequests[T]["ask"]> } = {
  "match-number": { number: true },
  "pop-record": { record: true, number: true, call: true },
  "save-call-log": CALL_LOG,
  "place-call": { number: true, callId: true, record: true },
};
const CALL_SNAPSHOT: Keys<CallSnapshot> = {
  callId: true,
  direction: true,
  phase: true,
  remoteNumber: true,
  remoteName: true,
  localNumber: true,
  sipCallId: true,
  exotelCallSid: true,
  exotelLegSid: true,
  startedAt: true,
  answeredAt: true,
  endedAt: true,
  muted: true,
  heldHere: true,
  heldThere: true,
  endReason: true,
  sipCode: true,
  record: true,
};
const DATA = {
  CrmRecord: { type: true, id: true, name: true, detail: true } satisfies Keys<CrmRecord>,
  CallSnapshot: CALL_SNAPSHOT,
  CallLog: CALL_LOG,
  Disposition: { fields: true, notes: true, followUp: true } satisfies Keys<Disposition>,
  FollowUp: { dueAt: true, text: true } satisfies Keys<FollowUp>,
  LineSnapshot: { state: true, reason: true, nextTryAt: true, missing: true } satisfies Keys<LineSnapshot>,
  PhoneSnapshot: { line: true, agent: true, call: true, otherCall: true, unsavedCalls: true, sequence: true } satisfies Keys<PhoneSnapshot>,
};

const DOCUMENT = readFileSync("docs/protocol.md", "utf8");
const chapters = parts(DOCUMENT, "## ");
const chapter = (name: string): string => chapters.get(name) ?? "";
const sections = (name: string) => parts(chapter(name), "### ");

/** Title to text, for each heading of one level. */
function parts(text: string, mark: string): Map<string, string> {
  const [, ...found] = `\n${text}`.split(`\n${mark}`);
  return new Map(found.map((part) => [part.slice(0, part.indexOf("\n")).replaceAll("`", ""), part.slice(part.indexOf("\n"))]));
}
/** Names in the first column of every table. */
function rows(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = ""]) => name);
}
function example(text: string): Record<string, unknown> {
  const [, json = "null"] = /```json\n(.*?)```/s.exec(text) ?? [];
  return JSON.parse(json) as Record<string, unknown>;
}
/** Fields of an object schema, also inside `optional`. */
function fieldsOf(schema: unknown): { name: string; optional: boolean }[] {
  const { entries, wrapped } = schema as { entries?: Record<string, { type: string }>; wrapped?: unknown };
  if (entries === undefined) return wrapped === undefined ? [] : fieldsOf(wrapped);
  return Object.entries(entries).map(([name, { type }]) => ({ name, optional: type === "optional" }));
}
const names = (keys: object): string[] => Object.keys(keys).toSorted();

test("[H100] every command is documented, and nothing else", () => {
  expect([...sections("Commands").keys()].toSorted()).toEqual(names(commandPayloads));
});

test.each(Object.keys(commandPayloads) as CommandType[])(
  "[H101] %s: its fields, which of them are required, an example that is accepted",
  (type) => {
    const text = sections("Commands").get(type) ?? "";
    const fields = fieldsOf(commandPayloads[type]);
    expect(rows(text).toSorted()).toEqual(fields.map(({ name }) => name).toSorted());
    for (const { name, optional } of fields) {
      expect(text).toMatch(new RegExp(`^\\| \`${name}\` \\| [^|]+ \\| ${optional ? "optional" : "required"} \\|`, "m"));
    }
    const read = readMessage(example(text));
    expect(read.ok && parseCommand(read.message)).toMatchObject({ ok: true, value: { type } });
  },
);

test("[H102] every event is documented with its fields, and each example has exactly them", () => {
  const documented = sections("Events");
  expect([...documented.keys()].toSorted()).toEqual(names(EVENTS));
  for (const [type, fields] of Object.entries(EVENTS)) {
    const text = documented.get(type) ?? "";
    expect([type, rows(text).toSorted()]).toEqual([type, names(fields)]);
    const message = example(text);
    expect(message).toMatchObject({ softphone: 1, type, sequence: expect.any(Number) });
    expect(names(message["payload"] as object)).toEqual(names(fields));
    expect(JSON.stringify(message)).not.toContain("undefined");
  }
});

test("[H103] the calls in the examples have every field of a call", () => {
  const calls = [...DOCUMENT.matchAll(/"call": (\{ "callId".*?"record": (?:null|\{[^}]*\}) \})/g)].map(([, json = ""]) => JSON.parse(json));
  expect(calls).toHaveLength(3);
  for (const call of calls) expect(names(call)).toEqual(names(CALL_SNAPSHOT));
});

test("[H104] every request is documented with what it asks, what it expects, and an answer that is accepted", () => {
  const documented = sections("Requests");
  expect([...documented.keys()].toSorted()).toEqual(names(answerPayloads));
  for (const type of Object.keys(answerPayloads) as HostRequestType[]) {
    const [asks = "", answer = ""] = (documented.get(type) ?? "").split("**Answer**");
    const asked = asks.includes("a [CallLog]") ? names(CALL_LOG) : rows(asks).toSorted();
    expect([type, asked]).toEqual([type, names(ASKS[type])]);
    expect([type, rows(answer)]).toEqual([type, fieldsOf(answerPayloads[type]).map(({ name }) => name)]);
    const read = readMessage(example(answer));
    expect(read.ok && parseAnswer(type, read.message.payload)).toMatchObject({ ok: true });
  }
});

test("[H105] every code is documented, and nothing else", () => {
  expect(rows(chapter("Refusals"))).toEqual([...REFUSAL_CODES]);
  expect(rows(chapter("Failures"))).toEqual([...FAILURE_CODES]);
});

test("[H106] the messages of the connection are documented with their fields", () => {
  const documented = sections("The connection");
  expect(Object.fromEntries([...documented].map(([type, text]) => [type, rows(text)]))).toEqual({
    hello: [],
    "who-is-there": [],
    connect: fieldsOf(connectPayload).map(({ name }) => name),
    ack: ["value"],
    refused: ["code", "field"],
    reply: [],
    failed: fieldsOf(failedPayload).map(({ name }) => name),
    ping: [],
    pong: [],
    disconnect: [],
    disconnected: ["reason"],
  });
  const read = readMessage(example(documented.get("connect") ?? ""));
  expect(read.ok && parseConnect(read.message)).toEqual({ ok: true, value: { capabilities: ["match-number", "save-call-log"] } });
});

test("[H107] every kind of data is documented with its fields", () => {
  const documented = sections("Data");
  expect(Object.fromEntries([...documented].map(([name, text]) => [name, rows(text).toSorted()]))).toEqual(
    Object.fromEntries(Object.entries(DATA).map(([name, keys]) => [name, names(keys)])),
  );
});

test("[H108] closed lists are given whole", () => {
  const listed = (text: string | undefined, field: string): string[] => {
    const [, cell = ""] = new RegExp(`^\\| \`${field}\` \\| ([^|]+) \\|`, "m").exec(text ?? "") ?? [];
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  };
  const call = sections("Data").get("CallSnapshot");
  expect([listed(call, "direction"), listed(call, "phase"), listed(call, "endReason")]).toEqual([
    [...DIRECTIONS],
    [...CALL_PHASES],
    [...END_REASONS],
  ]);
  expect(listed(sections("Commands").get("showPanel"), "panel")).toEqual(commandPayloads.showPanel.entries.panel.options);
});

test("[H109] the limits in the text are the limits in force", () => {
  const grouped = (value: number): string => value.toLocaleString("en");
  expect(chapter("Refusals")).toContain(
    `more than ${grouped(MESSAGE_LIMITS.characters)} characters or ${grouped(MESSAGE_LIMITS.values)} values`,
  );
  expect(chapter("Refusals")).toContain(`nested ${MESSAGE_LIMITS.depth} deep`);
});
