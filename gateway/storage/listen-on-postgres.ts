import { Client } from "pg";

const AGAIN_MS = 1_000;

/**
 * `LISTEN` on a connection of its own, opened again for as long as it takes when it is lost. Notices of the time between are
 * lost: when it is open again, `heard(null)` says so.
 */
export async function listenOnPostgres(
  connectionString: string,
  channel: string,
  heard: (payload: string | null) => void,
): Promise<() => Promise<void>> {
  let isClosed = false;
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 5_000 });
    next.on("notification", (notice) => heard(notice.payload ?? ""));
    next.on("error", () => undefined);
    await next.connect();
    await next.query(`listen "${channel}"`);
    client = next;
    next.on("end", again);
  };
  const again = (): void => {
    client = null;
    if (isClosed) return;
    timer = setTimeout(() => void connect().then(() => heard(null), again), AGAIN_MS);
  };
  await connect();
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await client?.end();
  };
}
