import { createHash, randomUUID } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { AgentStore } from "../agents/agent-store.ts";
import type { Db } from "../storage/database.ts";
import type { Schema } from "../storage/schema.ts";
import { joinRecords, STAGE, type CallRecord } from "./call-record.ts";
import { readRecord, viewOf, type CallView } from "./call-view.ts";

/** One report about a call. At least one of the two names must be known. */
export interface Report {
  readonly source: string;
  /** Our own id: the widget's `callId`. */
  readonly callId?: string | undefined;
  readonly exotelSid?: string | null | undefined;
  readonly record: CallRecord;
  /** Who is concerned, where the source knows it better than by `agentName`. */
  readonly agentId?: string | undefined;
}

export interface LedgerEntry {
  readonly id: string;
  readonly agentId: string | null;
  readonly view: CallView;
}

/** `isNew`: nobody had reported this before. */
export type AddedEntry = LedgerEntry & { readonly isNew: boolean };

/** Runs in the transaction that changes a call: what it writes is there if and only if the change is. */
export type OnChange = (trx: Transaction<Schema>, before: LedgerEntry | null, after: LedgerEntry) => Promise<void>;

/** Every call the gateway knows, made from reports. */
export interface CallLedger {
  /**
   * Adds a report to its call; a report that is already there changes nothing, and says so. When this resolves the
   * report is durable.
   */
  add(report: Report): Promise<AddedEntry>;
  /** As `add`, in the caller's transaction; the agent must be named. */
  addIn(trx: Transaction<Schema>, report: Report & { readonly agentId: string }): Promise<AddedEntry>;
  byId(id: string): Promise<LedgerEntry | null>;
  byExotelSid(sid: string): Promise<LedgerEntry | null>;
  /** The agent's newest call to this number since then. */
  recent(trx: Transaction<Schema>, agentId: string, digits: string, since: number): Promise<LedgerEntry | null>;
}

export interface LedgerParts {
  readonly db: Db;
  readonly agents: AgentStore;
  readonly now: () => number;
  readonly onChange: OnChange;
}

export function createCallLedger(parts: LedgerParts): CallLedger {
  const { db } = parts;
  const byKey = async (key: string): Promise<LedgerEntry | null> => {
    const row = await db.selectFrom("call_keys").select("call_id").where("key", "=", key).executeTakeFirst();
    return row ? load(db, row.call_id) : null;
  };
  return {
    async add(report) {
      const agent = report.agentId ?? (await agentIdOf(parts.agents, report.record));
      return db.transaction().execute((trx) => addReport(trx, parts, report, agent));
    },
    addIn: (trx, report) => addReport(trx, parts, report, report.agentId),
    byId: (id) => byKey(`ours:${id}`),
    byExotelSid: (sid) => byKey(`exotel:${sid}`),
    async recent(trx, agentId, digits, since) {
      const row = await trx
        .selectFrom("calls")
        .select("id")
        .where("agent_id", "=", agentId)
        .where("remote_digits", "=", digits)
        .where("started_at", ">=", since)
        .orderBy("started_at", "desc")
        .executeTakeFirst();
      return row ? load(trx, row.id) : null;
    },
  };
}

async function agentIdOf(agents: AgentStore, record: CallRecord): Promise<string | null> {
  const { agentName } = viewOf(record, 0);
  return agentName === null ? null : ((await agents.byAnyName(agentName))?.id ?? null);
}

async function addReport(
  trx: Transaction<Schema>,
  { now, onChange }: LedgerParts,
  report: Report,
  agentId: string | null,
): Promise<AddedEntry> {
  const keys = keysOf(report);
  // One report at a time for each name of a call, across processes; sorted, so that two never wait for each other.
  for (const key of keys) await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
  const id = await callOf(trx, keys, report, now());
  const before = await load(trx, id, true);
  const fact = JSON.stringify(report.record);
  const inserted = await trx
    .insertInto("call_facts")
    .values({ id: factId(report, id), call_id: id, source: report.source, fact, received_at: now() })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  const isNew = inserted.numInsertedOrUpdatedRows === 1n;
  if (!isNew && before) return { ...before.entry, isNew };
  const record = joinRecords(before?.record ?? {}, report.record);
  const view = viewOf(record, before?.startedAt ?? now());
  const known = before?.entry.agentId ?? null;
  const after: LedgerEntry = { id, agentId: saysWhoAnswered(report) ? (agentId ?? known) : (known ?? agentId), view };
  await trx
    .updateTable("calls")
    .set({
      agent_id: after.agentId,
      record: JSON.stringify(record),
      remote_digits: digitsOf(view.customerNumber),
      started_at: view.createdAt,
      search: searchText(view),
      updated_at: now(),
    })
    .where("id", "=", id)
    .execute();
  await onChange(trx, before?.isEmpty ? null : (before?.entry ?? null), after);
  return { ...after, isNew };
}

