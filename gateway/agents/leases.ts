import type { Selectable, Transaction } from "kysely";
import {
  LEASE_MS,
  LEASE_RENEW_MS,
  type GrantedLease,
  type LeaseRelease,
  type LeaseRenewal,
  type LeaseReply,
  type LeaseRequest,
  type LeaseView,
} from "../../src/protocol/gateway-lease.ts";
import { GatewayError } from "../errors.ts";
import type { AgentEvents } from "../events/agent-events.ts";
import type { Db } from "../storage/database.ts";
import type { LeaseRow, Schema } from "../storage/schema.ts";

/**
 * One registration an agent: who has it, until when, under which fencing token. The rules:
 *
 * - [G80] One holder at a time; the same holder asking again keeps its token.
 * - [G81] A change of hands gives a higher token, also after a release or an expiry.
 * - [G82] `move` takes it from a page that has no answered call.
 * - [G83] Whoever has an old token is refused, whatever his clock says.
 * - [G84] What is not renewed for `LEASE_MS` is free.
 */
export interface Leases {
  ask(agentId: string, request: LeaseRequest): Promise<LeaseReply>;
  /** @throws GatewayError `lease-lost`. */
  renew(agentId: string, renewal: LeaseRenewal): Promise<GrantedLease>;
  /** Somebody else's lease is left alone. */
  release(agentId: string, release: LeaseRelease): Promise<void>;
  view(agentId: string): Promise<LeaseView>;
  /** @throws GatewayError `lease-lost` where a newer token was given out. */
  refuseOld(agentId: string, token: number): Promise<void>;
}

export interface LeasesParts {
  readonly db: Db;
  readonly events: AgentEvents;
  /** Epoch ms. Gateways on one database keep their clocks in step (NTP); a second of difference costs a second of lease. */
  readonly now: () => number;
}

export function createLeases(parts: LeasesParts): Leases {
  const { db, now } = parts;
  const find = async (agentId: string): Promise<Selectable<LeaseRow> | undefined> =>
    await db.selectFrom("agent_leases").selectAll().where("agent_id", "=", agentId).executeTakeFirst();
  return {
    ask: (agentId, request) => db.transaction().execute((trx) => ask(trx, parts, agentId, request)),
    async renew(agentId, { holder, token, isOnCall = false }) {
      const expiresAt = now() + LEASE_MS;
      // One statement, as the move is one row: of two at once, one finds the other's work. One that has expired is renewed
      // all the same as long as nobody else wanted it.
      const row = await db
        .updateTable("agent_leases")
        .set({ expires_at: expiresAt, on_call: isOnCall })
        .where("agent_id", "=", agentId)
        .where("holder", "=", holder)
        .where("token", "=", token)
        .returning("token")
        .executeTakeFirst();
      if (!row) throw lost();
      return granted(row.token, expiresAt, now());
    },
    release: (agentId, release) => db.transaction().execute((trx) => giveUp(trx, parts, agentId, release)),
    async view(agentId) {
      const row = await find(agentId);
      if (!row || row.holder === null || row.expires_at <= now()) return { state: "free" };
      return { ...foreign(row, now()), state: "held", holder: row.holder };
    },
    async refuseOld(agentId, token) {
      const row = await find(agentId);
      if (row && row.token !== token) throw lost();
    },
  };
}

async function ask(
  trx: Transaction<Schema>,
  { events, now }: LeasesParts,
  agentId: string,
  { holder, label, move = false }: LeaseRequest,
): Promise<LeaseReply> {
  const expiresAt = now() + LEASE_MS;
  const nobody = { agent_id: agentId, token: 0, holder: null, label: null, on_call: false, expires_at: 0 };
  await trx
    .insertInto("agent_leases")
    .values(nobody)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Two pages that ask at once, on two processes: one waits here and then finds the other's lease.
  const row = await trx.selectFrom("agent_leases").selectAll().where("agent_id", "=", agentId).forUpdate().executeTakeFirstOrThrow();
  const isHeld = row.holder !== null && row.expires_at > now();
  if (row.holder === holder) {
    await trx.updateTable("agent_leases").set({ label, expires_at: expiresAt }).where("agent_id", "=", agentId).execute();
    return granted(row.token, expiresAt, now());
  }
  if (isHeld && (!move || row.on_call)) return foreign(row, now());
  const token = row.token + 1;
  await trx
    .updateTable("agent_leases")
    .set({ token, holder, label, on_call: false, expires_at: expiresAt })
    .where("agent_id", "=", agentId)
    .execute();
  await events.append(trx, agentId, { type: "lease-changed", token, holder, label });
  return granted(token, expiresAt, now());
}

async function giveUp(trx: Transaction<Schema>, { events }: LeasesParts, agentId: string, { holder, token }: LeaseRelease): Promise<void> {
  const row = await trx
    .updateTable("agent_leases")
    .set({ holder: null, label: null, on_call: false, expires_at: 0 })
    .where("agent_id", "=", agentId)
    .where("holder", "=", holder)
    .where("token", "=", token)
    .returning("token")
    .executeTakeFirst();
  if (row) await events.append(trx, agentId, { type: "lease-changed", token: row.token, holder: null, label: null });
}

function granted(token: number, expiresAt: number, now: number): GrantedLease {
  return { state: "granted", token, expiresAt, expiresInMs: expiresAt - now, renewAfterMs: LEASE_RENEW_MS };
}

function foreign(row: Selectable<LeaseRow>, now: number) {
  const rest = { label: row.label ?? "", isOnCall: row.on_call, expiresAt: row.expires_at, expiresInMs: row.expires_at - now };
  return { state: "elsewhere", ...rest } as const;
}

function lost(): GatewayError {
  return new GatewayError("lease-lost", "another page of this agent has the phone");
}
