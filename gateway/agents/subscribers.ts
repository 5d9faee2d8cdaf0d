import { randomBytes, randomInt } from "node:crypto";
import type { Selectable } from "kysely";
import type { GatewayConfig } from "../config/gateway-config.ts";
import type { AgentEvents } from "../events/agent-events.ts";
import { MOST_CREATED, MOST_REMOVED, type SubscriberApi, type SubscriberResult } from "../exotel/subscriber-api.ts";
import type { Audit, AuditAction } from "../storage/audit.ts";
import type { Db } from "../storage/database.ts";
import type { SubscriberRow } from "../storage/schema.ts";
import type { SecretBox } from "../storage/secret-box.ts";
import type { Agent } from "./agent.ts";
import type { SipAccounts } from "./sip-accounts.ts";

/**
 * Exotel subscribers of agents. The rules:
 *
 * - [G90] What was asked for twice is done once: a row is written before Exotel is asked, and a request that was cut short is
 *   finished by the next, with the same name and password.
 * - [G91] Nobody's subscriber is taken over without a word: a name from the mapping that Exotel has already is refused, unless
 *   `takeOver` says so.
 * - [G92] The widget gets a password when Exotel has it, and not before.
 * - [G93] One failure fails one row.
 */
export interface Subscribers {
  create(agents: readonly Agent[], options: { readonly takeOver: boolean }): Promise<readonly SubscriberOutcome[]>;
  /** A new password each. */
  rotate(agents: readonly Agent[]): Promise<readonly SubscriberOutcome[]>;
  remove(agents: readonly Agent[]): Promise<readonly SubscriberOutcome[]>;
  all(): Promise<readonly { readonly user: string; readonly userName: string; readonly state: string; readonly changedAt: number }[]>;
}

export interface SubscriberOutcome {
  /** The CRM's user. */
  readonly user: string;
  readonly result: "created" | "rotated" | "deleted" | "unchanged" | "failed";
  readonly problem?: string;
}

export interface SubscribersParts {
  readonly db: Db;
  readonly api: SubscriberApi;
  readonly box: SecretBox;
  readonly sipAccounts: SipAccounts;
  readonly events: AgentEvents;
  readonly audit: Audit;
  readonly config: GatewayConfig["exotel"];
  readonly now: () => number;
}

/** Longer than the slowest turn; whoever crashed in one is relieved after it. */
const BUSY_MS = 10 * 60_000;
const NAME_LENGTH = 12;

type SubscriberWork = "create" | "rotate" | "delete";

/** What one agent's turn begins with: a claimed row, or why there is none. */
type Claim =
  | { readonly agent: Agent; readonly row: Selectable<SubscriberRow>; readonly password: string }
  | { readonly agent: Agent; readonly outcome: SubscriberOutcome };

export function createSubscribers(parts: SubscribersParts): Subscribers {
  const { db, api } = parts;
  return {
    create: (agents, { takeOver }) =>
      inTurns(agents, MOST_CREATED, async (turn) => {
        const claims = await claimAll(parts, turn, "create");
        const wanted = claims.flatMap((one) => ("row" in one ? [one] : []));
        const results = await api.create(
          wanted.map(({ agent, row, password }) => ({ userName: row.user_name, password, email: emailOf(agent) })),
        );
        return settleAll(parts, claims, async ({ row, password }, index) => {
          const result = results[index] ?? NOT_ASKED;
          if (result.type !== "exists") return result;
          // One that we named ourselves is ours: the answer to an earlier request was lost.
          if (row.is_generated || takeOver) return api.setPassword(row.user_name, password);
          return { type: "refused", reason: "Exotel has a subscriber of this name; takeOver gives it a new password" };
        });
      }),
    rotate: (agents) =>
      inTurns(agents, MOST_CREATED, async (turn) => {
        const claims = await claimAll(parts, turn, "rotate");
        return settleAll(parts, claims, ({ row, password }) => api.setPassword(row.user_name, password));
      }),
    remove: (agents) =>
      inTurns(agents, MOST_REMOVED, async (turn) => {
        const claims = await claimAll(parts, turn, "delete");
        const results = await api.remove(claims.flatMap((one) => ("row" in one ? [one.row.user_name] : [])));
        return settleAll(parts, claims, (_claim, index) => {
          const result = results[index] ?? NOT_ASKED;
          return Promise.resolve(result.type === "missing" ? ({ type: "done" } as const) : result);
        });
      }),
    async all() {
      const rows = await db
        .selectFrom("subscribers")
        .innerJoin("agents", "agents.id", "subscribers.agent_id")
        .select(["agents.crm_user", "subscribers.user_name", "subscribers.state", "subscribers.updated_at"])
        .orderBy("agents.crm_user")
        .execute();
      return rows.map((row) => ({ user: row.crm_user, userName: row.user_name, state: row.state, changedAt: row.updated_at }));
    },
  };
}

