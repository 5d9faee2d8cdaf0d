import { createMiddleware } from "hono/factory";
import { GatewayError } from "../errors.ts";
import { clientAddress } from "./client-address.ts";
import type { Env } from "./environment.ts";
import { equalSecrets } from "./equal-secrets.ts";
import type { RateLimit } from "./rate-limit.ts";

/** Lets pass who shows `Authorization: Bearer <token>`. @param failures counts wrong ones by address. */
export function requireToken(token: string | null, failures: RateLimit) {
  return createMiddleware<Env>(async (context, next) => {
    const address = `token ${clientAddress(context)}`;
    await failures.check(address);
    const given = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
    if (token === null || !equalSecrets(given, token)) {
      await failures.take(address);
      throw new GatewayError("not-signed-in", "this request wants its token");
    }
    await next();
  });
}
