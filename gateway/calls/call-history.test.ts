import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isMissed } from "../../src/protocol/answered-call.ts";
import type { CallSummary, HistoryPage } from "../../src/protocol/gateway-calls.ts";
import { importAgents, signedIn } from "../fakes/people.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";
import { recordOf, STAGE, WEIGHT } from "./call-record.ts";
import { OUTCOMES } from "./call-view.ts";

let gateway: TestGateway;
let asha: { readonly authorization: string };
let agentId: string;
let count = 0;

beforeAll(async () => {
  gateway = await createTestGateway();
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
  agentId = (await gateway.services.agents.byCrmUser("lsq-asha"))?.id ?? "";
}, 60_000);
afterAll(() => gateway.close());

/** A call of Asha's as the reports have it. */
async function reported(values: Parameters<typeof recordOf>[1]): Promise<string> {
  const callId = `h-${(count += 1)}`;
  await gateway.services.ledger.add({ source: "test", callId, agentId, record: recordOf(WEIGHT.status, values) });
  return callId;
}
const ask = (query: Record<string, string>) => gateway.app.request(`/api/calls?${new URLSearchParams(query)}`, { headers: asha });
async function found(query: Record<string, string>): Promise<readonly CallSummary[]> {
  const response = await ask({ limit: "100", ...query });
  expect(response.status).toBe(200);
  const page: HistoryPage = await response.json();
  return page.calls;
}
const ids = (calls: readonly CallSummary[]) => calls.map(({ callId }) => callId).toSorted();

test("[G41] missed is every incoming call that is over and was not answered, whatever the reports call that", async () => {
  const over = { direction: "incoming", stage: STAGE.over } as const;
  const missed = [];
  for (const outcome of ["no-answer", "canceled", "busy", "failed", "voicemail", null]) {
    missed.push(await reported({ ...over, outcome, talkSeconds: outcome === null ? null : 0 }));
  }
  await reported({ ...over, outcome: "completed", talkSeconds: 0 });
  await reported({ ...over, answeredAt: gateway.clock.now, talkSeconds: 0 });
  await reported({ ...over, direction: "outgoing", outcome: "no-answer" });
  await reported({ ...over, stage: STAGE.ringing });
  expect(ids(await found({ missed: "true" }))).toEqual(missed.toSorted());
  expect((await ask({ missed: "1' or '1'='1" })).status).toBe(400);
});

test("[G41] what the gateway finds as missed is what the phone shows as missed", async () => {
  const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values));
  const reports = fc.sample(
    fc.record({
      direction: maybe(["incoming", "incoming", "outgoing"]),
      stage: maybe([STAGE.ringing, STAGE.talking, STAGE.over, STAGE.over]),
      outcome: maybe(OUTCOMES),
      answeredAt: maybe([gateway.clock.now]),
      talkSeconds: maybe([0, 0, 9]),
    }),
    { numRuns: 60, seed: 7 },
  );
  for (const report of reports) await reported(report);
  const all = await found({});
  expect(ids(await found({ missed: "true" }))).toEqual(ids(all.filter(isMissed)));
  expect(all.some(isMissed)).toBe(true);
});

test("[G42] a disposition is found in its own field, whole, and nothing in it is SQL or a path", async () => {
  const strange = [`' or '1'='1`, `"},"$.x": {"a`, String.raw`\'; drop table calls; --`, "%", "_", "{outcome}", "a:b", "", "NULL"];
  for (const value of ["interested", "interested later", ...strange]) {
    const callId = await reported({ fields: { outcome: value, [value.slice(0, 60)]: "x" } });
    expect(ids(await found({ disposition: value, dispositionField: "outcome" }))).toEqual([callId]);
    expect(ids(await found({ disposition: "x", dispositionField: value }))).toEqual([callId]);
  }
  expect(await found({ disposition: "interest", dispositionField: "outcome" })).toEqual([]);
  expect(await found({ disposition: "interested", dispositionField: "product" })).toEqual([]);
  expect(await found({ disposition: "interested", dispositionField: "outcome", direction: "outgoing" })).toEqual([]);
});

test("[G42] a disposition without its field, or the other way round, is no question, and a colleague's is not found", async () => {
  for (const query of [
    { disposition: "interested" },
    { dispositionField: "outcome" },
    { disposition: "x", dispositionField: "y".repeat(61) },
  ]) {
    expect((await ask(query)).status).toBe(400);
  }
  const ravi = await signedIn(gateway, "lsq-ravi");
  const page = await gateway.app.request("/api/calls?disposition=interested&dispositionField=outcome", { headers: ravi });
  expect(await page.json()).toEqual({ calls: [], next: null });
});
