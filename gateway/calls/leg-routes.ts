import { Hono } from "hono";
import {
  legRequestSchema,
  MONITOR_MODES,
  monitorRequestSchema,
  type LegAction,
  type MonitorReply,
} from "../../src/protocol/gateway-legs.ts";
import type { Agent } from "../agents/agent.ts";
import type { AgentStore } from "../agents/agent-store.ts";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { CallbackSignature } from "../exotel/callback-signature.ts";
import { monitorCallback } from "../exotel/monitor-callback.ts";
import { exomlOf, type ActiveLeg, type LegApi } from "../exotel/leg-api.ts";
import type { Env } from "../http/environment.ts";
import { readBody } from "../http/read-body.ts";
import type { Audit } from "../storage/audit.ts";
import { digitsOf, type CallLedger, type LedgerEntry } from "./call-ledger.ts";

export interface LegRoutesParts {
  readonly ledger: CallLedger;
  readonly agents: AgentStore;
  readonly legs: LegApi;
  readonly audit: Audit;
  readonly signature: CallbackSignature;
  readonly config: GatewayConfig;
}

const EXOML: Readonly<Record<Exclude<LegAction, "hang-up">, string>> = {
  hold: exomlOf("Hold"),
  unhold: exomlOf("UnHold"),
  // The document explains no direction; `out` is the one in all its examples.
  mute: exomlOf("Mute", { direction: "out" }),
  unmute: exomlOf("UnMute", { direction: "out" }),
  "start-recording": exomlOf("StartRecording", { direction: "both", format: "wav" }),
  "stop-recording": exomlOf("StopRecording"),
};

/** `/api/calls/{callId}/legs` and `/monitor` (`src/protocol/gateway-legs.ts`). What is asked is in the audit before it is done. */
export function legRoutes(parts: LegRoutesParts): Hono<Env> {
  const { legs, audit } = parts;
  return new Hono<Env>()
    .post("/:callId/legs", async (context) => {
      const { agent } = context.var;
      const request = await readBody(context, legRequestSchema);
      const { call, sid } = await runningCall(parts, context.req.param("callId"), agent);
      const leg = await legOf(parts, call, sid, "leg" in request ? request.leg : "agent");
      await audit.add("leg-controlled", agent.id, `${call.id} ${request.action}${"leg" in request ? ` ${request.leg}` : ""}`);
      if (request.action === "hang-up") await legs.hangUp(sid, leg.sid);
      else if (request.action === "dial") await legs.act(leg.sid, dialOf(parts.config, call, request.number));
      else await legs.act(leg.sid, EXOML[request.action]);
      return context.body(null, 202);
    })
    .use("/:callId/monitor/*", async (context, next) => {
      if (context.var.agent.role !== "supervisor") throw new GatewayError("forbidden", "supervisors alone may listen in");
      await next();
    })
    .post("/:callId/monitor", async (context) => {
      const { agent } = context.var;
      const { mode } = await readBody(context, monitorRequestSchema);
      if (agent.phoneNumber === null) throw new GatewayError("conflict", "the supervisor has no telephone that could be rung");
      const { call, sid } = await runningCall(parts, context.req.param("callId"), agent);
      const target = await legOf(parts, call, sid, "agent");
      await audit.add("call-monitored", agent.id, `${call.id} ${mode}`);
      const statusCallback = monitorCallback(parts.config, parts.signature, { callId: call.id, agentId: agent.id });
      const wanted = { mode, phoneNumber: agent.phoneNumber, target: target.sid, statusCallback };
      const reply: MonitorReply = { legSid: await legs.monitor(sid, wanted), mode };
      return context.json(reply, 201);
    })
    .put("/:callId/monitor/:legSid", async (context) => {
      const { agent } = context.var;
      const { mode } = await readBody(context, monitorRequestSchema);
      if (mode === MONITOR_MODES[0]) throw new GatewayError("conflict", "a monitor's leg never goes back to listening");
      const { call, sid, leg } = await monitorLeg(parts, context.req.param("callId"), context.req.param("legSid"), agent);
      const target = await legOf(parts, call, sid, "agent");
      await audit.add("call-monitored", agent.id, `${call.id} ${mode}`);
      await legs.upgrade(sid, leg.sid, mode, target.sid);
      const reply: MonitorReply = { legSid: leg.sid, mode };
      return context.json(reply);
    })
    .delete("/:callId/monitor/:legSid", async (context) => {
      const { agent } = context.var;
      const { call, sid, leg } = await monitorLeg(parts, context.req.param("callId"), context.req.param("legSid"), agent);
      await audit.add("call-monitored", agent.id, `${call.id} leave`);
      await legs.hangUp(sid, leg.sid);
      return context.body(null, 204);
    });
}

