import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { Pool, types } from "pg";
import { lockFolder } from "./folder-lock.ts";
import { listenOnPostgres } from "./listen-on-postgres.ts";
import { migrations } from "./migrations.ts";
import type { Schema } from "./schema.ts";

export type Db = Kysely<Schema>;

export interface Database {
  readonly db: Db;
  /** Rejects where the database does not answer. */
  check(): Promise<void>;
  /**
   * Hears `pg_notify(channel, …)` of every process, once its transaction is committed; null: the connection was lost, and
   * notices with it. Resolves to the undo.
   */
  listen(channel: string, heard: (payload: string | null) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** `url`: PostgreSQL. `folder`: PGlite in this process, `null` in memory (tests). */
export type Place = { readonly url: string } | { readonly folder: string | null };

/** Opens the database and brings its tables up to date. Throws where either fails. */
export async function openDatabase(place: Place): Promise<Database> {
  const database = "url" in place ? openPostgres(place.url) : await openEmbedded(place.folder);
  try {
    const { error } = await new Migrator({ db: database.db, provider: migrations }).migrateToLatest();
    if (error) throw error;
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

const INT8 = 20;

function openPostgres(connectionString: string): Database {
  const pool = new Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 5_000,
    // Epoch milliseconds and counters are far below 2^53; pg gives int8 as text unless told otherwise.
    types: { getTypeParser: (id, format) => (id === INT8 ? Number : types.getTypeParser(id, format)) },
  });
  // An idle connection that the server closed is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  // The same for one that is lost in the middle of a transaction, between two of its statements: the next one fails.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return asDatabase(
    new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    (channel, heard) => listenOnPostgres(connectionString, channel, heard),
    () => Promise.resolve(),
  );
}

async function openEmbedded(folder: string | null): Promise<Database> {
  if (folder === null) return embedded(new PGlite(), () => Promise.resolve());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  return embedded(new PGlite(join(folder, "pglite")), unlock);
}

function embedded(pglite: PGlite, afterwards: () => Promise<void>): Database {
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
  return asDatabase(db, (channel, heard) => pglite.listen(channel, heard), afterwards);
}

function asDatabase(db: Db, listen: Database["listen"], afterwards: () => Promise<void>): Database {
  return {
    db,
    async check() {
      await sql`select 1`.execute(db);
    },
    listen,
    async close() {
      await db.destroy();
      await afterwards();
    },
  };
}
