import { sql } from "kysely";
import type { AuditAction } from "../storage/audit.ts";
import type { Db } from "../storage/database.ts";

export interface RetentionParts {
  readonly db: Db;
  readonly keepDays: number;
  readonly now: () => number;
}

/** Calls of one sweep; the next has the rest. */
const MOST_AT_ONCE = 500;
const DAY_MS = 86_400_000;
const FORGOTTEN: AuditAction = "recording-forgotten";

/**
 * Forgets where the recordings of calls that are older than `keepDays` lie: in the call, and in every report about it. The sound
 * itself is Exotel's, whose documents have no request that deletes it. Each forgotten recording is in the audit, by its call,
 * in the same transaction.
 *
 * @returns how many were forgotten.
 */
export async function forgetOldRecordings({ db, keepDays, now }: RetentionParts): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const old = await trx
      .selectFrom("calls")
      .select("id")
      .where("started_at", "<", now() - keepDays * DAY_MS)
      .where(sql<boolean>`jsonb_exists(record, 'recordingUrl')`)
      .orderBy("started_at")
      .limit(MOST_AT_ONCE)
      // Of two gateways that sweep at once, each takes others; one that is being reported on has its turn later.
      .forUpdate()
      .skipLocked()
      .execute();
    if (old.length === 0) return 0;
    const ids = old.map((call) => call.id);
    await trx
      .updateTable("calls")
      .set({ record: sql<string>`record - 'recordingUrl'`, updated_at: now() })
      .where("id", "in", ids)
      .execute();
    // The report's own hash stays: the same one again brings nothing back.
    await trx
      .updateTable("call_facts")
      .set({ fact: sql<string>`fact - 'recordingUrl'` })
      .where("call_id", "in", ids)
      .execute();
    await trx
      .insertInto("audit")
      .values(ids.map((id) => ({ at: now(), agent_id: null, action: FORGOTTEN, subject: id })))
      .execute();
    return ids.length;
  });
}
