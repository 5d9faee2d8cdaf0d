import type { Db } from "../storage/database.ts";
import type { Agent } from "./agent.ts";
import type { AgentStore } from "./agent-store.ts";
import { randomToken, tokenHash } from "./random-token.ts";

interface Session {
  /** Opens nothing: the token cannot be told from it. */
  readonly id: string;
  readonly agent: Agent;
  readonly expiresAt: number;
}

export interface Sessions {
  /** @param via how the agent signed in, for the record. */
  begin(agentId: string, via: string): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Whose session this is; null where it is unknown, over, or its agent no longer active. */
  find(token: string): Promise<Session | null>;
  end(token: string): Promise<void>;
  endAllOf(agentId: string): Promise<void>;
  /** Removes what is over; so for used tokens and invitations. */
  sweep(): Promise<void>;
}

export function createSessions(db: Db, agents: AgentStore, hours: number, now: () => number): Sessions {
  return {
    async begin(agentId, via) {
      const token = randomToken();
      const expiresAt = now() + hours * 3_600_000;
      await db
        .insertInto("sessions")
        .values({ token_hash: tokenHash(token), agent_id: agentId, via, created_at: now(), expires_at: expiresAt })
        .execute();
      return { token, expiresAt };
    },
    async find(token) {
      const id = tokenHash(token);
      const row = await db
        .selectFrom("sessions")
        .select(["agent_id", "expires_at"])
        .where("token_hash", "=", id)
        .where("expires_at", ">", now())
        .executeTakeFirst();
      const agent = row ? await agents.byId(row.agent_id) : null;
      return row && agent?.active ? { id, agent, expiresAt: row.expires_at } : null;
    },
    async end(token) {
      await db.deleteFrom("sessions").where("token_hash", "=", tokenHash(token)).execute();
    },
    async endAllOf(agentId) {
      await db.deleteFrom("sessions").where("agent_id", "=", agentId).execute();
    },
    async sweep() {
      await db.deleteFrom("sessions").where("expires_at", "<", now()).execute();
      await db.deleteFrom("used_tokens").where("expires_at", "<", now()).execute();
      await db.deleteFrom("invitations").where("expires_at", "<", now()).execute();
    },
  };
}
