import fc from "fast-check";
import { expect, test } from "vitest";
import { commandPayloads } from "../../protocol/host.ts";
import { someLog } from "../contract.ts";
import { createStage, CRM, type Stage } from "./fake-stage.ts";
import type { FakePort } from "./fake-port.ts";

/**
 * What the boundary promises about a message that is not one: no exception, nothing carried out, nothing changed; refused
 * once where it came from the right place, silence everywhere else.
 */
interface Scene extends Stage {
  readonly port: FakePort;
  /** Commands that reached the phone: must stay 0. */
  readonly carriedOut: () => number;
  /** Whether the phone's own open question was settled by somebody. */
  readonly settled: () => boolean;
}

function createScene(): Scene {
  // The phone's own question stays open however long the test's clock runs.
  const stage = createStage(Number.POSITIVE_INFINITY);
  let carriedOut = 0;
  let settled = false;
  stage.host.onCommand(async () => {
    carriedOut += 1;
    return { ok: true };
  });
  const port = stage.connect();
  void stage.host.saveCallLog(someLog).finally(() => (settled = true));
  return { ...stage, port, carriedOut: () => carriedOut, settled: () => settled };
}

const ROUTES = ["port", "window", "wrong-origin", "wrong-source"] as const;
type Route = (typeof ROUTES)[number];

/** What came back, and whether anything was done: nothing else may ever happen. */
function outcome({ world, port, clock, carriedOut }: Scene, data: unknown, route: Route): object {
  const before = [port.heard.length, world.parent.heard.length] as const;
  // A hundred a second, so that no message is refused for being one too many.
  clock.wind(10);
  if (route === "port") port.say(data);
  else if (route === "window") world.deliver({ data, origin: CRM });
  else if (route === "wrong-origin") world.deliver({ data, origin: "https://evil.example" });
  else world.deliver({ data, origin: CRM, source: { postMessage: () => {} } });
  return {
    onPort: port.heard.slice(before[0]).map(({ type }) => type),
    onWindow: world.parent.heard.slice(before[1]).map(({ message, targetOrigin }) => [(message as { type: string }).type, targetOrigin]),
    carriedOut: carriedOut(),
    portClosed: port.closed,
  };
}

function promised(data: unknown, route: Route): object {
  return {
    onPort: route === "port" ? ["refused"] : [],
    onWindow: route === "window" && isMarked(data) ? [["refused", CRM]] : [],
    carriedOut: 0,
    portClosed: false,
  };
}

function isMarked(data: unknown): boolean {
  try {
    return typeof data === "object" && data !== null && Object.hasOwn(data, "softphone");
  } catch {
    return false;
  }
}

/** After everything: what the phone is like, and whether the page can still use it. */
async function aftermath({ host, port, clock, carriedOut, settled }: Scene): Promise<object> {
  await new Promise((resolve) => setImmediate(resolve));
  const before = { carriedOut: carriedOut(), settled: settled(), capabilities: Object.values(host.capabilities()) };
  clock.wind(1_000);
  port.say({ softphone: 1, id: "good", type: "answer", payload: {} });
  await new Promise((resolve) => setImmediate(resolve));
  return { ...before, last: port.heard.at(-1)?.type, polluted: "polluted" in {} };
}
const UNTOUCHED = { carriedOut: 0, settled: false, capabilities: [true, true, true, true], last: "ack", polluted: false };

const boom = (): never => {
  throw new Error("boom");
};
const envelope = (payload: unknown, rest: object = {}) => ({ softphone: 1, id: "x1", type: "dial", payload, ...rest });

