import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ORPHAN_GRACE_MS } from "../../src/protocol/gateway.ts";
import { recordOf, STAGE, WEIGHT } from "../calls/call-record.ts";
import { importAgents } from "../fakes/people.ts";
import { TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

const LEGS = "https://cpaas-api.exotel.example";
let gateway: TestGateway;
let asked: { readonly url: string; readonly body: string }[] = [];
let status = 200;
let count = 0;
let call: string;

beforeAll(async () => {
  const answer: typeof fetch = (input, init) => {
    asked.push({ url: String(input), body: String(init?.body) });
    return Promise.resolve(new Response("{}", { status }));
  };
  const configuration = testConfiguration({ exotel: { ...TEST_CONFIG.exotel, legs: { exoml: LEGS } } });
  gateway = await createTestGateway({ configuration, fetch: answer });
  await importAgents(gateway);
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  asked = [];
  status = 200;
  call = `call-${(count += 1)}`;
  const exotelSid = `sid-${call}`;
  const record = recordOf(WEIGHT.request, {
    exotelSid,
    direction: "outgoing",
    customerNumber: "09052161119",
    createdAt: 1,
    stage: STAGE.queued,
  });
  await gateway.services.ledger.add({ source: "request", callId: call, exotelSid, record });
});

async function say(request: "orphaned" | "owned", body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await gateway.app.request(`/api/calls/${call}/${request}`, { method: "POST", body: text, headers });
  return [response.status, await response.json()] as const;
}
const left = (epoch: number) => ({ callId: call, exotelCallSid: `sid-${call}`, exotelLegSid: `leg-${call}`, epoch, at: 0 });
const owned = (epoch: number) => ({ callId: call, epoch });
const wait = (ms: number) => {
  gateway.clock.now += ms;
  return gateway.services.orphans.runOnce();
};

test("[G100] a call that nobody takes up is ended when the grace is over, by the leg that Exotel named, and once", async () => {
  expect(await say("orphaned", left(1))).toEqual([202, { state: "waiting" }]);
  expect(await wait(ORPHAN_GRACE_MS - 1)).toBe(0);
  expect(await wait(1)).toBe(1);
  expect(await wait(ORPHAN_GRACE_MS)).toBe(0);
  const exoml = '<?xml version="1.0" encoding="UTF-8"?><Flow><Hangup></Hangup></Flow>';
  expect(asked).toEqual([{ url: `${LEGS}/v2/accounts/sandbox1/legs/leg-${call}/actions`, body: JSON.stringify({ exoml }) }]);
  expect(await say("owned", owned(2))).toEqual([200, { state: "ended" }]);
});

test("[G101] a call that another page has is kept, in either order", async () => {
  expect(await say("owned", owned(2))).toEqual([200, { state: "owned" }]);
  expect(await say("orphaned", left(1))).toEqual([202, { state: "owned" }]);
  expect(await say("orphaned", left(2))).toEqual([202, { state: "waiting" }]);
  expect(await say("owned", owned(3))).toEqual([200, { state: "owned" }]);
  expect(await wait(ORPHAN_GRACE_MS)).toBe(0);
  expect(asked).toEqual([]);
});

test("[G102] both at once: one row, and the higher epoch decides", async () => {
  await Promise.all([say("orphaned", left(1)), say("owned", owned(2)), say("orphaned", left(1))]);
  expect(await wait(ORPHAN_GRACE_MS)).toBe(0);
});

test("[G103] a call that is over meanwhile is not ended again", async () => {
  await say("orphaned", left(1));
  const record = recordOf(WEIGHT.passthru, { stage: STAGE.over, outcome: "completed" });
  await gateway.services.ledger.add({ source: "passthru", callId: call, record });
  expect(await wait(ORPHAN_GRACE_MS)).toBe(1);
  expect(asked).toEqual([]);
});

test("[G104] what cannot be read, is unknown, is another call's or comes from another page is refused", async () => {
  expect(await say("orphaned", "{")).toEqual([400, { error: "malformed", field: null }]);
  expect(await say("orphaned", { ...left(1), epoch: -1 })).toEqual([400, { error: "malformed", field: "epoch" }]);
  expect(await say("orphaned", { ...left(1), exotelCallSid: "sid-of-another" })).toEqual([404, { error: "unknown-call", field: null }]);
  expect(await say("owned", "x".repeat(5_000))).toEqual([413, { error: "too-large", field: null }]);
  expect((await say("orphaned", left(1), { origin: "https://evil.example" }))[0]).toBe(403);
  call = "never-heard-of";
  expect(await say("orphaned", left(1))).toEqual([404, { error: "unknown-call", field: null }]);
});

test("[G105] where the leg cannot be ended, log and metrics say so, without a number", async () => {
  await say("orphaned", { ...left(1), exotelLegSid: null });
  await wait(ORPHAN_GRACE_MS);
  status = 403;
  await say("orphaned", left(2));
  // Ended, ended: it is not tried again.
  expect(await wait(ORPHAN_GRACE_MS)).toBe(0);
  const metrics = await (await gateway.app.request("/metrics")).text();
  expect(metrics).toContain('gateway_orphans_total{result="not-ended"} 1');
  expect(gateway.logged()).toContain("cannot be ended here");
  expect(gateway.logged()).not.toContain("9052161119");
});

test("[G106] where Exotel cannot be reached it is asked again, five times in all, unless a page takes the call up meanwhile", async () => {
  status = 503;
  await say("orphaned", left(1));
  expect(await wait(ORPHAN_GRACE_MS)).toBe(1);
  expect(await wait(999)).toBe(0);
  expect(await wait(1)).toBe(1);
  status = 200;
  expect(await wait(2_000)).toBe(1);
  expect(asked).toHaveLength(3);
  expect(await say("owned", owned(2))).toEqual([200, { state: "ended" }]);

  call = "call-taken-up";
  const exotelSid = `sid-${call}`;
  await gateway.services.ledger.add({ source: "request", callId: call, exotelSid, record: recordOf(WEIGHT.request, { exotelSid }) });
  status = 503;
  asked = [];
  await say("orphaned", left(1));
  await wait(ORPHAN_GRACE_MS);
  expect(await say("owned", owned(2))).toEqual([200, { state: "owned" }]);
  expect(await wait(60_000)).toBe(0);
  await say("orphaned", left(2));
  await wait(ORPHAN_GRACE_MS);
  for (let tries = 0; tries < 10; tries += 1) await wait(20_000);
  expect(asked, "one before it was taken up, five afterwards").toHaveLength(6);
  expect(await (await gateway.app.request("/metrics")).text()).toContain('gateway_orphans_total{result="failed"} 1');
});
