import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { Metrics } from "../metrics/metrics.ts";

/** One request to Exotel with the account's key. */
export interface ExotelRequest {
  /** For the metrics: `connect`, `subscribers`. Never an address, which may carry numbers. */
  readonly name: string;
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly json?: unknown;
  readonly form?: URLSearchParams;
  /** Basic authentication by the API key, or by the account's SID (chapter 3.2.3). Absent: by the key. */
  readonly user?: "key" | "account";
}

/**
 * Asks Exotel. A 429 is waited for and asked again, with doubling waits and jitter or as `Retry-After` says, until the
 * deployment's patience is over; nothing else is asked twice, because it might have been done.
 *
 * @throws GatewayError `exotel-unavailable` where nothing answers, or still 429. Any other answer is returned.
 */
export type AskExotel = (request: ExotelRequest) => Promise<Response>;

export interface ExotelHttpParts {
  readonly config: GatewayConfig["exotel"];
  readonly credentials: { readonly key: string; readonly token: string };
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly metrics: Metrics;
}

const ANSWER_MS = 15_000;
const FIRST_WAIT_MS = 250;

export function createAskExotel(parts: ExotelHttpParts): AskExotel {
  const { credentials, config } = parts;
  const basic = (user: string): string => `Basic ${Buffer.from(`${user}:${credentials.token}`).toString("base64")}`;
  return async (request) => {
    const { url, method, json, form } = request;
    const authorization = basic(request.user === "account" ? config.account : credentials.key);
    const headers = { authorization, ...(json === undefined ? {} : { "content-type": "application/json" }) };
    const body = json === undefined ? (form ?? null) : JSON.stringify(json);
    const start = parts.now();
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      const asked = parts.now();
      const response = await parts
        .fetch(url, { method, headers, body, redirect: "error", signal: AbortSignal.timeout(ANSWER_MS) })
        .catch((error: unknown) => {
          throw new GatewayError("exotel-unavailable", "Exotel does not answer", { cause: error });
        });
      parts.metrics.observe("gateway_exotel_seconds", (parts.now() - asked) / 1_000, { request: request.name });
      if (response.status !== 429) return response;
      await response.body?.cancel();
      const retryAfter = Number(response.headers.get("retry-after")) * 1_000;
      const pause = retryAfter > 0 ? retryAfter : Math.round(wait * (0.75 + Math.random() / 2));
      const left = config.patience * 1_000 - (parts.now() - start);
      if (pause > left) {
        const seconds = Math.ceil(pause / 1_000);
        throw new GatewayError("exotel-unavailable", "Exotel takes no more requests for the moment", { retryAfter: seconds });
      }
      await parts.sleep(pause);
    }
  };
}
