import { type Context, Hono } from "hono";
import {
  GATEWAY_BODY_BYTES,
  type GatewayError as RefusalCode,
  type GatewayRequest,
  readGatewayRequest,
} from "../../src/protocol/gateway.ts";
import { GatewayError } from "../errors.ts";
import { clientAddress } from "../http/client-address.ts";
import type { Env } from "../http/environment.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import type { Orphans } from "./orphans.ts";

export interface OrphanRoutesParts {
  readonly orphans: Orphans;
  readonly publicUrl: string;
  readonly limit: RateLimit;
}

/** `POST {callId}/orphaned` and `{callId}/owned` (`docs/gateway-protocol.md`), from our own pages alone. */
export function orphanRoutes({ orphans, publicUrl, limit }: OrphanRoutesParts): Hono<Env> {
  const read = async <T extends GatewayRequest>(context: Context<Env>, request: T, callId: string) => {
    const origin = context.req.header("origin");
    if (origin !== undefined && origin !== publicUrl) throw new GatewayError("forbidden", "this page may not ask that");
    limit.take(clientAddress(context));
    const body = await context.req.text();
    if (Buffer.byteLength(body) > GATEWAY_BODY_BYTES) return { refusal: refusal(context, 413, "too-large") };
    const asked = readGatewayRequest(request, callId, body);
    return asked.ok ? { payload: asked.payload } : { refusal: refusal(context, 400, "malformed", asked.field) };
  };
  return new Hono<Env>()
    .post("/:callId/orphaned", async (context) => {
      const asked = await read(context, "orphaned", context.req.param("callId"));
      if (asked.payload === undefined) return asked.refusal;
      const state = await orphans.orphaned(asked.payload);
      return state === null ? refusal(context, 404, "unknown-call") : context.json({ state }, 202);
    })
    .post("/:callId/owned", async (context) => {
      const asked = await read(context, "owned", context.req.param("callId"));
      return asked.payload === undefined ? asked.refusal : context.json({ state: await orphans.owned(asked.payload) });
    });
}

function refusal(context: Context<Env>, status: 400 | 404 | 413, error: RefusalCode, field: string | null = null): Response {
  return context.json({ error, field }, status);
}
