import { afterEach, beforeEach, expect, test } from "vitest";
import { createRouter } from "../http/router.ts";
import { serveOnFreePort } from "../http/serve-on-free-port.ts";
import { FakeNetwork } from "../network/fake-network.ts";
import { account } from "./account.ts";
import { endLegRoute } from "./end-leg.ts";

let network: FakeNetwork;
let base: string;
let close: () => Promise<void>;

beforeEach(async () => {
  network = new FakeNetwork(() => 0);
  network.setAgent("asha", "secret", "Asha Rao");
  ({ base, close } = await serveOnFreePort(createRouter([endLegRoute(network)])));
});
afterEach(() => close());

const FLOW = '<?xml version="1.0" encoding="UTF-8"?><Flow><Hangup></Hangup></Flow>';
async function act(leg: string, exoml = FLOW, key = `${account.apiKey}:${account.apiToken}`): Promise<number> {
  const headers = { authorization: `Basic ${btoa(key)}`, "content-type": "application/json" };
  const body = JSON.stringify({ exoml });
  return (await fetch(`${base}/v2/accounts/${account.sid}/legs/${leg}/actions`, { method: "POST", headers, body })).status;
}

test("[X15] the hang-up of an agent's leg ends its call, once, with the account's key alone", async () => {
  const customer = { name: "Ravi Kumar", number: "09052161119", behaviour: "speaks", ringMs: 1, talkMs: 0, digits: "" } as const;
  const { sid, legSid } = network.connect("asha", customer, { timeOutMs: 30_000, timeLimitMs: 60_000 });
  expect(await act(legSid, FLOW, "wrong:key")).toBe(401);
  expect(await act(legSid, "<Flow><Hangup></Hangup></Flow>")).toBe(400);
  expect(await act("another-leg")).toBe(404);
  expect(network.call(sid)?.endedAt).toBeNull();
  expect(await act(legSid)).toBe(202);
  expect(network.call(sid)).toMatchObject({ endedBy: "network" });
  expect(await act(legSid)).toBe(404);
});
