import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { LEASE_HEADER, leaseReleaseSchema, leaseRenewalSchema, leaseRequestSchema } from "../../src/protocol/gateway-lease.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import { readBody } from "../http/read-body.ts";
import type { Leases } from "./leases.ts";

/** `/api/lease`: which page of the agent has the phone (`src/protocol/gateway-lease.ts`). */
export function leaseRoutes({ leases }: { readonly leases: Leases }): Hono<Env> {
  return new Hono<Env>()
    .get("/", async (context) => context.json(await leases.view(context.var.agent.id)))
    .post("/", async (context) => context.json(await leases.ask(context.var.agent.id, await readBody(context, leaseRequestSchema))))
    .post("/renew", async (context) => context.json(await leases.renew(context.var.agent.id, await readBody(context, leaseRenewalSchema))))
    .post("/release", async (context) => {
      await leases.release(context.var.agent.id, await readBody(context, leaseReleaseSchema));
      return context.body(null, 204);
    });
}

/** Refuses a page that names a lease it no longer has; one that names none is let through. */
export function refuseOldLease(leases: Leases) {
  return createMiddleware<Env>(async (context, next) => {
    const given = context.req.header(LEASE_HEADER);
    if (given !== undefined) {
      if (!/^\d{1,15}$/.test(given)) throw new GatewayError("invalid-request", `${LEASE_HEADER} is no token`);
      await leases.refuseOld(context.var.agent.id, Number(given));
    }
    await next();
  });
}
