import type { Transaction } from "kysely";
import * as v from "valibot";
import { sipAccountSchema, type SipAccount } from "../../src/protocol/gateway-agents.ts";
import type { Db } from "../storage/database.ts";
import type { Schema } from "../storage/schema.ts";
import type { SecretBox } from "../storage/secret-box.ts";

/** SIP credentials by agent, encrypted at rest. */
export interface SipAccounts {
  /** Stores or rotates. */
  set(agentId: string, account: SipAccount): Promise<void>;
  /** As `set`, in the caller's transaction. */
  setIn(trx: Transaction<Schema>, agentId: string, account: SipAccount): Promise<void>;
  get(agentId: string): Promise<SipAccount | null>;
  remove(agentId: string): Promise<void>;
}

export function createSipAccounts(db: Db, box: SecretBox, now: () => number): SipAccounts {
  const set = async (at: Db, agentId: string, account: SipAccount): Promise<void> => {
    const values = { sealed: box.seal(JSON.stringify(account), agentId), rotated_at: now() };
    await at
      .insertInto("sip_credentials")
      .values({ agent_id: agentId, ...values })
      .onConflict((conflict) => conflict.column("agent_id").doUpdateSet(values))
      .execute();
  };
  return {
    set: (agentId, account) => set(db, agentId, account),
    setIn: set,
    async get(agentId) {
      const row = await db.selectFrom("sip_credentials").select("sealed").where("agent_id", "=", agentId).executeTakeFirst();
      return row ? v.parse(sipAccountSchema, JSON.parse(box.open(row.sealed, agentId))) : null;
    },
    async remove(agentId) {
      await db.deleteFrom("sip_credentials").where("agent_id", "=", agentId).execute();
    },
  };
}
