import { expect, test, vi } from "vitest";
import { createTestGateway } from "../fakes/test-gateway.ts";
import { createLog } from "../log/log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { createDeliverer } from "./deliverer.ts";

test("[G59] a delivery whose answer never comes holds up no other, and what is answered makes room at once", async () => {
  const gateway = await createTestGateway();
  const { outbox, ledger, agents } = gateway.services;
  const now = () => gateway.clock.now;
  const ids: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const { id } = await ledger.add({ source: "test", callId: `call-${index}`, record: {} });
    await gateway.database.db
      .transaction()
      .execute((trx) => outbox.plan(trx, id, [{ kind: "call-log", dueAt: now() + index - 10, expiresAt: null }]));
    ids.push(id);
  }
  const delivered: string[] = [];
  let atOnce = 0;
  let most = 0;
  let answerFirst: () => void = () => undefined;
  const deliverer = createDeliverer({
    outbox,
    ledger,
    agents,
    crm: {
      async deliver({ call }) {
        most = Math.max(most, (atOnce += 1));
        if (call.id === ids[0]) await new Promise<void>((resolve) => (answerFirst = resolve));
        atOnce -= 1;
        delivered.push(call.id);
        return { type: "done", result: null };
      },
    },
    atOnce: 2,
    log: createLog("error"),
    metrics: createMetrics(),
    now,
    // Nobody has to wait for the next look.
    sleep: () => new Promise(() => undefined),
    random: () => 0.5,
  });
  deliverer.start();
  await vi.waitFor(() => expect(delivered).toEqual(ids.slice(1)));
  expect(most).toBe(2);
  answerFirst();
  await vi.waitFor(() => expect(delivered).toHaveLength(6));
  await gateway.close();
});
