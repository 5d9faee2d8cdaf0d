import { Hono } from "hono";
import { callLogSchema, historyQuerySchema, placeCallSchema, type CallLogRequest } from "../../src/protocol/gateway-calls.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { readBody, readValue } from "../http/read-body.ts";
import { readHistory } from "./call-history.ts";
import { placeCall, type PlaceCallParts } from "./place-call.ts";
import { recordOfLog } from "./read-call-log.ts";

export interface CallRoutesParts extends PlaceCallParts {
  /** Calls an agent may place in a minute. */
  readonly dialLimit: RateLimit;
}

/** `/api/calls`: place, log, look up. All for the agent who is signed in. */
export function callRoutes(parts: CallRoutesParts): Hono<Env> {
  const { ledger, now } = parts;
  return new Hono<Env>()
    .post("/", async (context) => {
      const { agent } = context.var;
      const { callId, number, callerId, record } = await readBody(context, placeCallSchema);
      await parts.dialLimit.take(agent.id);
      await refuseForeignCall(callId, agent.id);
      const wanted = { agent, callId, number, callerId: callerId ?? null, leadId: record?.id ?? null, recordName: record?.name ?? null };
      return context.json(await placeCall(parts, wanted), 201);
    })
    .put("/:callId/log", async (context) => {
      const { agent } = context.var;
      const log = await readBody(context, callLogSchema);
      const callId = context.req.param("callId");
      if (log.logId !== callId || log.call.callId !== callId) throw new GatewayError("invalid-request", "logId is another call's");
      await refuseForeignCall(callId, agent.id);
      const exotelSid = (await isColleagues(log, agent.id)) ? null : log.call.exotelCallSid;
      const record = recordOfLog({ ...log, call: { ...log.call, exotelCallSid: exotelSid } }, now());
      await ledger.add({ source: "widget", callId, exotelSid, record, agentId: agent.id });
      return context.json({ stored: true });
    })
    .get("/", async (context) => {
      const query = readValue(context.req.query(), historyQuerySchema);
      return context.json(await readHistory(parts.db, context.var.agent.id, query));
    });

  /**
   * Exotel's name of a call may be known to several agents: it rang at one and was answered by the next, or was handed over.
   * What one of them has written stays his, and who did not answer writes on nobody's call but a call of his own.
   */
  async function isColleagues({ call }: CallLogRequest, agentId: string): Promise<boolean> {
    const known = call.exotelCallSid ? await ledger.byExotelSid(call.exotelCallSid) : null;
    if (!known || known.agentId === null || known.agentId === agentId) return false;
    return call.answeredAt === null || known.view.isWritten || known.view.direction === "outgoing";
  }

  /** Ids are the widgets' own choice: nobody writes on a colleague's call by naming it. */
  async function refuseForeignCall(callId: string, agentId: string): Promise<void> {
    const known = await ledger.byId(callId);
    if (known && known.agentId !== null && known.agentId !== agentId) throw new GatewayError("conflict", "this call id is taken");
  }
}