function makeCycle(): unknown {
  const cycle: Record<string, unknown> = envelope({});
  cycle["payload"] = cycle;
  return cycle;
}
function makeRevoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const BY_HAND: readonly (readonly [string, () => unknown])[] = [
  ["nothing", () => undefined],
  ["a string", () => '{"softphone":1,"id":"1","type":"answer"}'],
  ["an empty array", () => []],
  ["another version", () => envelope({ number: "1" }, { softphone: 2 })],
  ["a version as text", () => envelope({ number: "1" }, { softphone: "1" })],
  ["no id", () => envelope({ number: "1" }, { id: undefined })],
  ["a huge id", () => envelope({ number: "1" }, { id: "x".repeat(1_000_000) })],
  ["a huge type", () => envelope({}, { type: "x".repeat(1_000_000) })],
  ["ten megabytes", () => envelope({ number: "1".repeat(10_000_000) })],
  ["twenty thousand keys", () => envelope(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])))],
  ["a cycle", makeCycle],
  ["depth 100,000", () => envelope(JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`))],
  ["__proto__ as a key", () => envelope(JSON.parse('{"number":"1","__proto__":{"polluted":true}}'))],
  ["__proto__ in the envelope", () => JSON.parse('{"softphone":1,"id":"1","type":"answer","payload":{},"__proto__":{"polluted":1}}')],
  ["constructor as a key", () => envelope({ number: "1", constructor: { prototype: { polluted: true } } })],
  ["a type of Object.prototype", () => envelope({}, { type: "toString" })],
  ["a type that is __proto__", () => envelope({}, { type: "__proto__" })],
  ["a getter that throws", () => Object.defineProperty(envelope({}), "payload", { get: boom, enumerable: true })],
  ["a marker that throws", () => Object.defineProperty(envelope({}), "softphone", { get: boom, enumerable: true })],
  ["a proxy that throws", () => new Proxy({}, { get: boom, has: boom, ownKeys: boom, getOwnPropertyDescriptor: boom })],
  ["a revoked proxy", makeRevoked],
  ["a payload that is a proxy", () => envelope(new Proxy({}, { ownKeys: boom }))],
  ["toJSON and valueOf", () => envelope({ number: { toString: boom, valueOf: boom, toJSON: boom } })],
  ["digits outside the keypad", () => envelope({ digits: "1;2" }, { type: "dtmf" })],
  ["a command in another case", () => envelope({}, { type: "ANSWER" })],
  ["an event", () => envelope({}, { type: "call-changed" })],
  ["a request of the phone", () => envelope(someLog, { type: "save-call-log" })],
  ["connect without a port", () => envelope({ capabilities: [] }, { type: "connect" })],
];

test.each(BY_HAND)("[H91] %s: harmless by every route", { timeout: 60_000 }, async (_what, make) => {
  const scene = createScene();
  for (const route of ROUTES) {
    const data = make();
    expect(outcome(scene, data, route)).toEqual(promised(data, route));
  }
  expect(await aftermath(scene)).toEqual(UNTOUCHED);
});

const anything = fc.anything({ withNullPrototype: true, withMap: true, withSet: true, withDate: true, withBigInt: true, maxDepth: 3 });
/** Every payload carries a key that no schema knows, so none of these can be a real command by chance. */
const payload = fc.oneof(
  anything.filter((value) => value !== undefined && (typeof value !== "object" || value === null || Object.keys(value).length > 0)),
  fc.dictionary(fc.constantFrom("number", "record", "muted", "held", "digits", "__proto__", "constructor", "name"), anything).map((d) => ({
    ...d,
    "no such field": 1,
  })),
);
const version = fc.oneof({ weight: 6, arbitrary: fc.constant<unknown>(1) }, { weight: 1, arbitrary: anything });
const id = fc.oneof(
  { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 100 }) as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: anything },
);
const type = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(...Object.keys(commandPayloads), "connect", "hello", "ack", "refused", "signed-in") },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: anything },
);
const hostile = fc.oneof(
  { weight: 1, arbitrary: anything },
  { weight: 6, arbitrary: fc.record({ softphone: version, id, type, payload }) },
  {
    weight: 1,
    arbitrary: fc
      .record({ softphone: version, id, type, payload }, { requiredKeys: ["softphone"], noNullPrototype: false })
      .filter((m) => m.payload !== undefined),
  },
);

test("[H92] 10,000 generated messages: no exception, nothing carried out, each refused or dropped", { timeout: 60_000 }, async () => {
  const scene = createScene();
  fc.assert(
    fc.property(hostile, fc.constantFrom(...ROUTES), (data, route) => {
      expect(outcome(scene, data, route)).toEqual(promised(data, route));
    }),
    { numRuns: 10_000 },
  );
  expect(await aftermath(scene)).toEqual(UNTOUCHED);
});

test("[H93] answers to questions that were never asked change nothing and are dropped", { timeout: 60_000 }, () => {
  const scene = createScene();
  const answer = fc.record({ softphone: fc.constant(1), id: fc.uuid(), type: fc.constantFrom("reply", "failed"), payload: anything });
  // An answer whose payload cannot be read at all is refused like any other message.
  const either = [JSON.stringify([]), JSON.stringify(["refused"])];
  fc.assert(
    fc.property(answer, (data) => {
      const { onPort } = outcome(scene, data, "port") as { onPort: string[] };
      expect(either).toContain(JSON.stringify(onPort));
      expect(scene.settled()).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("[H94] a flood: every message over the limit is refused too-many, on the window as on the port", () => {
  const scene = createScene();
  scene.clock.wind(1_000);
  for (let i = 0; i < 300; i += 1) scene.port.say(envelope({ nonsense: i }));
  for (let i = 0; i < 50; i += 1) scene.world.deliver({ data: envelope({}), origin: CRM });
  expect(scene.port.ofType("refused").filter(({ payload: p }) => (p as { code: string }).code === "too-many")).toHaveLength(200);
  expect(scene.world.parent.heard.slice(-50).map(({ message }) => (message as { payload: object }).payload)).toEqual(
    Array.from({ length: 50 }, () => ({ code: "too-many", field: null })),
  );
  expect(scene.logged.filter((line) => line === "warn host-messages-too-many")).toHaveLength(1);
  expect(scene.logged.length).toBeLessThan(110);
});
