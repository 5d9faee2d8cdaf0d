import { expect, test } from "vitest";
import type { Clock } from "../core/ports.ts";
import { readGatewayRequest } from "../protocol/gateway.ts";
import { createHttpGateway } from "./http-gateway.ts";

const CALL = { callId: "call 1/x", exotelCallSid: "sid-1", exotelLegSid: "leg-1", epoch: 3 };
const NOW = 1_700_000_000_000;

function stage(statuses: readonly (number | "dead")[] = [], beaconTakes: boolean | "throws" = true, url = "https://gw.example.com/api/") {
  const sent: { address: string; body: string; init: RequestInit | null }[] = [];
  const logged: string[] = [];
  const clock: Clock = {
    now: () => NOW,
    after: (_ms, run) => {
      queueMicrotask(run);
      return () => {};
    },
  };
  let asked = 0;
  const gateway = createHttpGateway({
    url,
    clock,
    log: { write: (level, event, facts) => void logged.push(`${level} ${event} ${JSON.stringify(facts)}`) },
    beacon: (address, body) => {
      if (beaconTakes === "throws") throw new TypeError("no");
      if (beaconTakes) sent.push({ address, body, init: null });
      return beaconTakes;
    },
    send: async (address, init = {}) => {
      sent.push({ address: String(address), body: String(init.body), init });
      const status = statuses[asked] ?? 200;
      asked += 1;
      if (status === "dead") throw new TypeError("Failed to fetch");
      return new Response(null, { status });
    },
  });
  return { gateway, sent, logged };
}

test("[G1] an orphaned call goes out at once, as a beacon that the gateway understands", () => {
  const { gateway, sent } = stage();
  gateway.orphaned(CALL);
  expect(sent).toMatchObject([{ address: "https://gw.example.com/api/calls/call%201%2Fx/orphaned", init: null }]);
  expect(readGatewayRequest("orphaned", "call 1/x", sent[0]?.body ?? "")).toEqual({ ok: true, payload: { ...CALL, at: NOW } });
});

test.each([false, "throws"] as const)("[G2] a beacon that is not taken (%s) goes out as a request that outlives the page", (takes) => {
  const { gateway, sent } = stage([], takes, "/gateway");
  gateway.orphaned(CALL);
  expect(sent).toMatchObject([{ address: "/gateway/calls/call%201%2Fx/orphaned", init: { method: "POST", keepalive: true } }]);
});

test("[G3] owned says who has the call, in a body that needs no preflight", async () => {
  const { gateway, sent, logged } = stage([200], true, "/gateway");
  await gateway.owned(CALL);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ address: "/gateway/calls/call%201%2Fx/owned", init: { credentials: "omit", keepalive: true } });
  expect(sent[0]?.init).not.toHaveProperty("headers");
  expect(readGatewayRequest("owned", "call 1/x", sent[0]?.body ?? "")).toEqual({ ok: true, payload: { callId: "call 1/x", epoch: 3 } });
  expect(logged).toEqual([]);
});

test("[G4] owned is tried three times where nobody answers or the gateway fails, once where it refuses, and never rejects", async () => {
  const tries = async (...statuses: (number | "dead")[]) => {
    const { gateway, sent } = stage(statuses);
    await gateway.owned(CALL);
    return sent.length;
  };
  expect([await tries("dead", 503, 200), await tries("dead", "dead", "dead", 200), await tries(404), await tries(503, 200)]).toEqual([
    3, 3, 1, 2,
  ]);
});

test("[G5] a gateway that is dead is logged, without any id", async () => {
  const { gateway, logged } = stage(["dead", "dead", "dead", "dead"], false);
  gateway.orphaned(CALL);
  await gateway.owned(CALL);
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join()).not.toMatch(/call 1|sid-1|leg-1/);
});
