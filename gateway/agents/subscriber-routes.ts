import { Hono } from "hono";
import * as v from "valibot";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import { readBody } from "../http/read-body.ts";
import type { Agent } from "./agent.ts";
import type { AgentStore } from "./agent-store.ts";
import type { SubscriberOutcome, Subscribers } from "./subscribers.ts";

export interface SubscriberRoutesParts {
  readonly agents: AgentStore;
  /** Null: this deployment's SIP accounts are entered by hand. */
  readonly subscribers: Subscribers | null;
}

const users = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), v.minLength(1), v.maxLength(500));
const createSchema = v.strictObject({ users, takeOver: v.optional(v.boolean(), false) });
const usersSchema = v.strictObject({ users });

/** `/api/admin/subscribers`: SIP subscribers at Exotel, by the CRM's users. Each answer has a row for every user. */
export function subscriberRoutes({ agents, subscribers }: SubscriberRoutesParts): Hono<Env> {
  const service = (): Subscribers => {
    if (!subscribers) throw new GatewayError("conflict", "exotel.subscribers is not configured");
    return subscribers;
  };
  const each = async (names: readonly string[], work: (known: readonly Agent[]) => Promise<readonly SubscriberOutcome[]>) => {
    const found = await Promise.all([...new Set(names)].map(async (user) => ({ user, agent: await agents.byCrmUser(user) })));
    const strangers = found.flatMap(({ user, agent }): SubscriberOutcome[] =>
      agent ? [] : [{ user, result: "failed", problem: "no agent is mapped to this user" }],
    );
    const rows = [...(await work(found.flatMap(({ agent }) => (agent ? [agent] : [])))), ...strangers];
    const failed = rows.filter((row) => row.result === "failed").length;
    return { total: rows.length, succeeded: rows.length - failed, failed, rows };
  };
  return new Hono<Env>()
    .get("/", async (context) => context.json({ subscribers: await service().all() }))
    .post("/", async (context) => {
      const { users: names, takeOver } = await readBody(context, createSchema);
      const { create } = service();
      return context.json(await each(names, (known) => create(known, { takeOver })));
    })
    .post("/rotate", async (context) => {
      const { users: names } = await readBody(context, usersSchema);
      return context.json(await each(names, service().rotate));
    })
    .post("/delete", async (context) => {
      const { users: names } = await readBody(context, usersSchema);
      return context.json(await each(names, service().remove));
    });
}
