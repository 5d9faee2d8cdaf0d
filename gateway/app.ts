import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { except } from "hono/combine";
import type { Config } from "../src/protocol/config.ts";
import { agentsApi } from "./agents/agents-api.ts";
import { callsApi } from "./calls/calls-api.ts";
import type { Configuration } from "./config/read-config.ts";
import { GatewayError } from "./errors.ts";
import { healthRoutes } from "./health/health-routes.ts";
import { apiHeaders } from "./http/api-headers.ts";
import type { Env } from "./http/environment.ts";
import { handleErrors } from "./http/handle-errors.ts";
import { observeRequests } from "./http/observe-requests.ts";
import type { Log } from "./log/log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Services } from "./services.ts";
import type { Database } from "./storage/database.ts";
import type { WidgetFile } from "./widget/widget-files.ts";
import { widgetRoutes } from "./widget/widget-routes.ts";

/** Everything the application needs from outside; a test gives what it likes. */
export interface GatewayParts extends Configuration {
  readonly database: Database;
  readonly files: ReadonlyMap<string, WidgetFile>;
  readonly widgetConfig: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Epoch ms. */
  readonly now: () => number;
  readonly isStopping: () => boolean;
}

/** The largest request that anybody needs to send, in bytes; a file of all agents is larger. */
const LARGEST_BODY = 128 * 1_024;
const LARGEST_FILE = 8 * 1_024 * 1_024;

/** Puts the routes together. It listens nowhere: `app.request()` in tests, a server in `start-gateway.ts`. */
export async function createApp(parts: GatewayParts, services: Services): Promise<Hono<Env>> {
  const { config, secrets, database, log, metrics } = parts;
  const app = new Hono<Env>();
  app.onError(handleErrors(log));
  app.notFound(() => {
    throw new GatewayError("not-found", "nothing is here");
  });
  metrics.gauge("gateway_outbox_waiting", async () => (await services.outbox.counts()).waiting);
  metrics.gauge("gateway_outbox_dead", async () => (await services.outbox.counts()).dead);
  metrics.gauge("gateway_agent_streams", () => services.events.listeners());
  app.use(observeRequests(log, metrics, parts.now));
  app.route(
    "/",
    healthRoutes({
      checkDatabase: () => database.check(),
      isStopping: parts.isStopping,
      metrics,
      metricsToken: secrets.METRICS_TOKEN ?? null,
      log,
    }),
  );
  app.use("/api/*", apiHeaders);
  app.use("/api/admin/agents/csv", bodyLimit({ maxSize: LARGEST_FILE }));
  app.use("/api/*", except("/api/admin/agents/csv", bodyLimit({ maxSize: LARGEST_BODY })));
  app.route("/api", agentsApi(parts, services));
  app.route("/api", callsApi({ ...parts, db: database.db }, services));
  app.route("/", await widgetRoutes({ files: parts.files, config: parts.widgetConfig, secure: config.publicUrl.startsWith("https:") }));
  return app;
}
