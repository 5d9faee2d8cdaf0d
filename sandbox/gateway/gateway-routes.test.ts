import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ORPHAN_GRACE_MS } from "../../src/protocol/gateway.ts";
import { createRouter } from "../http/router.ts";
import { serveOnFreePort } from "../http/serve-on-free-port.ts";
import { FakeNetwork } from "../network/fake-network.ts";
import { createGateway } from "./gateway-routes.ts";

let network: FakeNetwork;
let base: string;
let sid: string;
let end: () => Promise<void>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  network = new FakeNetwork();
  network.setAgent("asha", "secret", "Asha Rao");
  const customer = { number: "+918000000001", name: "Ravi", behaviour: "speaks", ringMs: 0, talkMs: 0, digits: "" } as const;
  ({ sid } = network.ringAgent("asha", customer));
  network.move(sid, { status: "in-progress" });
  const gateway = createGateway(network);
  const served = await serveOnFreePort(createRouter(gateway.routes));
  base = served.base;
  end = async () => {
    gateway.close();
    vi.useRealTimers();
    await served.close();
  };
});
afterEach(() => end());

/** As a beacon sends it: a string, which is `text/plain`. */
async function post(request: string, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${base}/gateway/calls/c1/${request}`, { method: "POST", body: text, headers });
  return [response.status, await response.json()];
}
const left = (epoch: number) => ({ callId: "c1", exotelCallSid: sid, epoch, at: 0 });

test("[G20] a call that nobody takes up is ended by the network when the grace is over", async () => {
  expect(await post("orphaned", left(1))).toEqual([202, { state: "waiting" }]);
  vi.advanceTimersByTime(ORPHAN_GRACE_MS - 1);
  expect(network.call(sid)?.endedAt).toBeNull();
  vi.advanceTimersByTime(1);
  expect(network.call(sid)).toMatchObject({ status: "completed", endedBy: "network" });
  expect(await post("owned", { callId: "c1", epoch: 2 })).toEqual([200, { state: "ended" }]);
});

test("[G21] a call that another page has is kept, in either order", async () => {
  expect(await post("owned", { callId: "c1", epoch: 2 })).toEqual([200, { state: "owned" }]);
  expect(await post("orphaned", left(1))).toEqual([202, { state: "owned" }]);
  expect(await post("orphaned", left(2))).toEqual([202, { state: "waiting" }]);
  expect(await post("owned", { callId: "c1", epoch: 3 })).toEqual([200, { state: "owned" }]);
  vi.advanceTimersByTime(ORPHAN_GRACE_MS);
  expect(network.call(sid)?.endedAt).toBeNull();
});

test("[G22] what cannot be read, found or trusted is refused, and no call is ended", async () => {
  expect(await post("orphaned", "{")).toEqual([400, { error: "malformed", field: null }]);
  expect(await post("orphaned", { ...left(1), callId: "c2" })).toEqual([400, { error: "malformed", field: "callId" }]);
  expect(await post("owned", { callId: "c1", epoch: "1" })).toEqual([400, { error: "malformed", field: "epoch" }]);
  expect(await post("orphaned", { ...left(1), exotelCallSid: "nobody's" })).toEqual([404, { error: "unknown-call", field: null }]);
  expect(await post("orphaned", { ...left(1), exotelCallSid: null })).toEqual([404, { error: "unknown-call", field: null }]);
  expect(await post("orphaned", { ...left(1), more: "x".repeat(5_000) })).toEqual([413, { error: "too-large", field: null }]);
  expect(await post("orphaned", left(1), { origin: "https://evil.example" })).toMatchObject([403, {}]);
  vi.advanceTimersByTime(ORPHAN_GRACE_MS);
  expect(network.call(sid)?.endedAt).toBeNull();
});

test("[G23] a call that ends by itself within the grace is left alone", async () => {
  await post("orphaned", left(1));
  network.move(sid, { status: "completed", endedBy: "customer" });
  vi.advanceTimersByTime(ORPHAN_GRACE_MS);
  expect(network.call(sid)?.endedBy).toBe("customer");
});
