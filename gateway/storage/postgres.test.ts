import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createPostgresServer, findPostgres, type PostgresServer } from "../fakes/postgres-server.ts";
import { openDatabase, type Database } from "./database.ts";

const programs = findPostgres();
let postgres: PostgresServer;
let database: Database;

describe.skipIf(programs === null)("a PostgreSQL that goes away", () => {
  beforeAll(async () => {
    postgres = await createPostgresServer(programs ?? "");
    database = await openDatabase({ url: postgres.url });
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await postgres.close();
  }, 60_000);

  test("[G72] between two statements of a transaction: the transaction fails, and nothing else", async () => {
    const { db } = database;
    const cut = db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      const pid = rows[0]?.pid ?? 0;
      await sql`select pg_terminate_backend(${pid})`.execute(db);
      await vi.waitFor(async () => {
        const left = await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(db);
        expect(left.rows).toEqual([]);
      });
      await sql`select 1`.execute(trx);
    });
    await expect(cut).rejects.toThrow(/connection/i);
    await database.check();
  }, 30_000);

  test("[G72] while somebody listens: he is told that he may have missed something, and hears again", async () => {
    const heard: (string | null)[] = [];
    const close = await database.listen("test_channel", (payload) => heard.push(payload));
    await postgres.restart();
    await vi.waitFor(() => expect(heard).toEqual([null]), { timeout: 20_000 });
    await vi.waitFor(() => database.check(), { timeout: 20_000 });
    await sql`select pg_notify('test_channel', 'again')`.execute(database.db);
    await vi.waitFor(() => expect(heard).toEqual([null, "again"]), { timeout: 20_000 });
    await close();
  }, 60_000);
});
