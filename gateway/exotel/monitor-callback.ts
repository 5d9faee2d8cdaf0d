import { sql } from "kysely";
import type { AgentEvents } from "../events/agent-events.ts";
import type { GatewayConfig } from "../config/gateway-config.ts";
import type { Db } from "../storage/database.ts";
import type { CallbackSignature } from "./callback-signature.ts";
import type { CallbackValues } from "./read-callback.ts";

/** Whose leg in which call a status callback of chapter 5.2 is about. */
export interface MonitorLeg {
  readonly callId: string;
  /** The supervisor. */
  readonly agentId: string;
}

/** The address where Exotel reports the end of a supervisor's leg; signed, it opens nothing but this. */
export function monitorCallback(
  { exotel, publicUrl }: Pick<GatewayConfig, "exotel" | "publicUrl">,
  signature: CallbackSignature,
  leg: MonitorLeg,
): string {
  const url = new URL("/api/callbacks/exotel/monitor", exotel.callbackUrl ?? publicUrl);
  url.searchParams.set("call", leg.callId);
  url.searchParams.set("supervisor", leg.agentId);
  url.searchParams.set("signature", signature.sign(signed(leg)));
  return url.href;
}

/** Null: nobody signed this address. */
export function readMonitorCallback(query: CallbackValues, signature: CallbackSignature): MonitorLeg | null {
  const leg = { callId: query.get("call") ?? "", agentId: query.get("supervisor") ?? "" };
  return signature.isValid(signed(leg), query.get("signature") ?? "") ? leg : null;
}

function signed({ callId, agentId }: MonitorLeg): string {
  return `monitor ${callId} ${agentId}`;
}

export interface MonitorEndParts {
  readonly db: Db;
  readonly events: Pick<AgentEvents, "append">;
  readonly now: () => number;
}

/** Into the audit and to the supervisor's widgets, once: a report may come twice. @returns false: it had come before. */
export function monitorEnded(
  { db, events, now }: MonitorEndParts,
  { callId, agentId }: MonitorLeg,
  values: CallbackValues,
): Promise<boolean> {
  const legSid = /^[\w-]{1,100}$/.exec(values.get("LegSid") ?? "")?.[0] ?? "unknown";
  const status = /^[a-z-]{1,20}$/.exec(values.get("Status") ?? "")?.[0] ?? "unknown";
  const seconds = Number(/^\d{1,6}$/.exec(values.get("OnCallDuration") ?? "")?.[0] ?? 0);
  const entry = { agent_id: agentId, action: "call-monitored", subject: `${callId} ended ${legSid} ${status} ${seconds}` } as const;
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`monitor ${legSid}`}, 0))`.execute(trx);
    const before = trx.selectFrom("audit").select("id").where("action", "=", entry.action).where("agent_id", "=", agentId);
    if (await before.where("subject", "=", entry.subject).executeTakeFirst()) return false;
    await trx
      .insertInto("audit")
      .values({ at: now(), ...entry })
      .execute();
    await events.append(trx, agentId, { type: "monitor-ended", callId, legSid, status, seconds });
    return true;
  });
}
