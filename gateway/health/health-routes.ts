import { Hono } from "hono";
import { GatewayError } from "../errors.ts";
import { equalSecrets } from "../http/equal-secrets.ts";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";

export interface HealthOptions {
  /** Rejects where the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
  /** The process has been told to stop: a balancer should send nobody any more. */
  readonly isStopping: () => boolean;
  readonly metrics: Metrics;
  readonly metricsToken: string | null;
  readonly log: Log;
}

/** `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: Prometheus. */
export function healthRoutes({ checkDatabase, isStopping, metrics, metricsToken, log }: HealthOptions): Hono {
  return new Hono()
    .get("/healthz", (context) => context.text("ok"))
    .get("/readyz", async (context) => {
      if (isStopping()) throw new GatewayError("not-ready", "stopping");
      await checkDatabase().catch((error: unknown) => {
        log.warn({ err: error }, "the database does not answer");
        throw new GatewayError("not-ready", "the database does not answer");
      });
      return context.text("ready");
    })
    .get("/metrics", async (context) => {
      const given = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
      if (metricsToken !== null && !equalSecrets(given, metricsToken)) throw new GatewayError("not-signed-in", "metrics want their token");
      return context.text(await metrics.render(), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    });
}
