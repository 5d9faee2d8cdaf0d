import fc from "fast-check";
import { expect, test } from "vitest";
import { answerPayloads, commandPayloads, type HostRequestType } from "./host.ts";
import { MESSAGE_LIMITS, parseAnswer, parseCommand, parseConnect, parseFailed, readMessage } from "./parse.ts";

const message = (payload: unknown, type = "dial") => ({ softphone: 1, id: "m1", type, payload });
const refused = (data: unknown) => {
  const read = readMessage(data);
  return read.ok ? null : [read.code, read.field, read.ours, read.id];
};

test("[H80] a message is read into a copy that shares nothing with what came in", () => {
  const record = { type: "Lead", id: "7", name: "Ravi" };
  const data = message({ number: "1", record, list: [1, null, true] });
  const read = readMessage(data);
  expect(read).toEqual({ ok: true, message: data });
  record.name = "changed";
  expect(read).toMatchObject({ message: { payload: { record: { name: "Ravi" } } } });
});

test("[H81] what is not marked is not ours", () => {
  for (const data of [undefined, null, 7, "softphone", "{}", Symbol("x"), () => {}, [], {}, new Map(), Object.create({ softphone: 1 })]) {
    expect(refused(data)).toEqual(["malformed", null, false, null]);
  }
});

test("[H82] another version is told so, whatever else is in it", () => {
  for (const softphone of [2, 0, "1", null, undefined, NaN, {}]) {
    expect(refused({ ...message({}), softphone, more: () => {} })).toEqual(["unsupported-version", "softphone", true, "m1"]);
  }
});

test("[H83] an id is text of 1 to 100 characters, a type of 1 to 60", () => {
  for (const id of ["", "x".repeat(101), 7, null, undefined, {}]) {
    expect(refused({ ...message({}), id })).toEqual(["malformed", "id", true, null]);
  }
  for (const type of ["", "x".repeat(61), 7, null, undefined, {}]) {
    expect(refused({ ...message({}), type })).toEqual(["malformed", "type", true, "m1"]);
  }
});

test("[H84] too large: characters, values, a sparse array", () => {
  const large = [
    "x".repeat(MESSAGE_LIMITS.characters + 1),
    Array.from({ length: 100 }, () => "x".repeat(1_000)),
    { ["k".repeat(MESSAGE_LIMITS.characters)]: 1, more: 1 },
    Array.from({ length: MESSAGE_LIMITS.values }, () => 0),
    // eslint-disable-next-line unicorn/no-new-array -- length only, nothing in it
    new Array(4_000_000_000),
    Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])),
  ];
  for (const payload of large) expect(refused(message(payload))?.slice(0, 1)).toEqual(["too-large"]);
});

test("[H85] cycles, depth, functions, clonable objects that are no plain data: malformed", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`) as unknown;
  for (const payload of [
    cycle,
    deep,
    () => {},
    Symbol("x"),
    1n,
    new Map(),
    new Set(),
    new Date(),
    new ArrayBuffer(8),
    /x/,
    new Error("x"),
  ]) {
    expect(refused(message(payload))).toEqual(["malformed", null, true, "m1"]);
  }
});

test("[H86] keys that could reach a prototype are malformed, and reach none", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  for (const key of ["__proto__", "constructor", "prototype"]) {
    const payload = JSON.parse(`{"number":"1","${key}":{"polluted":true}}`) as unknown;
    expect(refused(message(payload))).toEqual(["malformed", null, true, "m1"]);
    expect(refused(message({ number: "1", record: payload }))).toEqual(["malformed", null, true, "m1"]);
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("[H87] getters and proxies that throw do not get out", () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const throwing = new Proxy({}, { get: boom, has: boom, ownKeys: boom, getOwnPropertyDescriptor: boom, getPrototypeOf: boom });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const getter = Object.defineProperty({}, "number", { get: boom, enumerable: true });
  const tagged = Object.defineProperty({}, Symbol.toStringTag, { get: boom });
  for (const hostile of [throwing, revoked]) expect(refused(hostile)).toEqual(["malformed", null, false, null]);
  for (const hostile of [throwing, revoked, getter, tagged]) expect(refused(message(hostile))).toEqual(["malformed", null, true, "m1"]);
  expect(refused(Object.defineProperty(message({}), "softphone", { get: boom }))).toEqual(["malformed", null, true, "m1"]);
});

test("[H88] a value that changes between two looks is looked at once", () => {
  let looks = 0;
  const payload = {
    get number() {
      looks += 1;
      return looks === 1 ? "+918000000001" : 666;
    },
  };
  const read = readMessage(message(payload));
  expect(read.ok && parseCommand(read.message)).toEqual({ ok: true, value: { type: "dial", payload: { number: "+918000000001" } } });
  expect(looks).toBe(1);
});

test("[H89] a type is a command only if it is one of ours", () => {
  for (const type of ["constructor", "toString", "__proto__", "hasOwnProperty", "Dial", "hello"]) {
    expect(parseCommand({ softphone: 1, id: "m1", type, payload: {} })).toEqual({ ok: false, code: "unknown-type", field: "type" });
  }
});

test("[H90] 5,000 arbitrary values: no parser throws, and what is accepted has the shape it claims", { timeout: 60_000 }, () => {
  const payload = fc.anything({ withNullPrototype: true, withMap: true, withSet: true, withDate: true, withBigInt: true, maxDepth: 4 });
  const type = fc.oneof(fc.constantFrom(...Object.keys(commandPayloads)), fc.string());
  const requestType = fc.constantFrom(...(Object.keys(answerPayloads) as HostRequestType[]));
  fc.assert(
    fc.property(payload, type, requestType, (any, name, request) => {
      readMessage(any);
      const read = readMessage({ softphone: 1, id: "m1", type: name, payload: any });
      parseAnswer(request, any);
      parseFailed(any);
      const command = read.ok ? parseCommand(read.message) : null;
      if (read.ok) parseConnect(read.message);
      expect(command?.ok ? Object.keys(commandPayloads) : [name]).toContain(command?.ok ? command.value.type : name);
    }),
    { numRuns: 5_000 },
  );
});