interface RunningCall {
  readonly call: LedgerEntry;
  /** Exotel's name of it. */
  readonly sid: string;
}

async function runningCall({ ledger }: LegRoutesParts, callId: string, agent: Agent): Promise<RunningCall> {
  const call = await ledger.byId(callId);
  // A colleague's call looks like none at all.
  if (!call || (call.agentId !== agent.id && agent.role !== "supervisor")) throw new GatewayError("not-found", "there is no such call");
  if (call.view.isOver || call.view.exotelSid === null) throw new GatewayError("conflict", "the call or its leg is not in progress");
  return { call, sid: call.view.exotelSid };
}

/** Only a monitor's leg: a supervisor who names the customer's by mistake does not throw him out. */
async function monitorLeg(
  parts: LegRoutesParts,
  callId: string,
  legSid: string,
  agent: Agent,
): Promise<RunningCall & { readonly leg: ActiveLeg }> {
  const running = await runningCall(parts, callId, agent);
  const leg = (await parts.legs.activeLegs(running.sid)).find((one) => one.sid === legSid && one.origin === "monitor");
  if (!leg) throw new GatewayError("conflict", "no monitor of this call has that leg");
  return { ...running, leg };
}

/** By number where that tells, else by the order in which the exchange rings: whom it dials second is `outbound-dial`. */
async function legOf({ legs, agents }: LegRoutesParts, call: LedgerEntry, sid: string, who: "agent" | "customer"): Promise<ActiveLeg> {
  const active = (await legs.activeLegs(sid)).filter((leg) => leg.origin !== "monitor");
  const owner = call.agentId === null ? null : await agents.byId(call.agentId);
  const names = who === "customer" ? [call.view.customerNumber] : [owner?.phoneNumber ?? "", owner?.sipUser ?? ""];
  const byNumber = active.filter((leg) => names.some((name) => isSame(name, leg.phoneNumber)));
  const isSecond = (call.view.direction === "outgoing") === (who === "customer");
  const byOrder = active.filter((leg) => (leg.origin === "outbound-dial") === isSecond);
  const found = byNumber.length === 1 ? byNumber[0] : byOrder.length === 1 ? byOrder[0] : undefined;
  if (!found) throw new GatewayError("conflict", `which leg is the ${who}'s cannot be told`);
  return found;
}

function isSame(name: string, phoneNumber: string): boolean {
  const digits = digitsOf(name).slice(-10);
  if (digits.length === 10 && digitsOf(phoneNumber).slice(-10) === digits) return true;
  return name !== "" && phoneNumber.replace(/^sip:/i, "").split("@")[0] === name;
}

function dialOf({ exotel }: GatewayConfig, call: LedgerEntry, number: string): string {
  const isSip = number.startsWith("sip:");
  const contactUri = isSip ? number : number.replaceAll(/[^\d+]/g, "");
  const exophone = call.view.companyNumber ?? exotel.callerIds[0] ?? "";
  return exomlOf("Dial", { contactUri, exophone, networkType: isSip ? "voip" : "pstn" });
}
