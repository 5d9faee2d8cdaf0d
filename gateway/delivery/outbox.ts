import { sql, type Transaction } from "kysely";
import type { Db } from "../storage/database.ts";
import type { Schema } from "../storage/schema.ts";
import type { PlannedDelivery } from "./plan-deliveries.ts";

/**
 * Deliveries that the CRM has not had yet: a table of our own with leases, not a queue library. A delivery must be written
 * in the transaction that changes its call, must wait for the earlier deliveries of that call, must come forward in time
 * when the agent's note arrives, and shares one limit of requests with every other process; a queue of independent jobs
 * gives none of the four.
 */
export interface Outbox {
  /** In the caller's transaction. One that is there already only ever becomes due earlier. */
  plan(trx: Transaction<Schema>, callId: string, planned: readonly PlannedDelivery[]): Promise<void>;
  /** Takes up to `limit` due deliveries for `leaseMs`; of one call only the first. Nobody else gets them meanwhile. */
  claim(limit: number, leaseMs: number): Promise<readonly Delivery[]>;
  /** Holds on to it for `leaseMs` more. @returns the delivery with its new lease; null: somebody else has it by now. */
  renew(delivery: Delivery, leaseMs: number): Promise<Delivery | null>;
  /** The lease protects these too: whoever has lost it changes nothing. */
  done(delivery: Delivery, result: unknown): Promise<void>;
  retry(delivery: Delivery, error: string | null, dueAt: number, progress: unknown): Promise<void>;
  bury(delivery: Delivery, error: string): Promise<void>;
  /** Result of another delivery of the same call; null: not done. */
  resultOf(callId: string, kind: string): Promise<unknown>;
  /** For a request to the CRM that is no delivery: false where this window has no more of them. */
  takeRequest(): Promise<boolean>;
  counts(): Promise<{ readonly waiting: number; readonly dead: number }>;
  /** Newest first. */
  dead(limit: number): Promise<readonly DeadDelivery[]>;
  /** A person says: try again. */
  replay(id: number): Promise<boolean>;
}

export interface Delivery {
  readonly id: number;
  readonly callId: string;
  readonly kind: string;
  /** This try included. */
  readonly attempts: number;
  readonly leasedUntil: number;
  readonly createdAt: number;
  /** What the try before has left. */
  readonly progress: unknown;
}

export interface DeadDelivery extends Delivery {
  readonly error: string | null;
  readonly updatedAt: number;
}

