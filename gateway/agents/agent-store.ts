import { randomUUID } from "node:crypto";
import type { Selectable, Transaction } from "kysely";
import type { Db } from "../storage/database.ts";
import type { AgentRow, Schema } from "../storage/schema.ts";
import type { Agent } from "./agent.ts";

/** What an administrator decides about an agent; the key is the CRM's user. */
export interface AgentDetails extends Omit<Agent, "id"> {
  readonly signInName: string | null;
}

/** What is absent stays as it is; a new agent has its default. */
export type AgentChanges = Pick<AgentDetails, "crmUser" | "name"> & Partial<AgentDetails>;

export interface AgentStore {
  byId(id: string): Promise<Agent | null>;
  byCrmUser(crmUser: string): Promise<Agent | null>;
  bySignInName(name: string): Promise<{ readonly agent: Agent; readonly passwordHash: string | null } | null>;
  /** By what LeadSquared or Exotel knows the agent as: identifier, `sip:user`, telephone. Telephones are compared by their last ten digits. */
  byAnyName(name: string): Promise<Agent | null>;
  all(): Promise<readonly (AgentDetails & { readonly id: string })[]>;
  /** Creates the agent or changes him. Throws `Unfit`. */
  save(changes: AgentChanges): Promise<Agent>;
  setPasswordHash(id: string, hash: string | null): Promise<void>;
  setDevice(id: string, device: Agent["device"]): Promise<void>;
}

/** Such an agent cannot be: a name belongs to somebody else, or there is nothing to ring. */
export class Unfit extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "Unfit";
  }
}

export function createAgentStore(db: Db, now: () => number): AgentStore {
  const one = async (column: "id" | "crm_user" | "sign_in_name", value: string): Promise<Selectable<AgentRow> | undefined> =>
    await db.selectFrom("agents").selectAll().where(column, "=", value).executeTakeFirst();
  return {
    byId: async (id) => asAgent(await one("id", id)),
    byCrmUser: async (crmUser) => asAgent(await one("crm_user", crmUser)),
    async bySignInName(name) {
      const row = await one("sign_in_name", name);
      const agent = asAgent(row);
      return row && agent ? { agent, passwordHash: row.password_hash } : null;
    },
    byAnyName: (name) => findByAnyName(db, name),
    async all() {
      const rows = await db.selectFrom("agents").selectAll().orderBy("name").orderBy("id").execute();
      return rows.map((row) => ({ ...agentOf(row), signInName: row.sign_in_name }));
    },
    save: (changes) => db.transaction().execute((trx) => saveAgent(trx, changes, now())),
    async setPasswordHash(id, hash) {
      await db.updateTable("agents").set({ password_hash: hash, updated_at: now() }).where("id", "=", id).execute();
    },
    async setDevice(id, device) {
      await db.updateTable("agents").set({ device, updated_at: now() }).where("id", "=", id).execute();
    },
  };
}

async function findByAnyName(db: Db, name: string): Promise<Agent | null> {
  const sipUser = /^sip:([^@;]+)/i.exec(name)?.[1];
  const digits = name.replaceAll(/\D/g, "").slice(-10);
  const rows = await db
    .selectFrom("agents")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb("agent_identifier", "=", name),
        eb("crm_user", "=", name),
        eb("sip_user", "=", sipUser ?? name),
        ...(digits.length === 10 ? [eb("phone_number", "like", `%${digits}`)] : []),
      ]),
    )
    .where("active", "=", true)
    .limit(2)
    .execute();
  // Two agents with one telephone: saying who it was would be a guess.
  return rows.length === 1 ? asAgent(rows[0]) : null;
}

const DEFAULTS = {
  sign_in_name: null,
  agent_identifier: null,
  phone_number: null,
  caller_id: null,
  device: "sip",
  sip_user: null,
  click_to_call: true,
  role: "agent",
  active: true,
} as const;

async function saveAgent(trx: Transaction<Schema>, changes: AgentChanges, now: number): Promise<Agent> {
  const values = { ...valuesOf(changes), name: changes.name, updated_at: now };
  try {
    const row = await trx
      .insertInto("agents")
      .values({ ...DEFAULTS, id: randomUUID(), crm_user: changes.crmUser, password_hash: null, created_at: now, ...values })
      .onConflict((conflict) => conflict.column("crm_user").doUpdateSet(values))
      .returningAll()
      .executeTakeFirstOrThrow();
    if (row.device === "phone" && row.phone_number === null) throw new Unfit("Mobile Number: needed by the device Phone");
    return agentOf(row);
  } catch (error) {
    throw takenOf(error) ?? error;
  }
}

function valuesOf(changes: AgentChanges): Partial<Selectable<AgentRow>> {
  const all = {
    sign_in_name: changes.signInName,
    agent_identifier: changes.agentIdentifier,
    phone_number: changes.phoneNumber,
    caller_id: changes.callerId,
    device: changes.device,
    sip_user: changes.sipUser,
    click_to_call: changes.clickToCall,
    role: changes.role,
    active: changes.active,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Unique violation of PostgreSQL (23505); the constraint is `agents_<column>_key`. */
function takenOf(error: unknown): Unfit | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return null;
  const column = "constraint" in error ? /^agents_(\w+)_key$/.exec(String(error.constraint))?.[1] : undefined;
  return new Unfit(`${column ?? "a name"} belongs to another agent`);
}

function asAgent(row: Selectable<AgentRow> | undefined): Agent | null {
  return row ? agentOf(row) : null;
}

function agentOf(row: Selectable<AgentRow>): Agent {
  return {
    id: row.id,
    crmUser: row.crm_user,
    name: row.name,
    agentIdentifier: row.agent_identifier,
    phoneNumber: row.phone_number,
    callerId: row.caller_id,
    device: row.device,
    sipUser: row.sip_user,
    clickToCall: row.click_to_call,
    role: row.role,
    active: row.active,
  };
}