/** A call may ring at several agents before one answers: then it is his. */
function saysWhoAnswered({ source, record }: Report): boolean {
  return record.stage?.value === STAGE.talking || (source === "widget" && record.answeredAt !== undefined);
}

function keysOf({ callId, exotelSid }: Report): string[] {
  const keys = [...(callId === undefined ? [] : [`ours:${callId}`]), ...(exotelSid ? [`exotel:${exotelSid}`] : [])];
  if (keys.length === 0) throw new Error("a report names no call");
  return keys.toSorted();
}

/** Times of receipt are not part of a report's identity: the same callback a second time is the same report. */
function factId(report: Report, callId: string): string {
  const values = Object.entries(report.record).filter(([field]) => !field.endsWith("At") || report.source !== "popup");
  return createHash("sha256")
    .update(JSON.stringify([callId, report.source, values.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest("base64url");
}

/** Finds the call by any of its names, makes it where there is none, and makes one of two that turn out to be the same. */
async function callOf(trx: Transaction<Schema>, keys: readonly string[], report: Report, now: number): Promise<string> {
  const known = await trx.selectFrom("call_keys").selectAll().where("key", "in", keys).execute();
  const ids = [...new Set(known.map((row) => row.call_id))];
  const id = ids.length > 1 ? await merge(trx, ids) : (ids[0] ?? (await create(trx, report.callId ?? randomUUID(), now)));
  const missing = [...keys, ...(ids.length === 0 ? [`ours:${id}`] : [])].filter((key) => !known.some((row) => row.key === key));
  for (const key of new Set(missing)) await trx.insertInto("call_keys").values({ key, call_id: id }).execute();
  return id;
}

async function create(trx: Transaction<Schema>, id: string, now: number): Promise<string> {
  await trx
    .insertInto("calls")
    .values({ id, agent_id: null, record: "{}", remote_digits: "", started_at: now, search: "", updated_at: now })
    .execute();
  return id;
}

/** The older of the two stays; everything of the other moves to it. */
async function merge(trx: Transaction<Schema>, ids: readonly string[]): Promise<string> {
  const rows = await trx.selectFrom("calls").selectAll().where("id", "in", ids).orderBy("started_at").orderBy("id").forUpdate().execute();
  const [first, ...others] = rows;
  if (!first) throw new Error("a call's name points nowhere");
  for (const other of others) {
    const record = joinRecords(readRecord(first.record), readRecord(other.record));
    await trx
      .updateTable("calls")
      .set({ record: JSON.stringify(record), agent_id: first.agent_id ?? other.agent_id })
      .where("id", "=", first.id)
      .execute();
    for (const table of ["call_keys", "call_facts"] as const) {
      await trx.updateTable(table).set({ call_id: first.id }).where("call_id", "=", other.id).execute();
    }
    // What one of them has sent already, or is about to, the other does not send again.
    const kinds = trx.selectFrom("outbox").select("kind").where("call_id", "=", first.id);
    await trx.deleteFrom("outbox").where("call_id", "=", other.id).where("state", "=", "waiting").where("kind", "in", kinds).execute();
    await trx.updateTable("outbox").set({ call_id: first.id }).where("call_id", "=", other.id).execute();
    await trx.deleteFrom("calls").where("id", "=", other.id).execute();
  }
  return first.id;
}

interface Loaded {
  readonly entry: LedgerEntry;
  readonly record: CallRecord;
  readonly startedAt: number;
  /** Just made: nothing was reported yet. */
  readonly isEmpty: boolean;
}

async function load(db: Db, id: string): Promise<LedgerEntry | null>;
async function load(db: Db, id: string, whole: true): Promise<Loaded | null>;
async function load(db: Db, id: string, whole?: true): Promise<Loaded | LedgerEntry | null> {
  const row = await db.selectFrom("calls").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) return null;
  const record = readRecord(row.record);
  const entry: LedgerEntry = { id: row.id, agentId: row.agent_id, view: viewOf(record, row.started_at) };
  return whole ? { entry, record, startedAt: row.started_at, isEmpty: Object.keys(record).length === 0 } : entry;
}

/** For comparing: the last ten digits, so that `0`, `+91` and `91` in front do not matter. */
export function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, "").slice(-10);
}

function searchText(view: CallView): string {
  return [view.recordName, view.leadId, view.notes, ...Object.values(view.fields)].filter(Boolean).join("\n").toLowerCase().slice(0, 4_000);
}
