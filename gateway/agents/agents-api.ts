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
import { leaseRoutes, refuseOldLease } from "./lease-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { subscriberRoutes } from "./subscriber-routes.ts";

export interface AgentsApiParts extends Configuration {
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** `/sessions`, `/agents`, `/lease` and `/admin`. */
export function agentsApi({ config, secrets, metrics, now }: AgentsApiParts, services: Services): Hono<Env> {
  const { publicUrl } = config;
  const api = new Hono<Env>();
  api.route("/sessions", sessionRoutes({ ...services, metrics, now, publicUrl }));
  const signedIn = requireAgent(services, publicUrl);
  api.use("/agents/*", signedIn);
  api.use("/agents/me/sip-account", refuseOldLease(services.leases));
  for (const path of ["/lease", "/lease/*"]) api.use(path, signedIn);
  api.route("/lease", leaseRoutes(services));
  api.route("/agents/me", agentRoutes(services));
  api.use("/admin/*", requireToken(secrets.GATEWAY_ADMIN_TOKEN, services.failures));
  api.route("/admin/agents", adminAgentRoutes({ ...services, publicUrl }));
  api.route("/admin/subscribers", subscriberRoutes(services));
  api.route("/admin/deliveries", outboxRoutes(services));
  return api;
}
