import type { Db } from "./database.ts";

/** Who did what, kept for whoever has to answer for it. `subject` is an id, never a number or a name. */
export interface Audit {
  add(action: AuditAction, agentId: string | null, subject: string): Promise<void>;
}

export type AuditAction =
  | "sign-in"
  | "sip-account-read"
  | "sip-account-set"
  | "subscriber-created"
  | "subscriber-rotated"
  | "subscriber-deleted"
  | "agents-imported"
  | "invitation-created"
  | "password-set"
  | "leg-controlled"
  | "call-monitored"
  | "recording-played"
  | "recording-forgotten"
  | "delivery-replayed";

export function createAudit(db: Db, now: () => number): Audit {
  return {
    async add(action, agentId, subject) {
      await db.insertInto("audit").values({ at: now(), agent_id: agentId, action, subject }).execute();
    },
  };
}
