import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Log } from "../log/log.ts";
import type { Metrics } from "../metrics/metrics.ts";

/** One line and two figures a request: the route's pattern and never its address, which may carry ids and numbers. */
export function observeRequests(log: Log, metrics: Metrics, clock: () => number) {
  return createMiddleware(async (context, next) => {
    const start = clock();
    await next();
    // Asked afterwards: the pattern of the handler that was reached last.
    const route = routePath(context);
    const { status } = context.res;
    const seconds = (clock() - start) / 1_000;
    metrics.count("gateway_http_requests_total", { route, status: `${Math.floor(status / 100)}xx` });
    metrics.observe("gateway_http_seconds", seconds, { route });
    log.debug({ method: context.req.method, route, status, ms: Math.round(seconds * 1_000) }, "answered");
  });
}