/** @param perWindow  requests to the CRM in 5 seconds, from all processes together. */
export function createOutbox(db: Db, now: () => number, perWindow: number): Outbox {
  const finish = async (delivery: Delivery, change: Partial<OutboxChange>): Promise<void> => {
    await db
      .updateTable("outbox")
      .set({ leased_until: 0, updated_at: now(), ...change })
      .where("id", "=", delivery.id)
      .where("state", "=", "waiting")
      .where("leased_until", "=", delivery.leasedUntil)
      .execute();
    await countUntil(db, delivery.id, now());
  };
  return {
    plan: (trx, callId, planned) => plan(trx, callId, planned, now()),
    claim: (limit, leaseMs) => claim(db, { limit, leaseMs, perWindow }, now),
    renew: (delivery, leaseMs) => renew(db, delivery, now() + leaseMs),
    takeRequest: () =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended('outbox claim', 0))`.execute(trx);
        if ((await freeRequests(trx, perWindow, now())) === 0) return false;
        // Nobody says when it is answered: that long at most.
        await trx
          .insertInto("crm_requests")
          .values({ delivery_id: null, at: now() + WINDOW_MS })
          .execute();
        return true;
      }),
    done: (delivery, result) => finish(delivery, { state: "done", result: JSON.stringify(result ?? null), last_error: null }),
    retry: (delivery, error, dueAt, progress) =>
      finish(delivery, { due_at: dueAt, last_error: error, result: JSON.stringify(progress ?? null) }),
    bury: (delivery, error) => finish(delivery, { state: "dead", last_error: error }),
    async resultOf(callId, kind) {
      const query = db.selectFrom("outbox").select("result").where("call_id", "=", callId).where("kind", "=", kind);
      return (await query.where("state", "=", "done").executeTakeFirst())?.result ?? null;
    },
    async counts() {
      const rows = await db
        .selectFrom("outbox")
        .select(["state", (eb) => eb.fn.countAll<number>().as("count")])
        .where("state", "in", ["waiting", "dead"])
        .groupBy("state")
        .execute();
      const of = (state: string): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
      return { waiting: of("waiting"), dead: of("dead") };
    },
    async dead(limit) {
      const rows = await db.selectFrom("outbox").selectAll().where("state", "=", "dead").orderBy("id", "desc").limit(limit).execute();
      return rows.map((row) => ({ ...deliveryOf(row), error: row.last_error, updatedAt: row.updated_at }));
    },
    async replay(id) {
      const result = await db
        .updateTable("outbox")
        .set({ state: "waiting", attempts: 0, due_at: now(), leased_until: 0, updated_at: now() })
        .where("id", "=", id)
        .where("state", "=", "dead")
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

interface OutboxChange {
  state: "done" | "dead";
  result: string;
  last_error: string | null;
  due_at: number;
}

async function plan(trx: Transaction<Schema>, callId: string, planned: readonly PlannedDelivery[], now: number): Promise<void> {
  for (const { kind, dueAt, expiresAt } of planned) {
    await trx
      .insertInto("outbox")
      .values({
        call_id: callId,
        kind,
        idempotency_key: `${kind}:${callId}`,
        state: "waiting",
        attempts: 0,
        due_at: dueAt,
        expires_at: expiresAt,
        leased_until: 0,
        last_error: null,
        result: "null",
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .column("idempotency_key")
          .doUpdateSet({ due_at: dueAt, updated_at: now })
          .where("outbox.state", "=", "waiting")
          .where("outbox.attempts", "=", 0)
          .where("outbox.due_at", ">", dueAt),
      )
      .execute();
  }
}

/** LeadSquared counts the requests of so long, from whichever process they come. */
const WINDOW_MS = 5_000;

/**
 * How many requests may be made now. Nobody knows when one on its way reaches LeadSquared: a process may be held up between
 * taking a delivery and sending it. So each counts from when it was taken until a window after its answer; one whose process
 * has died, until a window after its lease.
 */
async function freeRequests(trx: Transaction<Schema>, perWindow: number, now: number): Promise<number> {
  await trx
    .deleteFrom("crm_requests")
    .where("at", "<=", now - WINDOW_MS)
    .execute();
  const made = await trx
    .selectFrom("crm_requests")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Math.max(0, perWindow - Number(made.count));
}

async function countUntil(db: Db, deliveryId: number, at: number): Promise<void> {
  await db.updateTable("crm_requests").set({ at }).where("delivery_id", "=", deliveryId).where("at", ">", at).execute();
}

async function renew(db: Db, delivery: Delivery, leasedUntil: number): Promise<Delivery | null> {
  const result = await db
    .updateTable("outbox")
    .set({ leased_until: leasedUntil })
    .where("id", "=", delivery.id)
    .where("state", "=", "waiting")
    .where("leased_until", "=", delivery.leasedUntil)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) return null;
  await db
    .updateTable("crm_requests")
    .set({ at: leasedUntil })
    .where("delivery_id", "=", delivery.id)
    .where("at", "=", delivery.leasedUntil)
    .execute();
  return { ...delivery, leasedUntil };
}

interface Claim {
  readonly limit: number;
  readonly leaseMs: number;
  readonly perWindow: number;
}

async function claim(db: Db, { limit, leaseMs, perWindow }: Claim, clock: () => number): Promise<readonly Delivery[]> {
  return db.transaction().execute(async (trx) => {
    // One claim at a time: requests are counted across processes, and the first of a call is the first for everybody.
    await sql`select pg_advisory_xact_lock(hashtextextended('outbox claim', 0))`.execute(trx);
    const now = clock();
    await trx
      .updateTable("outbox")
      .set({ state: "expired", updated_at: now })
      .where("state", "=", "waiting")
      .where("expires_at", "<=", now)
      .where("leased_until", "<=", now)
      .execute();
    const due = await trx
      .selectFrom("outbox")
      .select("outbox.id")
      .where("outbox.state", "=", "waiting")
      .where("outbox.due_at", "<=", now)
      .where("outbox.leased_until", "<=", now)
      // Popups stand alone; everything else of a call goes in its order, also behind what is dead.
      .where((eb) =>
        eb.or([
          eb("outbox.kind", "=", "popup"),
          eb.not(
            eb.exists(
              eb
                .selectFrom("outbox as earlier")
                .select("earlier.id")
                .whereRef("earlier.call_id", "=", "outbox.call_id")
                .whereRef("earlier.id", "<", "outbox.id")
                .where("earlier.kind", "!=", "popup")
                .where("earlier.state", "in", ["waiting", "dead"]),
            ),
          ),
        ]),
      )
      .orderBy("outbox.due_at")
      .limit(limit)
      .execute();
    const granted = due.slice(0, due.length > 0 ? await freeRequests(trx, perWindow, now) : 0);
    if (granted.length === 0) return [];
    await trx
      .insertInto("crm_requests")
      .values(granted.map((row) => ({ delivery_id: row.id, at: now + leaseMs })))
      .execute();
    const rows = await trx
      .updateTable("outbox")
      .set((eb) => ({ leased_until: now + leaseMs, attempts: eb("attempts", "+", 1), updated_at: now }))
      .where(
        "id",
        "in",
        granted.map((row) => row.id),
      )
      .returningAll()
      .execute();
    return rows.map(deliveryOf).toSorted((a, b) => a.id - b.id);
  });
}

function deliveryOf(row: {
  id: number;
  call_id: string;
  kind: string;
  attempts: number;
  leased_until: number;
  created_at: number;
  result: unknown;
}): Delivery {
  return {
    id: row.id,
    callId: row.call_id,
    kind: row.kind,
    attempts: row.attempts,
    leasedUntil: row.leased_until,
    createdAt: row.created_at,
    progress: row.result,
  };
}
