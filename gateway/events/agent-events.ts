import { sql, type Transaction } from "kysely";
import type { GatewayEvent } from "../../src/protocol/gateway-calls.ts";
import type { Database } from "../storage/database.ts";
import type { Schema } from "../storage/schema.ts";

/** What an agent's widgets have to hear, kept until they have had time to. */
export interface AgentEvents {
  /** Writes in the caller's transaction; listeners of every process are woken once it is committed. */
  append(trx: Transaction<Schema>, agentId: string, event: GatewayEvent): Promise<void>;
  onWake(agentId: string, listener: () => void): () => void;
  /** Notices may have been lost, anybody's. */
  onMissed(listener: () => void): void;
  /** Events after `seq`, oldest first; null where some of them are gone. */
  after(agentId: string, seq: number): Promise<readonly StoredEvent[] | null>;
  newest(agentId: string): Promise<number>;
  /** Open streams on this process. */
  listeners(): number;
  sweep(): Promise<void>;
  /** Wakes every stream a last time, so that it sees that the process is stopping. */
  close(): Promise<void>;
}

export interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  readonly payload: unknown;
}

const KEPT_MS = 3_600_000;
const MOST_AT_ONCE = 500;

const CHANNEL = "gateway_agent_events";

export async function createAgentEvents({ db, listen }: Database, now: () => number): Promise<AgentEvents> {
  const listeners = new Map<string, Set<() => void>>();
  const missed = new Set<() => void>();
  const close = await listen(CHANNEL, (agentId) => {
    for (const listener of agentId === null ? missed : (listeners.get(agentId) ?? [])) listener();
  });
  const newest = async (agentId: string): Promise<number> =>
    (await db.selectFrom("agents").select("event_seq").where("id", "=", agentId).executeTakeFirst())?.event_seq ?? 0;
  return {
    async append(trx, agentId, event) {
      // The row stays locked until the commit, so numbers become visible in their order and none is skipped.
      const agent = await trx
        .updateTable("agents")
        .set((eb) => ({ event_seq: eb("event_seq", "+", 1) }))
        .where("id", "=", agentId)
        .returning("event_seq")
        .executeTakeFirstOrThrow();
      await trx
        .insertInto("agent_events")
        .values({ agent_id: agentId, seq: agent.event_seq, type: event.type, payload: JSON.stringify(event), created_at: now() })
        .execute();
      await sql`select pg_notify(${CHANNEL}, ${agentId})`.execute(trx);
    },
    onWake(agentId, listener) {
      const mine = listeners.get(agentId) ?? new Set();
      listeners.set(agentId, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(agentId);
      };
    },
    onMissed: (listener) => void missed.add(listener),
    async after(agentId, seq) {
      // Asked first: an event that is written between the two questions is found by the second.
      const last = await newest(agentId);
      const rows = await db
        .selectFrom("agent_events")
        .select(["seq", "type", "payload"])
        .where("agent_id", "=", agentId)
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(MOST_AT_ONCE)
        .execute();
      const isWhole = rows[0] === undefined ? last === seq : rows[0].seq === seq + 1;
      return isWhole ? rows : null;
    },
    newest,
    listeners: () => [...listeners.values()].reduce((sum, mine) => sum + mine.size, 0),
    async sweep() {
      await db
        .deleteFrom("agent_events")
        .where("created_at", "<", now() - KEPT_MS)
        .execute();
    },
    async close() {
      for (const mine of listeners.values()) for (const listener of mine) listener();
      await close();
    },
  };
}
