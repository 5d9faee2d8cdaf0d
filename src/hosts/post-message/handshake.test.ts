import { expect, test } from "vitest";
import { FakePort } from "./fake-port.ts";
import { createStage, CRM, say } from "./fake-stage.ts";

const hello = { softphone: 1, id: "id-1", type: "hello", payload: {} };

test("[H50] hello goes to the parent, again and again under one id, until the page connects", () => {
  const { world, clock, connect } = createStage();
  expect(world.parent.heard).toEqual([{ message: hello, targetOrigin: "*" }]);
  clock.wind(20_000);
  expect(world.parent.heard.length).toBeGreaterThan(6);
  expect(world.parent.heard.length).toBeLessThan(12);
  expect(new Set(world.parent.heard.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  connect();
  const said = world.parent.heard.length;
  clock.wind(60_000);
  expect(world.parent.heard).toHaveLength(said);
});

test("[H51] connect is acknowledged on the port, and nothing but hello ever went to '*'", () => {
  const { world, host, connect } = createStage();
  let times = 0;
  host.onConnected(() => (times += 1));
  const port = connect();
  expect(port.started).toBe(true);
  expect(port.heard).toEqual([{ softphone: 1, id: "page-connect", type: "ack", payload: { value: { sequence: 0 } } }]);
  expect(times).toBe(1);
  expect(world.parent.heard.every(({ targetOrigin, message }) => targetOrigin !== "*" || (message as typeof hello).type === "hello")).toBe(
    true,
  );
});

test.each([
  ["another origin", { origin: "https://evil.example" }],
  ["another window of the right origin", { origin: CRM, source: {} }],
  ["no window at all", { origin: CRM, source: null }],
  ["a sandboxed frame", { origin: "null" }],
])("[H52] connect from %s is dropped in silence and its port stays untouched", (_who, event) => {
  const { world, host, connect } = createStage();
  const said = world.parent.heard.length;
  const port = new FakePort();
  world.deliver({ data: say("connect", { capabilities: ["place-call"] }), ports: [port], ...event });
  expect(port).toMatchObject({ started: false, closed: false, heard: [], listenerCount: 0 });
  expect(world.parent.heard).toHaveLength(said);
  expect(host.capabilities().canPlaceCalls).toBe(false);
  expect(connect().heard).toHaveLength(1);
});

test("[H53] an origin that is not allowed is logged once, for the administrator", () => {
  const { world, logged } = createStage();
  for (let i = 0; i < 5; i += 1) world.deliver({ data: say("connect"), origin: "https://evil.example" });
  expect(logged).toEqual(["warn host-origin-not-allowed"]);
});

test("[H54] who-is-there is answered with hello, to that page's origin", () => {
  const { world } = createStage();
  world.deliver({ data: say("who-is-there"), origin: CRM });
  expect(world.parent.heard.at(-1)).toEqual({ message: hello, targetOrigin: CRM });
});

test("[H55] what other scripts of the page post is left alone", () => {
  const { world } = createStage();
  const said = world.parent.heard.length;
  for (const data of ["resize", null, 7, { type: "connect" }, ["softphone"]]) world.deliver({ data, origin: CRM });
  expect(world.parent.heard).toHaveLength(said);
});

test.each([
  ["unknown-type", "type", say("dial", { number: "+918000000001" }), 1],
  ["unsupported-version", "softphone", { ...say("connect", { capabilities: [] }), softphone: 2 }, 1],
  ["malformed", "payload.capabilities", say("connect", {}), 1],
  ["malformed", "payload.capabilities.0", say("connect", { capabilities: [7] }), 1],
  ["malformed", "ports", say("connect", { capabilities: [] }), 0],
  ["malformed", "ports", say("connect", { capabilities: [] }), 2],
  ["malformed", "id", { ...say("connect", { capabilities: [] }), id: 7 }, 1],
])("[H56] on the window, %s (%s) is refused to the page's origin", (code, field, data, ports) => {
  const { world, host } = createStage();
  world.deliver({ data, origin: CRM, ports: Array.from({ length: ports }, () => new FakePort()) });
  const id = typeof data.id === "string" ? data.id : null;
  expect(world.parent.heard.at(-1)).toEqual({
    message: { softphone: 1, id, type: "refused", payload: { code, field } },
    targetOrigin: CRM,
  });
  expect(host.capabilities().canSaveCallLogs).toBe(false);
});

test("[H57] a second connect replaces the port and the capabilities, and the old port is closed", () => {
  const { host, connect } = createStage();
  const first = connect(["match-number"]);
  const second = connect(["save-call-log", "a-thing-of-version-2"]);
  expect(first).toMatchObject({ closed: true, listenerCount: 0 });
  host.tell({ type: "signed-out" });
  expect(first.ofType("signed-out")).toHaveLength(0);
  expect(second.ofType("signed-out")).toHaveLength(1);
  expect(host.capabilities()).toMatchObject({ canMatchNumbers: false, canSaveCallLogs: true });
});

test("[H58] after disconnect the phone says hello again, under its one id, and can be taken again", () => {
  const { world, host, connect } = createStage();
  const port = connect();
  port.say(say("disconnect"));
  expect(port).toMatchObject({ closed: true, listenerCount: 0 });
  expect(host.capabilities().canSaveCallLogs).toBe(false);
  expect(world.parent.heard.at(-1)).toEqual({ message: hello, targetOrigin: "*" });
  expect(connect().heard).toHaveLength(1);
});

test("[H58] a disconnect that arrives after the next page connected does not take the phone from it", () => {
  const { host, connect } = createStage();
  const first = connect();
  const second = connect();
  first.say(say("disconnect"));
  host.tell({ type: "signed-out" });
  expect([second.closed, second.ofType("signed-out").length]).toEqual([false, 1]);
});

test("[H59] dispose leaves no listener, no timer and an unused port", () => {
  const { world, host, clock, connect } = createStage();
  const port = connect();
  host.dispose();
  expect([world.listenerCount, port.listenerCount, clock.timerCount, port.closed]).toEqual([0, 0, 0, true]);
  const said = world.parent.heard.length;
  world.deliver({ data: say("who-is-there"), origin: CRM });
  expect(world.parent.heard).toHaveLength(said);
});
