import * as v from "valibot";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { Metrics } from "../metrics/metrics.ts";

export interface ConnectCall {
  /** `sip:asha`, or the agent's telephone: rung first. */
  readonly from: string;
  readonly to: string;
  readonly callerId: string;
  /** Where the end of the call is reported. */
  readonly statusCallback: string;
  /** Comes back in Passthru as `CustomField`. */
  readonly customField: string;
}

/** Exotel's HTTP API with the account's key. */
export interface ExotelClient {
  /**
   * Chapter 5.19, `Calls/connect`. A 429 is waited for and asked again; nothing else is, because the call might ring.
   *
   * @returns `Sid` of the call.
   * @throws GatewayError `exotel-refused` (4xx), `exotel-unavailable` (5xx, no answer, still 429).
   */
  connect(call: ConnectCall): Promise<string>;
  /**
   * Version 2, `legs/{leg}/actions` with `<Hangup>`. Null: the account has no leg control (`exotel.legs`).
   *
   * @throws GatewayError `exotel-refused` (4xx), `exotel-unavailable` (5xx, no answer).
   */
  readonly endLeg: ((legSid: string) => Promise<void>) | null;
}

export interface ExotelClientParts {
  readonly config: GatewayConfig["exotel"];
  readonly credentials: { readonly key: string; readonly token: string };
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly metrics: Metrics;
}

const ANSWER_MS = 15_000;
const FIRST_WAIT_MS = 250;

const connectAnswer = v.object({ Call: v.object({ Sid: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) }) });

export function createExotelClient(parts: ExotelClientParts): ExotelClient {
  const { config, credentials } = parts;
  const authorization = `Basic ${Buffer.from(`${credentials.key}:${credentials.token}`).toString("base64")}`;
  const url = `${config.api}/v1/Accounts/${config.account}/Calls/connect.json`;
  const { legs } = config;
  return {
    endLeg: legs === undefined ? null : (legSid) => endLeg(parts, `${legs}/v2/accounts/${config.account}/legs`, authorization, legSid),
    async connect(call) {
      const response = await patiently(parts, () =>
        parts.fetch(url, {
          method: "POST",
          headers: { authorization },
          body: formOf(call),
          redirect: "error",
          signal: AbortSignal.timeout(ANSWER_MS),
        }),
      );
      if (response.status >= 500) throw new GatewayError("exotel-unavailable", `Exotel answered ${response.status}`);
      if (!response.ok) throw new GatewayError("exotel-refused", `Exotel refused the call (${response.status})`);
      const answer = v.safeParse(connectAnswer, await response.json().catch(() => null));
      if (!answer.success) throw new GatewayError("exotel-unavailable", "Exotel answered something that names no call");
      return answer.output.Call.Sid;
    },
  };
}

async function endLeg({ fetch }: ExotelClientParts, legs: string, authorization: string, legSid: string): Promise<void> {
  const response = await fetch(`${legs}/${encodeURIComponent(legSid)}/actions`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ exoml: "<Flow><Hangup></Hangup></Flow>" }),
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: unknown) => {
    throw new GatewayError("exotel-unavailable", "Exotel does not answer", { cause: error });
  });
  await response.body?.cancel();
  if (response.status >= 500) throw new GatewayError("exotel-unavailable", `Exotel answered ${response.status}`);
  if (!response.ok) throw new GatewayError("exotel-refused", `Exotel refused to end the leg (${response.status})`);
}

function formOf(call: ConnectCall): URLSearchParams {
  return new URLSearchParams([
    ["From", call.from],
    ["To", call.to],
    ["CallerId", call.callerId],
    ["CallType", "trans"],
    ["Record", "true"],
    ["StatusCallback", call.statusCallback],
    ["StatusCallbackEvents[0]", "terminal"],
    ["StatusCallbackEvents[1]", "answered"],
    ["StatusCallbackContentType", "application/json"],
    ["CustomField", call.customField],
  ]);
}

/** Asks again after 429, with doubling waits and jitter or as `Retry-After` says, until the deployment's patience is over. */
async function patiently(parts: ExotelClientParts, ask: () => Promise<Response>): Promise<Response> {
  const start = parts.now();
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const asked = parts.now();
    const response = await ask().catch((error: unknown) => {
      throw new GatewayError("exotel-unavailable", "Exotel does not answer", { cause: error });
    });
    parts.metrics.observe("gateway_exotel_seconds", (parts.now() - asked) / 1_000, { request: "connect" });
    if (response.status !== 429) return response;
    await response.body?.cancel();
    const retryAfter = Number(response.headers.get("retry-after")) * 1_000;
    const pause = retryAfter > 0 ? retryAfter : Math.round(wait * (0.75 + Math.random() / 2));
    const left = parts.config.patience * 1_000 - (parts.now() - start);
    if (pause > left) {
      throw new GatewayError("exotel-unavailable", "Exotel takes no more calls for the moment", { retryAfter: Math.ceil(pause / 1_000) });
    }
    await parts.sleep(pause);
  }
}
