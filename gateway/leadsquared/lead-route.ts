import { Hono } from "hono";
import type { CountryCode } from "libphonenumber-js/min";
import * as v from "valibot";
import type { Agent } from "../agents/agent.ts";
import type { AgentStore } from "../agents/agent-store.ts";
import type { LeadSquaredConfig } from "../config/gateway-config.ts";
import type { Outbox } from "../delivery/outbox.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import type { Log } from "../log/log.ts";
import { telephonyNumber } from "./telephony-number.ts";

/** Whom a caller's lead belongs to, as a mapped agent; null: LeadSquared names nobody, or nobody who is mapped and active. */
export type OwnerOf = (callerNumber: string) => Promise<Agent | null>;

export interface OwnerOfParts {
  readonly config: LeadSquaredConfig;
  readonly orgKey: string;
  readonly country: CountryCode;
  readonly agents: AgentStore;
  readonly outbox: Outbox;
  readonly fetch: typeof fetch;
  readonly log: Log;
}

/** A caller hears nothing meanwhile. */
const ANSWER_MS = 3_000;

/** With `agentInfo=true` the answer carries the user's telephony id; which object it lies in is not documented. */
const NAMES = ["TelephonyAgentId", "AgentId", "PhoneMobile", "PhoneMain", "Phone"];
const DEEPEST = 4;

/** `LeadRouteV2` of the connector. What goes wrong is logged and counts as "nobody": the call has to go somewhere. */
export function createOwnerOf(parts: OwnerOfParts): OwnerOf {
  const { config, log } = parts;
  return async (callerNumber) => {
    if (!(await parts.outbox.takeRequest())) {
      log.warn("LeadSquared was not asked for a lead's owner: its limit of requests is reached");
      return null;
    }
    const url = new URL(`${config.telephony}/1/api/Telephony/LeadRouteV2/${parts.orgKey}/${config.connectorId}`);
    url.searchParams.set("caller_id", telephonyNumber(callerNumber, parts.country));
    url.searchParams.set("agentInfo", "true");
    try {
      const response = await parts.fetch(url.href, { redirect: "error", signal: AbortSignal.timeout(ANSWER_MS) });
      const body: unknown = await response.json();
      for (const name of response.ok ? namesIn(body, DEEPEST) : []) {
        const agent = await parts.agents.byAnyName(name);
        if (agent) return agent;
      }
      return null;
    } catch {
      // The error may quote the address, which is the connector's secret and has the caller's number.
      log.warn("LeadSquared did not say whom a lead belongs to");
      return null;
    }
  };
}

/** The values under the names above, in their order, wherever they lie. */
function namesIn(value: unknown, depth: number): string[] {
  const object = v.safeParse(v.record(v.string(), v.unknown()), value);
  if (!object.success || depth === 0) return [];
  const own = NAMES.flatMap((name) => {
    const found = object.output[name];
    return typeof found === "string" && found.trim() !== "" ? [found.trim()] : [];
  });
  return [...own, ...Object.values(object.output).flatMap((inner) => namesIn(inner, depth - 1))];
}

/**
 * `GET /api/callbacks/exotel/route`: the address of a Connect applet ("dial phone numbers returned by URL"). Rings the lead's
 * owner on the device that he has chosen; where there is none the answer is 404, and the applet's fallback rings.
 */
export function leadRouteRoutes(ownerOf: OwnerOf | null): Hono<Env> {
  return new Hono<Env>().get("/", async (context) => {
    if (!ownerOf) throw new GatewayError("not-found", "leadsquared is not configured");
    const caller = context.req.query("CallFrom") ?? context.req.query("From") ?? "";
    if (!/^\+?\d{6,15}$/.test(caller.trim())) throw new GatewayError("invalid-request", "From is no telephone number");
    const owner = await ownerOf(caller.trim());
    const address = owner?.device === "phone" ? owner.phoneNumber : owner?.sipUser ? `sip:${owner.sipUser}` : null;
    if (address === null || address === undefined) throw new GatewayError("not-found", "nobody who can be rung owns this caller's lead");
    return context.json({ fetch_after_attempt: false, destination: { numbers: [address] }, record: true });
  });
}
