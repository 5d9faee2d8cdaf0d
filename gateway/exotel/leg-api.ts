import * as v from "valibot";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { AskExotel } from "./exotel-http.ts";

/** A leg of a call that is in progress. */
export interface ActiveLeg {
  readonly sid: string;
  /** A customer's number, or an agent's: it stays in the gateway. */
  readonly phoneNumber: string;
  /** `inbound`, `outbound`, `outbound-dial`, `monitor`. */
  readonly origin: string;
}

export interface WantedMonitor {
  readonly mode: string;
  /** The supervisor's. */
  readonly phoneNumber: string;
  /** The leg that hears him; needed by `whisper`. */
  readonly target: string;
  /** Where the end of his leg is reported. */
  readonly statusCallback: string;
}

/**
 * Chapters 5.2 (legs: Listen, Whisper, Barge, hang-up) and 2.4.4 (ExoML leg actions), each as its own document has it.
 *
 * @throws GatewayError `conflict` (the call or leg is over), `not-supported` (the account may not), `exotel-refused`,
 * `exotel-unavailable`.
 */
export interface LegApi {
  activeLegs(callSid: string): Promise<readonly ActiveLeg[]>;
  /** @returns the SID of the supervisor's leg. */
  monitor(callSid: string, monitor: WantedMonitor): Promise<string>;
  upgrade(callSid: string, legSid: string, mode: string, target: string): Promise<void>;
  hangUp(callSid: string, legSid: string): Promise<void>;
  /** @param exoml one element, as `exomlOf` writes it. */
  act(legSid: string, exoml: string): Promise<void>;
  /** `act` with `<Hangup>`: needs no call that is known. Null: the account has no leg actions (`exotel.legs.exoml`). */
  readonly endLeg: ((legSid: string) => Promise<void>) | null;
}

const legs = v.object({
  Legs: v.array(
    v.object({
      Sid: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
      PhoneNumber: v.optional(v.string(), ""),
      Origin: v.optional(v.string(), ""),
    }),
  ),
});

export function createLegApi(config: GatewayConfig["exotel"], ask: AskExotel): LegApi {
  const { monitoring = false, exoml } = config.legs ?? {};
  const callOf = (sid: string): string => {
    if (!monitoring)
      throw new GatewayError("not-supported", "exotel.legs.monitoring is not configured: the account's legs cannot be reached");
    return `${config.api}/v1/Accounts/${config.account}/Calls/${encodeURIComponent(sid)}`;
  };
  const request = async (url: string, method: "GET" | "POST" | "PUT", body: { json?: unknown; form?: URLSearchParams } = {}) => {
    const response = await ask({ name: "legs", url, method, ...body });
    const text = await response.text();
    if (response.ok) return text;
    throw refusal(response.status);
  };
  const act: LegApi["act"] = async (legSid, element) => {
    if (exoml === undefined) throw new GatewayError("not-supported", "exotel.legs.exoml is not configured: the account has no leg actions");
    const url = `${exoml}/v2/accounts/${config.account}/legs/${encodeURIComponent(legSid)}/actions`;
    await request(url, "POST", { json: { exoml: `<?xml version="1.0" encoding="UTF-8"?><Flow>${element}</Flow>` } });
  };
  return {
    act,
    endLeg: exoml === undefined ? null : (legSid) => act(legSid, exomlOf("Hangup")),
    async activeLegs(callSid) {
      const answer = v.safeParse(legs, parsed(await request(`${callOf(callSid)}/ActiveLegs.json`, "GET")));
      if (!answer.success) throw new GatewayError("exotel-unavailable", "Exotel's list of legs cannot be read");
      return answer.output.Legs.map((leg) => ({ sid: leg.Sid, phoneNumber: leg.PhoneNumber, origin: leg.Origin }));
    },
    async monitor(callSid, { mode, phoneNumber, target, statusCallback }) {
      const callback = {
        StatusCallback: statusCallback,
        "StatusCallbackEvents[0]": "terminal",
        StatusCallbackContentType: "application/json",
      };
      const json = { Action: mode, PhoneNumber: phoneNumber, TargetLegSid: target, ...callback };
      // XML, whatever was sent: only the first Sid of it is wanted, the new leg's.
      const sid = /<Sid>([\w-]{1,100})<\/Sid>|"Sid":\s*"([\w-]{1,100})"/.exec(await request(`${callOf(callSid)}/Legs`, "POST", { json }));
      const found = sid?.[1] ?? sid?.[2];
      if (found === undefined) throw new GatewayError("exotel-unavailable", "Exotel's answer names no leg");
      return found;
    },
    async upgrade(callSid, legSid, mode, target) {
      const json = { Action: mode, TargetLegSid: target };
      await request(`${callOf(callSid)}/Legs/${encodeURIComponent(legSid)}`, "PUT", { json });
    },
    async hangUp(callSid, legSid) {
      const form = new URLSearchParams({ Action: "hangup" });
      await request(`${callOf(callSid)}/Legs/${encodeURIComponent(legSid)}`, "PUT", { form });
    },
  };
}

/** One ExoML element; values are escaped. */
export function exomlOf(name: string, attributes: Readonly<Record<string, string>> = {}): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${list.join("")}></${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function refusal(status: number): GatewayError {
  if (status === 404) return new GatewayError("conflict", "the call or its leg is not in progress");
  if (status === 401 || status === 403) return new GatewayError("not-supported", `Exotel does not let this account do that (${status})`);
  if (status >= 500) return new GatewayError("exotel-unavailable", `Exotel answered ${status}`);
  return new GatewayError("exotel-refused", `Exotel refused the action (${status})`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
