import { Hono } from "hono";
import type { Configuration } from "../config/read-config.ts";
import { outboxRoutes } from "../delivery/outbox-routes.ts";
import type { Env } from "../http/environment.ts";
import { requireAgent } from "../http/require-agent.ts";
import { requireToken } from "../http/require-token.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Services } from "../services.ts";
import { adminAgentRoutes } from "./admin-routes.ts";
import { agentRoutes } from "./agent-routes.ts";
import { sessionRoutes } from "./session-routes.ts";

export interface AgentsApiParts extends Configuration {
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** `/sessions`, `/agents` and `/admin`. */
export function agentsApi({ config, secrets, metrics, now }: AgentsApiParts, services: Services): Hono<Env> {
  const { publicUrl } = config;
  const api = new Hono<Env>();
  api.route("/sessions", sessionRoutes({ ...services, metrics, now, publicUrl }));
  api.use("/agents/*", requireAgent(services, publicUrl));
  api.route("/agents/me", agentRoutes(services));
  api.use("/admin/*", requireToken(secrets.GATEWAY_ADMIN_TOKEN, services.failures));
  api.route("/admin/agents", adminAgentRoutes({ ...services, publicUrl }));
  api.route("/admin/deliveries", outboxRoutes(services));
  return api;
}
