import * as v from "valibot";
import { AVAILABILITY_STATES, type Availability } from "../../src/protocol/gateway-agents.ts";
import type { Db } from "../storage/database.ts";

/** Ready, on a break, wrapping up, away; with history. */
export interface AvailabilityBook {
  set(agentId: string, state: Availability["state"], reason: string | null): Promise<Availability>;
  current(agentId: string): Promise<Availability>;
  /** Newest first. */
  history(agentId: string, limit: number): Promise<readonly Availability[]>;
}

export function createAvailabilityBook(db: Db, now: () => number): AvailabilityBook {
  const history = async (agentId: string, limit: number): Promise<readonly Availability[]> => {
    const rows = await db
      .selectFrom("availability")
      .select(["state", "reason", "since"])
      .where("agent_id", "=", agentId)
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, state: v.parse(v.picklist(AVAILABILITY_STATES), row.state) }));
  };
  const current = async (agentId: string): Promise<Availability> =>
    (await history(agentId, 1))[0] ?? { state: "offline", reason: null, since: 0 };
  return {
    async set(agentId, state, reason) {
      const before = await current(agentId);
      if (before.state === state && before.reason === reason) return before;
      const since = now();
      await db.insertInto("availability").values({ agent_id: agentId, state, reason, since }).execute();
      return { state, reason, since };
    },
    current,
    history,
  };
}
