import { GATEWAY_BODY_BYTES, readGatewayRequest, type GatewayError, type OrphanState } from "../../src/protocol/gateway.ts";
import { json, type HttpReply, type HttpRequest, type HttpRoute } from "../http/router.ts";
import type { Network } from "../network/network.ts";
import { createOrphans } from "./orphans.ts";

export interface Gateway {
  readonly routes: readonly HttpRoute[];
  close(): void;
}

/**
 * The part of a deployment's gateway that ends orphaned calls (`docs/gateway-protocol.md`), on the phone's own origin.
 * Exotel documents no request of its version 1 API that ends a call, so the network is asked directly; a real gateway has
 * to use what its account offers.
 */
export function createGateway(network: Pick<Network, "call" | "hangUp">): Gateway {
  const orphans = createOrphans({
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    // It may be over, and forgotten, by then.
    hangUp: (sid) => void (network.call(sid)?.endedAt === null && network.hangUp(sid)),
  });
  return {
    routes: [
      [
        "POST",
        "/gateway/calls/:call/orphaned",
        (request) =>
          read(request, "orphaned", (payload) => {
            const { exotelCallSid: sid } = payload;
            if (sid === null || network.call(sid) === null) return refusal(404, "unknown-call");
            return answer(202, orphans.orphaned(payload, sid));
          }),
      ],
      ["POST", "/gateway/calls/:call/owned", (request) => read(request, "owned", (payload) => answer(200, orphans.owned(payload)))],
    ],
    close: orphans.close,
  };
}

type Payloads = Parameters<typeof readGatewayRequest>[0];
type Payload<T extends Payloads> = Extract<ReturnType<typeof readGatewayRequest<T>>, { ok: true }>["payload"];

async function read<T extends Payloads>(request: HttpRequest, type: T, take: (payload: Payload<T>) => HttpReply): Promise<HttpReply> {
  const body = await request.body();
  if (body.byteLength > GATEWAY_BODY_BYTES) return refusal(413, "too-large");
  const asked = readGatewayRequest(type, request.params["call"] ?? "", body.toString("utf8"));
  return asked.ok ? take(asked.payload) : refusal(400, "malformed", asked.field);
}

function answer(status: number, state: OrphanState): HttpReply {
  return json(status, { state });
}

function refusal(status: number, error: GatewayError, field: string | null = null): HttpReply {
  return json(status, { error, field });
}
