import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Agent } from "../agents/agent.ts";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { GatewayError } from "../errors.ts";
import type { AgentEvents } from "../events/agent-events.ts";
import type { CallbackSignature } from "../exotel/callback-signature.ts";
import type { ExotelClient } from "../exotel/exotel-client.ts";
import type { Db } from "../storage/database.ts";
import { isWithinCallHours } from "./call-hours.ts";
import { digitsOf, type CallLedger, type LedgerEntry } from "./call-ledger.ts";
import { recordOf, STAGE, WEIGHT } from "./call-record.ts";

export interface WantedCall {
  readonly agent: Agent;
  /** The widget's own id; null where the CRM asks, which names none. */
  readonly callId: string | null;
  readonly number: string;
  readonly callerId: string | null;
  readonly leadId: string | null;
  readonly recordName: string | null;
}

export interface PlacedCall {
  readonly callId: string;
  readonly exotelCallSid: string;
}

export interface PlaceCallParts {
  readonly config: GatewayConfig;
  readonly db: Db;
  readonly ledger: CallLedger;
  readonly exotel: ExotelClient;
  readonly signature: CallbackSignature;
  readonly events: AgentEvents;
  readonly now: () => number;
}

/** A second click on the same number within this time is the same click, while its call lasts. */
const DOUBLE_CLICK_MS = 10_000;

/**
 * Click-to-call. The same `callId`, or from the CRM the same number within ten seconds, is one call: it is placed at most
 * once, whatever happens to this process in between.
 *
 * @throws GatewayError `invalid-request`, `forbidden`, `outside-call-hours`, `conflict`, `exotel-refused`,
 * `exotel-unavailable`.
 */
export async function placeCall(parts: PlaceCallParts, wanted: WantedCall): Promise<PlacedCall> {
  const { config, ledger, now } = parts;
  const number = tidy(wanted.number);
  const from = addressOf(wanted.agent);
  const callerId = callerIdOf(config, wanted);
  if (!wanted.agent.clickToCall) throw new GatewayError("forbidden", "click-to-call is switched off for this agent");
  if (!isWithinCallHours(config.callHours, now())) throw new GatewayError("outside-call-hours", "calls may not be placed at this time");

  const { entry, isNew } = await begin(parts, wanted, number);
  if (!isNew) return alreadyPlaced(entry);
  const callback = new URL("/api/callbacks/exotel/status", config.exotel.callbackUrl ?? config.publicUrl);
  callback.searchParams.set("call", entry.id);
  callback.searchParams.set("signature", parts.signature.sign(entry.id));
  try {
    const connect = { from, to: number, callerId, statusCallback: callback.href, customField: entry.id };
    const exotelCallSid = await parts.exotel.connect(connect);
    const record = recordOf(WEIGHT.request, { exotelSid: exotelCallSid, companyNumber: callerId, stage: STAGE.queued });
    await ledger.add({ source: "connect", callId: entry.id, exotelSid: exotelCallSid, record });
    return { callId: entry.id, exotelCallSid };
  } catch (error) {
    await fail(parts, wanted.agent, entry.id, error);
    throw error;
  }
}

async function begin(
  { db, ledger, events, now }: PlaceCallParts,
  { agent, callId, leadId, recordName }: WantedCall,
  number: string,
): Promise<{ readonly entry: LedgerEntry; readonly isNew: boolean }> {
  const record = recordOf(WEIGHT.request, {
    direction: "outgoing",
    customerNumber: number,
    createdAt: now(),
    stage: STAGE.requested,
    leadId,
    recordName,
  });
  const report = { source: "request", record, agentId: agent.id };
  if (callId !== null) {
    const known = await ledger.byId(callId);
    if (known) return { entry: known, isNew: false };
    const added = await ledger.add({ ...report, callId });
    return { entry: added, isNew: added.isNew };
  }
  const { entry, isNew } = await db.transaction().execute(async (trx) => {
    // Two clicks at once, on two processes: one of them waits here and then finds the other's call.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`click ${agent.id}`}, 0))`.execute(trx);
    const recent = await ledger.recent(trx, agent.id, digitsOf(number), now() - DOUBLE_CLICK_MS);
    // One that is over already, because it failed or nobody was there, does not stand in the way of the next.
    if (recent && !recent.view.isOver) return { entry: recent, isNew: false };
    const added = await ledger.addIn(trx, { ...report, callId: randomUUID() });
    await events.append(trx, agent.id, { type: "dial-requested", callId: added.id, number, leadId, at: now() });
    return { entry: added, isNew: true };
  });
  return { entry, isNew };
}

function alreadyPlaced({ id, view }: LedgerEntry): PlacedCall {
  if (view.exotelSid !== null) return { callId: id, exotelCallSid: view.exotelSid };
  throw new GatewayError("conflict", "this call was asked for before, and Exotel has not named it");
}

async function fail({ db, ledger, events, now }: PlaceCallParts, agent: Agent, callId: string, error: unknown): Promise<void> {
  const code = error instanceof GatewayError ? error.code : "internal";
  const record = recordOf(WEIGHT.request, { stage: STAGE.over, outcome: "failed", endedAt: now() });
  await ledger.add({ source: "connect-failed", callId, record });
  await db.transaction().execute((trx) => events.append(trx, agent.id, { type: "dial-failed", callId, code }));
}

/** What is rung first: the softphone or the telephone, as the agent has chosen. */
function addressOf(agent: Agent): string {
  const address = agent.device === "sip" ? (agent.sipUser === null ? null : `sip:${agent.sipUser}`) : agent.phoneNumber;
  if (address === null) throw new GatewayError("conflict", `no address is known for the agent's device ${agent.device}`);
  return address;
}

function callerIdOf({ exotel }: GatewayConfig, { agent, callerId }: WantedCall): string {
  const wanted = callerId ?? agent.callerId;
  const [first = ""] = exotel.callerIds;
  if (wanted === null) return first;
  const found = exotel.callerIds.find((number) => digitsOf(number) === digitsOf(wanted));
  if (found === undefined) throw new GatewayError("invalid-request", "the caller id is none of this deployment's");
  return found;
}

function tidy(number: string): string {
  const digits = number.replaceAll(/[^\d+]/g, "");
  if (!/^\+?\d{3,15}$/.test(digits)) throw new GatewayError("invalid-request", "number is no telephone number");
  return digits;
}
