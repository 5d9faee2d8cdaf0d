import { createHash } from "node:crypto";
import { sql } from "kysely";
import { GatewayError } from "../errors.ts";
import type { Db } from "../storage/database.ts";

/** So many in so long, by key; of all gateways on one database together. */
export interface RateLimit {
  /** Counts one. @throws GatewayError `too-many-requests` with the seconds to wait. */
  take(key: string): Promise<void>;
  /** As `take`, without counting. */
  check(key: string): Promise<void>;
  /** One that was taken does not count after all. */
  giveBack(key: string): Promise<void>;
}

export interface RateLimitOptions {
  readonly db: Db;
  /** Sets the keys of several limits apart. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly now: () => number;
}

/** Windows begin with the first of their requests. */
export function createRateLimit({ db, name, limit, windowMs, now }: RateLimitOptions): RateLimit {
  // An address or a name that somebody typed is nothing that the table has to know.
  const rowOf = (key: string): string => createHash("sha256").update(`${name} ${key}`).digest("base64url");
  const refuse = (endsAt: number): never => {
    const retryAfter = Math.max(1, Math.ceil((endsAt - now()) / 1_000));
    throw new GatewayError("too-many-requests", "too many requests; wait a little", { retryAfter });
  };
  return {
    async take(key) {
      // One statement: of two requests at two gateways, each counts.
      const fresh = { key: rowOf(key), count: 1, ends_at: now() + windowMs };
      const row = await db
        .insertInto("rate_limits")
        .values(fresh)
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet({
            count: sql`case when rate_limits.ends_at <= ${now()} then 1 else least(rate_limits.count, ${limit}) + 1 end`,
            ends_at: sql`case when rate_limits.ends_at <= ${now()} then ${fresh.ends_at} else rate_limits.ends_at end`,
          }),
        )
        .returning(["count", "ends_at"])
        .executeTakeFirstOrThrow();
      if (row.count > limit) refuse(row.ends_at);
    },
    async check(key) {
      const row = await db.selectFrom("rate_limits").select(["count", "ends_at"]).where("key", "=", rowOf(key)).executeTakeFirst();
      if (row && row.ends_at > now() && row.count >= limit) refuse(row.ends_at);
    },
    async giveBack(key) {
      await db
        .updateTable("rate_limits")
        // One that was refused meanwhile stands above the limit and took nothing.
        .set({ count: sql`greatest(least(count, ${limit}) - 1, 0)` })
        .where("key", "=", rowOf(key))
        .where("ends_at", ">", now())
        .execute();
    },
  };
}

/** Removes windows that are over. */
export async function sweepRateLimits(db: Db, now: number): Promise<void> {
  await db.deleteFrom("rate_limits").where("ends_at", "<", now).execute();
}
