import { Hono } from "hono";
import type { GatewayCapabilities } from "../../src/protocol/gateway-legs.ts";
import { refuseOldLease } from "../agents/lease-routes.ts";
import type { Configuration } from "../config/read-config.ts";
import { eventRoutes } from "../events/event-routes.ts";
import { callbackRoutes } from "../exotel/callback-routes.ts";
import type { Env } from "../http/environment.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { requireAgent } from "../http/require-agent.ts";
import { requireToken } from "../http/require-token.ts";
import { leadRouteRoutes } from "../leadsquared/lead-route.ts";
import { leadsquaredRoutes } from "../leadsquared/inbound-routes.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { orphanRoutes } from "../orphans/orphan-routes.ts";
import { recordingRoutes } from "../recordings/recording-routes.ts";
import type { Services } from "../services.ts";
import type { Db } from "../storage/database.ts";
import { legRoutes } from "./leg-routes.ts";
import { callRoutes } from "./call-routes.ts";

export interface CallsApiParts extends Configuration {
  readonly db: Db;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  readonly isStopping: () => boolean;
}

const DIALS = { limit: 20, windowMs: 60_000 } as const;

/** News of who has which call, by address: an office of agents behind one. */
const OWNERS = { limit: 600, windowMs: 60_000 } as const;

/** `/calls`, `/recordings`, `/agents/me/events`, `/callbacks/exotel` and `/leadsquared`. */
export function callsApi(parts: CallsApiParts, services: Services): Hono<Env> {
  const { config, secrets, now } = parts;
  const { failures } = services;
  const calls = { ...services, ...parts, dialLimit: createRateLimit({ ...DIALS, name: "dial", db: parts.db, now }) };
  const api = new Hono<Env>();
  const signedIn = requireAgent(services, config.publicUrl);
  // Before the rest of `/calls`: a beacon of a page that goes away has no session to show where that is a token.
  api.route(
    "/calls",
    orphanRoutes({ ...calls, publicUrl: config.publicUrl, limit: createRateLimit({ ...OWNERS, name: "owners", db: parts.db, now }) }),
  );
  api.use("/calls/*", signedIn);
  api.use("/calls", signedIn);
  api.post("/calls", refuseOldLease(services.leases));
  api.route("/calls", callRoutes(calls));
  api.route("/calls", legRoutes(calls));
  const monitoring = config.exotel.legs?.monitoring ?? false;
  const capabilities: GatewayCapabilities = {
    // The legs to act on are found by monitoring.
    legActions: monitoring && config.exotel.legs?.exoml !== undefined,
    monitoring,
  };
  api.get("/capabilities", signedIn, (context) => context.json(capabilities));
  api.use("/recordings/*", signedIn);
  api.route("/recordings", recordingRoutes({ ...calls, keepDays: config.recordings.keepDays }));
  api.route("/agents/me/events", eventRoutes({ ...services, isStopping: parts.isStopping, now }));
  api.route(
    "/callbacks/exotel",
    callbackRoutes({ ...calls, password: secrets.EXOTEL_CALLBACK_PASSWORD, route: leadRouteRoutes(services.ownerOf) }),
  );
  api.use("/leadsquared/*", requireToken(secrets.LEADSQUARED_INBOUND_TOKEN ?? null, failures));
  api.route("/leadsquared", leadsquaredRoutes(calls));
  return api;
}
