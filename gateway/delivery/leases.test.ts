import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";
import type { Delivery, Outbox } from "./outbox.ts";

let gateway: TestGateway;
let outbox: Outbox;
beforeAll(async () => {
  gateway = await createTestGateway();
  outbox = gateway.services.outbox;
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  gateway.clock.now += 3_600_000;
  await gateway.database.db.deleteFrom("outbox").execute();
});

const clock = () => gateway.clock.now;

/** So many calls whose log is due. */
async function due(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { id } = await gateway.services.ledger.add({ source: "test", callId: `call-${clock()}-${index}`, record: {} });
    await gateway.database.db.transaction().execute((trx) => outbox.plan(trx, id, [{ kind: "call-log", dueAt: clock(), expiresAt: null }]));
  }
}
const first = ([delivery]: readonly Delivery[]): Delivery => {
  if (!delivery) throw new Error("nothing is due");
  return delivery;
};

test("[G55] a request that is held up on its way counts until a window after its answer", async () => {
  await due(45);
  const claimed = await outbox.claim(50, 60_000);
  expect(claimed.length).toBe(20);
  // The process sleeps, for longer than the window, before it sends a single one.
  gateway.clock.now += 30_000;
  expect((await outbox.claim(50, 60_000)).length).toBe(0);
  for (const delivery of claimed) await outbox.done(delivery, null);
  gateway.clock.now += 4_999;
  expect((await outbox.claim(50, 60_000)).length).toBe(0);
  gateway.clock.now += 1;
  expect((await outbox.claim(50, 60_000)).length).toBe(20);
});

test("[G55] the requests of a process that has died count until a window after their lease", async () => {
  await due(25);
  expect((await outbox.claim(50, 3_500)).length).toBe(20);
  gateway.clock.now += 8_499;
  expect((await outbox.claim(50, 3_500)).length).toBe(0);
  gateway.clock.now += 1;
  expect((await outbox.claim(50, 3_500)).length).toBe(20);
});

test("[G58] a lease that is renewed is nobody else's, and one that was lost changes nothing", async () => {
  await due(1);
  const held = first(await outbox.claim(1, 3_500));
  gateway.clock.now += 3_000;
  const renewed = first([(await outbox.renew(held, 3_500)) ?? held]);
  gateway.clock.now += 3_000;
  expect(await outbox.claim(1, 3_500)).toEqual([]);
  gateway.clock.now += 500;
  const taken = first(await outbox.claim(1, 3_500));
  expect(taken).toMatchObject({ id: held.id, attempts: 2 });
  expect(await outbox.renew(renewed, 3_500)).toBeNull();
  await outbox.done(renewed, "too late");
  expect((await outbox.counts()).waiting).toBe(1);
  await outbox.done(taken, null);
  expect((await outbox.counts()).waiting).toBe(0);
});
