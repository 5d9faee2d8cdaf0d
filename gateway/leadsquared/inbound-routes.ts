import { Hono, type Context } from "hono";
import { digitsOf } from "../calls/call-ledger.ts";
import { recordOf, WEIGHT } from "../calls/call-record.ts";
import { placeCall, type PlaceCallParts } from "../calls/place-call.ts";
import type { AgentStore } from "../agents/agent-store.ts";
import { GatewayError } from "../errors.ts";
import { callbackValues } from "../exotel/callback-values.ts";
import type { Env } from "../http/environment.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import type { Log } from "../log/log.ts";

export interface InboundParts extends PlaceCallParts {
  readonly agents: AgentStore;
  readonly log: Log;
  /** Calls an agent may place in a minute, wherever he clicks. */
  readonly dialLimit: RateLimit;
}

/** The mail-merge values that the connector's address or data template carries, under the names of our template. */
type Values = ReadonlyMap<string, string>;

/**
 * What LeadSquared's connector asks of us, by GET or POST, with our token in its custom header `Authorization`:
 *
 * - `/api/leadsquared/click-to-call?AgentId=@{User:TelephonyAgentId,}&AgentNumber=@AgentNumberWithCC`
 *   `&CustomerNumber=@PhoneNumberWithCountryCode&VirtualNumber=@VirtualNumberWithCC&LeadId=@leadId`; the response keyword is
 *   `success`.
 * - `/api/leadsquared/disposition` with every variable that the connector has. It also asks by HEAD whether we are there.
 */
export function leadsquaredRoutes(parts: InboundParts): Hono<Env> {
  const clickToCall = async (context: Context<Env>): Promise<Response> => {
    try {
      const placed = await click(parts, await callbackValues(context));
      return context.json({ status: "success", ...placed });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      // The agent sees LeadSquared's own words; the keyword must not be among ours.
      parts.log.info({ code: error.code }, "a click in LeadSquared rang nobody");
      return context.json({ status: "failed", ...error.reply }, error.status);
    }
  };
  const disposition = async (context: Context<Env>): Promise<Response> => {
    if (context.req.method === "HEAD") return context.body(null, 200);
    await disposed(parts, await callbackValues(context));
    return context.json({ status: "success" });
  };
  return new Hono<Env>()
    .get("/click-to-call", clickToCall)
    .post("/click-to-call", clickToCall)
    .get("/disposition", disposition)
    .post("/disposition", disposition);
}

async function click(parts: InboundParts, values: Values) {
  const names = [text(values, "AgentId"), text(values, "AgentNumber")].filter((name) => name !== null);
  let agent = null;
  for (const name of names) agent ??= await parts.agents.byAnyName(name);
  if (!agent) throw new GatewayError("not-found", "no agent is mapped to AgentId or AgentNumber");
  await parts.dialLimit.take(agent.id);
  const number = text(values, "CustomerNumber");
  if (number === null) throw new GatewayError("invalid-request", "CustomerNumber is missing");
  return placeCall(parts, {
    agent,
    callId: null,
    number,
    callerId: text(values, "VirtualNumber"),
    leadId: text(values, "LeadId"),
    recordName: null,
  });
}

/** Last digits by which two spellings of one number are compared. */
const COMPARED = 7;

/** What the agent chose in LeadSquared's own form; what he wrote in the phone weighs more. */
async function disposed({ ledger, agents }: InboundParts, values: Values): Promise<void> {
  const sid = text(values, "callSessionId");
  if (sid === null) throw new GatewayError("invalid-request", "callSessionId is missing");
  const known = (await ledger.byExotelSid(sid)) ?? (await ledger.byId(sid));
  if (!known) throw new GatewayError("not-found", "no call is known by this callSessionId");
  const customer = digitsOf(text(values, "customerNumber") ?? "").slice(-COMPARED);
  if (customer.length === COMPARED && digitsOf(known.view.customerNumber).slice(-COMPARED) !== customer) {
    throw new GatewayError("conflict", "customerNumber is not this call's");
  }
  let agent = null;
  if (known.agentId === null) {
    for (const name of [text(values, "agentId"), text(values, "agentNumber")]) {
      agent ??= name === null ? null : await agents.byAnyName(name);
    }
  }
  const value = text(values, "dispositionValue");
  const record = recordOf(WEIGHT.request, {
    notes: [text(values, "notes"), text(values, "comments")].filter(Boolean).join("\n") || null,
    fields: value === null ? null : { disposition: value },
    companyNumber: text(values, "virtualNumber"),
  });
  await ledger.add({ source: "leadsquared", callId: known.id, record, agentId: agent?.id });
}

/** A variable that LeadSquared could not merge comes as it stands in the template. */
function text(values: Values, name: string): string | null {
  const value = values.get(name)?.trim() ?? "";
  return value === "" || value.startsWith("@") ? null : value;
}
