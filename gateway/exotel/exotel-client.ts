import * as v from "valibot";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { AskExotel } from "./exotel-http.ts";

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
}

const connectAnswer = v.object({ Call: v.object({ Sid: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) }) });

export function createExotelClient(config: GatewayConfig["exotel"], ask: AskExotel): ExotelClient {
  const url = `${config.api}/v1/Accounts/${config.account}/Calls/connect.json`;
  return {
    async connect(call) {
      const response = await ask({ name: "connect", url, method: "POST", form: formOf(call) });
      if (response.status >= 500) throw new GatewayError("exotel-unavailable", `Exotel answered ${response.status}`);
      if (!response.ok) throw new GatewayError("exotel-refused", `Exotel refused the call (${response.status})`);
      const answer = v.safeParse(connectAnswer, await response.json().catch(() => null));
      if (!answer.success) throw new GatewayError("exotel-unavailable", "Exotel answered something that names no call");
      return answer.output.Call.Sid;
    },
  };
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