const NOT_ASKED = { type: "unknown", reason: "Exotel was not asked" } as const;

/** One request's worth at a time: nothing is marked as being worked on while others have their turn. */
async function inTurns(
  agents: readonly Agent[],
  size: number,
  work: (turn: readonly Agent[]) => Promise<readonly SubscriberOutcome[]>,
): Promise<readonly SubscriberOutcome[]> {
  const outcomes: SubscriberOutcome[] = [];
  for (let start = 0; start < agents.length; start += size) outcomes.push(...(await work(agents.slice(start, start + size))));
  return outcomes;
}

const STATE = { create: "creating", rotate: "rotating", delete: "deleting" } as const;

async function claimAll(parts: SubscribersParts, agents: readonly Agent[], work: SubscriberWork): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const agent of agents) claims.push(await claim(parts, agent, work));
  return claims;
}

/** In one transaction: reads the row, decides, and marks it as being worked on. */
function claim({ db, box, now }: SubscribersParts, agent: Agent, work: SubscriberWork): Promise<Claim> {
  const over = (result: SubscriberOutcome["result"], problem?: string): Claim => ({
    agent,
    outcome: { user: agent.crmUser, result, ...(problem === undefined ? {} : { problem }) },
  });
  return db.transaction().execute(async (trx) => {
    const known = await trx.selectFrom("subscribers").selectAll().where("agent_id", "=", agent.id).forUpdate().executeTakeFirst();
    if (known && known.busy_until > now()) return over("failed", "another request is working on it");
    if (work === "create" && (known?.state === "ready" || known?.state === "rotating")) return over("unchanged");
    if (work === "create" && !agent.active) return over("failed", "the agent is not active");
    if (work === "delete" && !known) return over("unchanged");
    if (work === "rotate" && (!known || known.state === "creating")) return over("failed", "there is no subscriber yet");
    if (work !== "delete" && known?.state === "deleting") return over("failed", "it is being deleted; ask for that again first");
    const pending = known?.sealed_password ?? null;
    const password = pending === null ? newPassword() : box.open(pending, agent.id);
    const name = known?.user_name ?? agent.sipUser ?? newName();
    const values = {
      state: STATE[work],
      sealed_password: work === "delete" ? pending : box.seal(password, agent.id),
      busy_until: now() + BUSY_MS,
      updated_at: now(),
    };
    const isTaken = known
      ? undefined
      : await trx.selectFrom("subscribers").select("agent_id").where("user_name", "=", name).executeTakeFirst();
    if (isTaken) return over("failed", "another agent has a subscriber of this name");
    const row = await trx
      .insertInto("subscribers")
      .values({ agent_id: agent.id, user_name: name, is_generated: agent.sipUser === null, ...values })
      .onConflict((conflict) => conflict.column("agent_id").doUpdateSet(values))
      .returningAll()
      .executeTakeFirstOrThrow();
    return { agent, row, password };
  });
}

