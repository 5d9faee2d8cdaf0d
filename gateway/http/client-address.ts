import type { Context } from "hono";
import type { Env } from "./environment.ts";

/**
 * Who asks, for limits. Behind a proxy on this machine (TLS ends there) it is the last address that the proxy has added to
 * `X-Forwarded-For`; from anywhere else that header is the sender's own invention.
 */
export function clientAddress(context: Context<Env>): string {
  // Without a socket (`app.request` in tests) there is no environment at all.
  const bindings: Env["Bindings"] | undefined = context.env;
  const direct = bindings?.incoming?.socket.remoteAddress ?? "unknown";
  if (!/^(127\.|::1$|::ffff:127\.)/.test(direct)) return direct;
  return context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() || direct;
}
