import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

const DEBIAN = "/usr/lib/postgresql";

/** Folder of PostgreSQL's programs as Debian installs them, the newest version; null: not installed. */
export function findPostgres(): string | null {
  if (!existsSync(DEBIAN)) return null;
  const [newest] = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
  const programs = newest === undefined ? "" : join(DEBIAN, newest, "bin");
  return existsSync(join(programs, "initdb")) ? programs : null;
}

/** A PostgreSQL of its own, on a socket in its own folder; the test may restart it. */
export interface PostgresServer {
  readonly url: string;
  /** Of the process whose children serve the connections. */
  pid(): number | null;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function createPostgresServer(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-pg-"));
  const user = ordinaryUser(folder);
  const data = join(folder, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "gateway", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...user,
    stdio: "ignore",
  });
  const url = `postgres://gateway@localhost/postgres?host=${encodeURIComponent(folder)}`;
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn(join(programs, "postgres"), ["-D", data, "-k", folder, "-c", "listen_addresses="], { ...user, stdio: "ignore" });
    while (!(await answers(url))) {
      if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    }
  };
  const stop = async (): Promise<void> => {
    const exited = once(server, "exit");
    // SIGINT: fast shutdown, connections are cut.
    server.kill("SIGINT");
    await exited;
  };
  await start();
  return {
    url,
    pid: () => server.pid ?? null,
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; Debian's package makes the user `postgres` for it. */
function ordinaryUser(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const user = { uid: id("-u"), gid: id("-g") };
  chownSync(folder, user.uid, user.gid);
  return user;
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}