type Claimed = Extract<Claim, { readonly row: unknown }>;

async function settleAll(
  parts: SubscribersParts,
  claims: readonly Claim[],
  finish: (claim: Claimed, index: number) => Promise<SubscriberResult>,
): Promise<readonly SubscriberOutcome[]> {
  const outcomes: SubscriberOutcome[] = [];
  let index = 0;
  for (const one of claims) {
    if ("outcome" in one) outcomes.push(one.outcome);
    else outcomes.push(await settle(parts, one, await finish(one, index++)));
  }
  return outcomes;
}

async function settle(parts: SubscribersParts, { agent, row, password }: Claimed, result: SubscriberResult): Promise<SubscriberOutcome> {
  const { db, now } = parts;
  const user = agent.crmUser;
  if (result.type !== "done") {
    // It stays as it is, with its password: the next request finishes it. A name of the mapping's that was refused may be mended there.
    const isGone = result.type === "refused" && row.state === "creating" && !row.is_generated;
    if (isGone) await db.deleteFrom("subscribers").where("agent_id", "=", agent.id).execute();
    else await db.updateTable("subscribers").set({ busy_until: 0 }).where("agent_id", "=", agent.id).execute();
    return { user, result: "failed", problem: problemOf(result) };
  }
  const done = DONE[row.state === "ready" ? "creating" : row.state];
  await db.transaction().execute(async (trx) => {
    if (row.state === "deleting") {
      await trx.deleteFrom("subscribers").where("agent_id", "=", agent.id).execute();
      await trx.deleteFrom("sip_credentials").where("agent_id", "=", agent.id).execute();
      if (row.is_generated) await trx.updateTable("agents").set({ sip_user: null }).where("id", "=", agent.id).execute();
    } else {
      await parts.sipAccounts.setIn(trx, agent.id, accountOf(parts.config, agent, row.user_name, password));
      await trx.updateTable("agents").set({ sip_user: row.user_name }).where("id", "=", agent.id).execute();
      const ready = { state: "ready", sealed_password: null, busy_until: 0, updated_at: now() } as const;
      await trx.updateTable("subscribers").set(ready).where("agent_id", "=", agent.id).execute();
    }
    await parts.events.append(trx, agent.id, { type: "sip-account-changed" });
  });
  await parts.audit.add(done.action, null, agent.id);
  return { user, result: done.result };
}

const DONE = {
  creating: { result: "created", action: "subscriber-created" },
  rotating: { result: "rotated", action: "subscriber-rotated" },
  deleting: { result: "deleted", action: "subscriber-deleted" },
} as const satisfies Readonly<Record<string, { readonly result: SubscriberOutcome["result"]; readonly action: AuditAction }>>;

function problemOf(result: Exclude<SubscriberResult, { readonly type: "done" }>): string {
  if (result.type === "missing") return "Exotel has no such subscriber";
  if (result.type === "exists") return "Exotel has a subscriber of this name";
  return result.type === "unknown" ? `${result.reason}; ask again` : result.reason;
}

function accountOf({ account, subscribers }: GatewayConfig["exotel"], agent: Agent, sipId: string, password: string) {
  const domain = subscribers?.domain ?? `${account}.voip.exotel.com`;
  return { sipId, password, domain, proxy: subscribers?.proxy ?? domain, displayName: agent.name.slice(0, 100) };
}

function emailOf({ agentIdentifier }: Agent): string | null {
  return agentIdentifier !== null && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(agentIdentifier) ? agentIdentifier : null;
}

/** Letters and digits below 16 characters: what every chapter of the vendor's allows. */
function newName(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const first = letters.charAt(randomInt(letters.length));
  return first + Array.from({ length: NAME_LENGTH - 1 }, () => randomInt(36).toString(36)).join("");
}

/** 192 bits, and one of each kind of character that a rule might ask for. */
function newPassword(): string {
  return `${randomBytes(24).toString("base64url")}-Aa1`;
}
