import { Hono } from "hono";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import type { Audit } from "../storage/audit.ts";
import type { Outbox } from "./outbox.ts";

/** `/api/admin/deliveries`: what the CRM never took, with its reason; a person may send it again. */
export function outboxRoutes({ outbox, audit }: { readonly outbox: Outbox; readonly audit: Audit }): Hono<Env> {
  return new Hono<Env>()
    .get("/dead", async (context) => context.json({ deliveries: await outbox.dead(200), ...(await outbox.counts()) }))
    .post("/:id/replay", async (context) => {
      const id = context.req.param("id");
      if (!/^\d{1,15}$/.test(id) || !(await outbox.replay(Number(id)))) throw new GatewayError("not-found", "no such delivery is dead");
      await audit.add("delivery-replayed", null, id);
      return context.body(null, 204);
    });
}
