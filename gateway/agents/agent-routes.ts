import { Hono } from "hono";
import { availabilityRequestSchema, deviceRequestSchema } from "../../src/protocol/gateway-agents.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import { readBody } from "../http/read-body.ts";
import type { Audit } from "../storage/audit.ts";
import type { AgentStore } from "./agent-store.ts";
import { devicesOf, profileOf, type ProfileParts } from "./profile.ts";
import type { SipAccounts } from "./sip-accounts.ts";

export interface AgentRoutesParts extends ProfileParts {
  readonly agents: AgentStore;
  readonly sipAccounts: SipAccounts;
  readonly audit: Audit;
}

/** `/api/agents/me`: what an agent may see and change of himself. */
export function agentRoutes(parts: AgentRoutesParts): Hono<Env> {
  return new Hono<Env>()
    .get("/", async (context) => context.json(await profileOf(parts, context.var.agent)))
    .get("/sip-account", async (context) => {
      const { agent } = context.var;
      const account = await parts.sipAccounts.get(agent.id);
      if (!account) throw new GatewayError("not-found", "no SIP account is stored for this agent");
      await parts.audit.add("sip-account-read", agent.id, agent.id);
      return context.json(account);
    })
    .put("/device", async (context) => {
      const { agent } = context.var;
      const { device } = await readBody(context, deviceRequestSchema);
      if (!devicesOf(agent).includes(device)) throw new GatewayError("conflict", `no address is known for the device ${device}`);
      await parts.agents.setDevice(agent.id, device);
      return context.json(await profileOf(parts, { ...agent, device }));
    })
    .put("/availability", async (context) => {
      const { state, reason } = await readBody(context, availabilityRequestSchema);
      return context.json(await parts.availability.set(context.var.agent.id, state, reason));
    })
    .get("/availability", async (context) => context.json({ changes: await parts.availability.history(context.var.agent.id, 200) }));
}
