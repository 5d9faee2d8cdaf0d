import type { Db } from "../storage/database.ts";
import { randomToken, tokenHash } from "./random-token.ts";

/** Links that sign one agent in, once. */
export interface Invitations {
  create(agentId: string): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Uses it up. Null: unknown, used or over. */
  take(token: string): Promise<string | null>;
}

export function createInvitations(db: Db, hours: number, now: () => number): Invitations {
  return {
    async create(agentId) {
      const token = randomToken();
      const expiresAt = now() + hours * 3_600_000;
      await db
        .insertInto("invitations")
        .values({ token_hash: tokenHash(token), agent_id: agentId, expires_at: expiresAt, used_at: null })
        .execute();
      return { token, expiresAt };
    },
    async take(token) {
      // One statement: two browsers that follow the link at once do not both get in.
      const row = await db
        .updateTable("invitations")
        .set({ used_at: now() })
        .where("token_hash", "=", tokenHash(token))
        .where("used_at", "is", null)
        .where("expires_at", ">", now())
        .returning("agent_id")
        .executeTakeFirst();
      return row?.agent_id ?? null;
    },
  };
}
