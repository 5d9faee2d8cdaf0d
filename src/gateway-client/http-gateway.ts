import type { Clock, Gateway, Log } from "../core/ports.ts";
import type { GatewayPayload, GatewayRequest } from "../protocol/gateway.ts";

export interface HttpGatewayOptions {
  /** `config.gateway.url`. */
  readonly url: string;
  /** `navigator.sendBeacon`: `false` where the browser does not take it. */
  readonly beacon: (address: string, body: string) => boolean;
  readonly send: typeof fetch;
  readonly clock: Clock;
  readonly log: Pick<Log, "write">;
}

const TRIES = 3;
const TRY_MS = 1_500;
const PAUSE_MS = 200;

/**
 * The deployment's gateway over HTTP. Bodies are JSON in a string, which goes out as `text/plain`: no preflight request,
 * for which a page that goes away has no time.
 */
export function createHttpGateway({ url, beacon, send, clock, log }: HttpGatewayOptions): Gateway {
  const addressOf = (callId: string, request: GatewayRequest): string =>
    `${url.replace(/\/+$/, "")}/calls/${encodeURIComponent(callId)}/${request}`;
  const failed = (request: GatewayRequest, error: unknown): void =>
    log.write("warn", "gateway-not-reached", { request, error: error instanceof Error ? error.name : null });
  const post = async (address: string, body: string): Promise<void> => {
    const options = { method: "POST", body, keepalive: true, credentials: "omit", signal: AbortSignal.timeout(TRY_MS) } as const;
    const response = await send(address, options);
    if (response.ok) return;
    // What it does not understand now it will not understand the second time.
    log.write("warn", "gateway-refused", { status: response.status });
    if (response.status >= 500) throw new Error("the gateway failed");
  };
  return {
    orphaned({ callId, exotelCallSid, exotelLegSid, epoch }) {
      const payload: GatewayPayload<"orphaned"> = { callId, exotelCallSid, exotelLegSid, epoch, at: clock.now() };
      const address = addressOf(callId, "orphaned");
      const body = JSON.stringify(payload);
      if (isTaken(() => beacon(address, body))) return;
      post(address, body).catch((error: unknown) => failed("orphaned", error));
    },
    async owned({ callId, epoch }) {
      const payload: GatewayPayload<"owned"> = { callId, epoch };
      const address = addressOf(callId, "owned");
      for (let left = TRIES; left > 0; left -= 1) {
        try {
          return await post(address, JSON.stringify(payload));
        } catch (error) {
          failed("owned", error);
          if (left > 1) await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
        }
      }
    },
  };
}

/** Browsers answer `false` for a full queue and throw for an address that they do not like. */
function isTaken(beacon: () => boolean): boolean {
  try {
    return beacon();
  } catch {
    return false;
  }
}
