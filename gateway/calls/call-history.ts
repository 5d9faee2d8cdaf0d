import { sql } from "kysely";
import type { HistoryPage, HistoryQuery } from "../../src/protocol/gateway-calls.ts";
import type { Db } from "../storage/database.ts";
import { summaryOf } from "./call-changes.ts";
import { readRecord, viewOf } from "./call-view.ts";

/** One page of an agent's calls. Every value of the query is a parameter of the statement, `%` and `_` included. */
export async function readHistory(db: Db, agentId: string, query: HistoryQuery): Promise<HistoryPage> {
  const field = (name: string) => sql<string>`calls.record -> ${name}::text ->> 'value'`;
  let rows = db
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
    .where("calls.agent_id", "=", agentId);
  if (query.search) {
    const text = `%${query.search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const digits = /^[\d\s()+-]+$/.test(query.search) ? query.search.replaceAll(/\D/g, "").slice(-10) : "";
    rows = rows.where((eb) =>
      eb.or([eb("calls.search", "like", text), ...(digits.length >= 3 ? [eb("calls.remote_digits", "like", `%${digits}%`)] : [])]),
    );
  }
  if (query.direction) rows = rows.where(field("direction"), "=", query.direction);
  if (query.outcome) rows = rows.where(field("outcome"), "=", query.outcome);
  if (query.from !== undefined) rows = rows.where("calls.started_at", ">=", query.from);
  if (query.to !== undefined) rows = rows.where("calls.started_at", "<", query.to);
  const [at = "", id = ""] = query.cursor?.split(".") ?? [];
  if (query.cursor) rows = rows.where(sql<boolean>`(calls.started_at, calls.id) < (${Number(at)}::bigint, ${id}::text)`);
  const found = await rows
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
