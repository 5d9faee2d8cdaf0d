import { expect, test } from "vitest";
import { PhoneError } from "../../core/errors.ts";
import type { CommandHandler } from "../../core/ports.ts";
import { hostContract, someCall, someLog } from "../contract.ts";
import type { FakePort } from "./fake-port.ts";
import { createStage, say } from "./fake-stage.ts";

hostContract("post-message", () => {
  const { host, connect } = createStage();
  return {
    host,
    command: () => {
      connect().say(say("dial", { number: " +918000000001 " }));
      return { type: "dial", payload: { number: "+918000000001" } };
    },
  };
});

/** Answers settle in microtasks; nothing here waits for time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const refusals = (port: FakePort) => port.ofType("refused").map(({ id, payload }) => [id, payload]);

test("[H60] a command is acknowledged under its id, with the handler's answer", async () => {
  const { host, connect } = createStage();
  host.onCommand(async () => ({ ok: true, value: { callId: "call-1" } }));
  const port = connect();
  port.say(say("dial", { number: "+918000000001" }, "d1"));
  await settle();
  expect(port.heard.at(-1)).toEqual({ softphone: 1, id: "d1", type: "ack", payload: { value: { callId: "call-1" } } });
});

const refusing: readonly (readonly [string, CommandHandler])[] = [
  ["no-call", async () => ({ ok: false, code: "no-call" })],
  ["not-ready", () => Promise.reject(new PhoneError("not-ready"))],
  ["internal", () => Promise.reject(new PhoneError("storage-full"))],
  ["internal", () => Promise.reject(new Error("a secret"))],
];
test.each(refusing)("[H61] what the handler refuses or throws becomes %s, without its text", async (code, handler) => {
  const { host, connect } = createStage();
  host.onCommand(handler);
  const port = connect();
  port.say(say("hangup", {}, "h1"));
  await settle();
  expect(port.heard.at(-1)).toEqual({ softphone: 1, id: "h1", type: "refused", payload: { code, field: null } });
});

test("[H62] a command without a payload is one with an empty payload; a wrong one names its field, never its value", async () => {
  const { host, connect } = createStage();
  host.onCommand(async () => ({ ok: true }));
  const port = connect();
  port.say({ softphone: 1, id: "a1", type: "answer" });
  port.say(say("signIn", { sipId: "asha", password: 1234, domain: "d", proxy: "p" }, "s1"));
  port.say(say("mute", { muted: true, hold: true }, "m1"));
  port.say(say("constructor", {}, "c1"));
  await settle();
  expect(port.ofType("ack").map(({ id }) => id)).toEqual(["page-connect", "a1"]);
  expect(refusals(port)).toEqual([
    ["s1", { code: "malformed", field: "payload.password" }],
    ["m1", { code: "malformed", field: "payload.hold" }],
    ["c1", { code: "unknown-type", field: "type" }],
  ]);
  expect(JSON.stringify(port.heard)).not.toContain("1234");
});

test("[H63] a hundred commands may wait for the handler, one more is refused", async () => {
  const { host, connect, clock } = createStage();
  const port = connect();
  for (let i = 0; i < 101; i += 1) {
    port.say(say("answer", {}, `a${i}`));
    clock.wind(20);
  }
  await settle();
  expect(refusals(port)).toEqual([["a100", { code: "not-ready", field: null }]]);
  host.onCommand(async () => ({ ok: true }));
  await settle();
  expect(port.ofType("ack")).toHaveLength(101);
});

test("[H64] events carry a number that grows by one; the newest hundred wait for the page", () => {
  const { host, connect } = createStage();
  for (let i = 0; i < 130; i += 1) host.tell({ type: "signed-out" });
  const port = connect();
  host.tell({ type: "call-changed", call: someCall });
  const numbers = port.heard.flatMap(({ sequence }) => (sequence === undefined ? [] : [sequence]));
  expect(numbers).toEqual(Array.from({ length: 101 }, (_, i) => 31 + i));
  expect(port.heard[0]).toMatchObject({ type: "ack", payload: { value: { sequence: 130 } } });
  expect(port.heard.at(-1)).toMatchObject({ type: "call-changed", sequence: 131, payload: { call: someCall } });
});

test("[H65] a snapshot carries the number of the newest event at the moment of asking", async () => {
  const { host, connect } = createStage();
  host.tell({ type: "signed-out" });
  const port = connect();
  host.onCommand(async () => {
    host.tell({ type: "signed-in", agent: "asha" });
    return { ok: true, value: { agent: "asha", sequence: 0 } };
  });
  port.say(say("getSnapshot", {}, "g1"));
  await settle();
  expect(port.heard.at(-1)).toMatchObject({ id: "g1", payload: { value: { agent: "asha", sequence: 1 } } });
});

test("[H66] requests are answered by reply, and by failed with a reason", async () => {
  const { host, connect } = createStage();
  const port = connect();
  const matched = host.matchNumber("+918000000001");
  const records = [{ type: "Lead", id: "7", name: "<img src=x onerror=alert(1)>", owner: "ignored" }];
  port.say(say("reply", { records }, port.heard.at(-1)?.id ?? ""));
  expect(await matched).toEqual([{ type: "Lead", id: "7", name: "<img src=x onerror=alert(1)>" }]);

  const fail = (code: string): void => port.say(say("failed", { code }, port.heard.at(-1)?.id ?? ""));
  const rejections: [Promise<unknown>, string][] = [];
  for (const [ask, code, expected] of [
    [() => host.placeCall("1", "c", null), "dial-failed", "dial-failed"],
    [() => host.placeCall("1", "c", null), "number-invalid", "number-invalid"],
    [() => host.placeCall("1", "c", null), "not-possible-now", "dial-failed"],
    [() => host.saveCallLog(someLog), "not-possible-now", "not-possible-now"],
    [() => host.popRecord(null, "1", someCall), "not-supported", "not-supported"],
  ] as const) {
    rejections.push([ask(), expected]);
    fail(code);
  }
  for (const [asked, code] of rejections) await expect(asked).rejects.toMatchObject({ name: "PhoneError", code });
});

test("[H67] an answer that does not fit is refused and the request fails; one to no question is dropped", async () => {
  const { host, connect } = createStage();
  const port = connect();
  const saved = host.saveCallLog(someLog);
  const id = port.heard.at(-1)?.id ?? "";
  port.say(say("reply", { stored: false }, "nobody-asked"));
  expect(refusals(port)).toEqual([]);
  port.say(say("reply", { stored: "yes" }, id));
  await expect(saved).rejects.toMatchObject({ code: "not-possible-now" });
  expect(refusals(port)).toEqual([[id, { code: "malformed", field: "payload.stored" }]]);
});

test("[H68] an odd call id does not turn a placed call into a failed one", async () => {
  const { host, connect } = createStage();
  const port = connect();
  for (const exotelCallSid of [null, 7, "", undefined]) {
    const placed = host.placeCall("+918000000001", "call-1", null);
    port.say(say("reply", { exotelCallSid }, port.heard.at(-1)?.id ?? ""));
    expect(await placed).toEqual({ exotelCallSid: null });
  }
});

test("[H69] a silent page: host-silent after the time, and no timer left", async () => {
  const { host, connect, clock } = createStage();
  connect();
  const saved = host.saveCallLog(someLog);
  clock.wind(10_000);
  await expect(saved).rejects.toMatchObject({ code: "host-silent" });
  expect(clock.timerCount).toBe(0);
});

test("[H70] what the page did not declare is not asked", async () => {
  const { host, connect } = createStage();
  const waiting = host.popRecord(null, "+918000000001", someCall);
  const port = connect(["match-number"]);
  await expect(waiting).rejects.toMatchObject({ code: "not-supported" });
  await expect(host.saveCallLog(someLog)).rejects.toMatchObject({ code: "not-supported" });
  expect(port.ofType("pop-record")).toEqual([]);
});

test("[H71] a call log asked for before or between two pages is asked again, under the same id; a call is not placed twice", async () => {
  const { host, connect } = createStage();
  await expect(host.placeCall("1", "call-0", null)).rejects.toMatchObject({ code: "host-silent" });
  const saved = host.saveCallLog(someLog);
  const first = connect();
  const asked = first.ofType("save-call-log")[0];
  expect(asked?.payload).toEqual(someLog);
  const placed = host.placeCall("+918000000001", "call-1", null);
  const second = connect();
  await expect(placed).rejects.toMatchObject({ code: "host-silent" });
  expect(second.ofType("place-call")).toEqual([]);
  expect(second.ofType("save-call-log")).toEqual([asked]);
  second.say(say("reply", { stored: true }, asked?.id ?? ""));
  await saved;
});

test("[H72] more than a hundred messages in a second are refused; answers that the phone waits for are not counted", async () => {
  const { host, connect, clock } = createStage();
  host.onCommand(async () => ({ ok: true }));
  const port = connect();
  const saved = host.saveCallLog(someLog);
  for (let i = 0; i < 120; i += 1) port.say(say("answer", {}, `a${i}`));
  port.say(say("reply", { stored: true }, port.ofType("save-call-log")[0]?.id ?? ""));
  await saved;
  await settle();
  // One of the hundred was the connect itself.
  expect(port.ofType("refused").map(({ id, payload }) => [id, payload])).toEqual(
    Array.from({ length: 21 }, (_, i) => [`a${99 + i}`, { code: "too-many", field: null }]),
  );
  clock.wind(1_000);
  port.say(say("answer", {}, "later"));
  await settle();
  expect(port.ofType("ack").at(-1)?.id).toBe("later");
});

test("[H73] a message that the browser could not read is refused, with no id to give", () => {
  const { connect } = createStage();
  const port = connect();
  port.sayGarbled();
  expect(refusals(port)).toEqual([[null, { code: "malformed", field: null }]]);
});

test("[H74] a ping is answered at once: before anybody carries out commands, and however much was said before", () => {
  const { clock, connect } = createStage();
  const port = connect();
  for (let i = 0; i < 200; i += 1) port.say(say("answer", {}, `a${i}`));
  port.say(say("ping", {}, "p1"));
  port.say({ softphone: 1, id: "p2", type: "ping" });
  expect(port.ofType("pong")).toEqual(["p1", "p2"].map((id) => ({ softphone: 1, id, type: "pong", payload: {} })));
  clock.wind(1_000);
  for (let i = 0; i < 500; i += 1) port.say(say("ping", {}, `p${i}`));
  const refused = port.ofType("refused").length;
  port.say(say("mute", { muted: true }, "m1"));
  expect(port.ofType("refused").slice(refused)).toEqual([]);
});
