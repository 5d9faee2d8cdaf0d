import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { readConfig, type Config } from "../src/protocol/config.ts";
import { createApp } from "./app.ts";
import { BadConfiguration, type Configuration } from "./config/read-config.ts";
import { keepHouse } from "./housekeeping.ts";
import { createLog, type Log } from "./log/log.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { createServices } from "./services.ts";
import { openDatabase, type Place } from "./storage/database.ts";
import { readWidgetFiles } from "./widget/widget-files.ts";

export interface Gateway {
  /** Where it listens: `http://127.0.0.1:5175`. */
  readonly address: string;
  /** Takes no new requests, finishes those it has (10 s at most), closes the database. */
  stop(): Promise<void>;
}

/** How long a client may take to send its request, milliseconds: one that dribbles holds a connection and nothing else. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000 };
/** How often Node looks for clients that are too slow; by itself only every 30 s. */
const LOOK_EVERY_MS = 1_000;
const LONGEST_GOODBYE_MS = 10_000;

/** Opens the database, reads the widget, listens. Whatever was opened is closed again if a later part fails. */
export async function startGateway(
  configuration: Configuration,
  log: Log = createLog(configuration.config.log.level),
  patience: Patience = PATIENCE,
): Promise<Gateway> {
  const { config, secrets } = configuration;
  const files = await readWidgetFiles(config.widget.folder);
  const widgetConfig = await readWidgetConfig(config.widget.config ?? join(config.widget.folder, "config.json"));
  const place: Place = secrets.DATABASE_URL ? { url: secrets.DATABASE_URL } : { folder: config.storage.folder };
  const database = await openDatabase(place);
  let stopping = false;
  try {
    const world = { now: Date.now, fetch, sleep: (ms: number) => setTimeout(ms), isStopping: () => stopping };
    const parts = { ...configuration, ...world, database, files, widgetConfig, log, metrics: createMetrics() };
    const services = await createServices(parts);
    const app = await createApp(parts, services);
    services.deliverer?.start();
    services.orphans.start();
    services.streams.start();
    const rest = keepHouse(services, log);
    const server = createAdaptorServer({ fetch: app.fetch, serverOptions: serverOptions(patience) });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(config.listen.port, config.listen.host, resolve);
    });
    // A server on a TCP port answers with an AddressInfo, never with a string.
    const { port } = server.address() as AddressInfo;
    log.info({ port, database: "url" in place ? "postgresql" : "pglite" }, "listening");
    return {
      address: `http://${config.listen.host}:${port}`,
      async stop() {
        stopping = true;
        rest();
        services.streams.stop();
        await services.events.close();
        await services.deliverer?.stop();
        await services.orphans.stop();
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        if ("closeIdleConnections" in server) server.closeIdleConnections();
        const inTime = await Promise.race([closed.then(() => true), setTimeout(LONGEST_GOODBYE_MS, false, { ref: false })]);
        if (!inTime && "closeAllConnections" in server) server.closeAllConnections();
        await closed;
        await database.close();
        log.info("stopped");
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function serverOptions({ headersMs, requestMs }: Patience) {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersMs / 2),
  };
}

async function readWidgetConfig(file: string): Promise<Config> {
  const result = readConfig(JSON.parse(await readFile(file, "utf8")));
  if (!result.ok) throw new BadConfiguration(result.problems.map((problem) => `${file}: ${problem}`));
  return result.config;
}
