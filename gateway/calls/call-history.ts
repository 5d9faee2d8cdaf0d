import { sql, type Expression, type SqlBool } from "kysely";
import type { HistoryPage, HistoryQuery } from "../../src/protocol/gateway-calls.ts";
import type { Db } from "../storage/database.ts";
import { summaryOf } from "./call-changes.ts";
import { STAGE, type CallField } from "./call-record.ts";
import { readRecord, viewOf } from "./call-view.ts";

/** One page of an agent's calls. Every value of the query is a parameter of the statement, `%` and `_` included. */
export async function readHistory(db: Db, agentId: string, query: HistoryQuery): Promise<HistoryPage> {
  const found = await db
    .selectFrom("calls")
    .select(["calls.id", "calls.agent_id", "calls.record", "calls.started_at"])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom("outbox")
            .select("outbox.id")
            .whereRef("outbox.call_id", "=", "calls.id")
            .where("outbox.kind", "=", "call-log")
            .where("outbox.state", "=", "done"),
        )
        .as("is_delivered"),
    )
    .where("calls.agent_id", "=", agentId)
    .where((eb) => eb.and(conditionsOf(query)))
    .orderBy("calls.started_at", "desc")
    .orderBy("calls.id", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    calls: page.map((row) =>
      summaryOf({ id: row.id, agentId: row.agent_id, view: viewOf(readRecord(row.record), row.started_at) }, Boolean(row.is_delivered)),
    ),
    next: found.length > query.limit && last ? `${last.started_at}.${last.id}` : null,
  };
}

function conditionsOf(query: HistoryQuery): readonly Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (query.search) conditions.push(contains(query.search));
  if (query.direction) conditions.push(sql`${DIRECTION} = ${query.direction}`);
  if (query.outcome) conditions.push(sql`${field("outcome")} = ${query.outcome}`);
  if (query.missed) conditions.push(MISSED);
  if (query.disposition !== undefined && query.dispositionField !== undefined) {
    conditions.push(sql`calls.record -> 'fields' -> 'value' ->> ${query.dispositionField}::text = ${query.disposition}`);
  }
  if (query.from !== undefined) conditions.push(sql`calls.started_at >= ${query.from}::bigint`);
  if (query.to !== undefined) conditions.push(sql`calls.started_at < ${query.to}::bigint`);
  const [at = "", id = ""] = query.cursor?.split(".") ?? [];
  if (query.cursor) conditions.push(sql`(calls.started_at, calls.id) < (${Number(at)}::bigint, ${id}::text)`);
  return conditions;
}

function contains(search: string): Expression<SqlBool> {
  const text = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const digits = /^[\d\s()+-]+$/.test(search) ? search.replaceAll(/\D/g, "").slice(-10) : "";
  if (digits.length < 3) return sql`calls.search like ${text}`;
  return sql`(calls.search like ${text} or calls.remote_digits like ${`%${digits}%`})`;
}

function field(name: CallField) {
  return sql<string | null>`calls.record -> ${name}::text ->> 'value'`;
}

/** Whose direction nobody has told is shown as incoming. */
const DIRECTION = sql<string>`coalesce(${field("direction")}, 'incoming')`;

/** `isMissed` of `protocol/answered-call.ts`; a test compares the two. */
const MISSED = sql<SqlBool>`(${DIRECTION} = 'incoming' and ${field("stage")} = ${String(STAGE.over)}
  and ${field("answeredAt")} is null and coalesce(${field("talkSeconds")}, '0') = '0'
  and ${field("outcome")} is distinct from 'completed')`;
