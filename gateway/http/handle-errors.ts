import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { GatewayError } from "../errors.ts";
import type { Log } from "../log/log.ts";

/** Every failure becomes a `GatewayErrorReply`; what nobody expected is logged, and told to nobody. */
export function handleErrors(log: Log): (error: Error, context: Context) => Response {
  return (error, context) => {
    const known = asGatewayError(error);
    if (known.code === "internal") log.error({ err: error }, "a request failed");
    else if (known.status >= 500) log.warn({ err: known }, "a request could not be served");
    if (known.retryAfter !== null) context.header("retry-after", String(known.retryAfter));
    if (known.status === 401) context.header("www-authenticate", 'Bearer realm="gateway"');
    context.header("cache-control", "no-store");
    return context.json(known.reply, known.status);
  };
}

function asGatewayError(error: Error): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof HTTPException && error.status === 413) return new GatewayError("too-large", "the request is too large");
  if (error instanceof HTTPException && error.status < 500) return new GatewayError("invalid-request", "the request cannot be read");
  return new GatewayError("internal", "the gateway failed; its log says why");
}
