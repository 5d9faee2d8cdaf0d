import { Writable } from "node:stream";
import type { Hono } from "hono";
import { readConfig } from "../../src/protocol/config.ts";
import { createApp } from "../app.ts";
import type { Configuration } from "../config/read-config.ts";
import type { Env } from "../http/environment.ts";
import { createLog } from "../log/log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { createServices, type Services } from "../services.ts";
import { openDatabase, type Database } from "../storage/database.ts";
import { prepare, type WidgetFile } from "../widget/widget-files.ts";
import { testConfiguration } from "./test-configuration.ts";

/** 12:31:49 in India, a Friday. */
export const NOON = Date.UTC(2012, 7, 17, 7, 1, 49);

export interface TestGateway {
  readonly app: Hono<Env>;
  readonly services: Services;
  readonly database: Database;
  /** Wound by the test. */
  readonly clock: { now: number };
  /** Everything that was logged, as one text. */
  readonly logged: () => string;
  readonly state: { stopping: boolean };
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly configuration?: Configuration;
  /** The outside world; by default nobody answers. */
  readonly fetch?: typeof fetch;
  readonly database?: Database;
}

/** A whole gateway without a socket, on a database in memory. */
export async function createTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = options.database ?? (await openDatabase({ folder: null }));
  const clock = { now: NOON };
  const state = { stopping: false };
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const parts = {
    ...(options.configuration ?? testConfiguration()),
    database,
    files: await testFiles(),
    widgetConfig: testWidgetConfig(),
    log: createLog("debug", sink),
    metrics: createMetrics(),
    now: () => clock.now,
    isStopping: () => state.stopping,
    fetch: options.fetch ?? (() => Promise.reject(new Error("nobody answers"))),
    // Time passes because somebody waits.
    sleep: (ms: number) => {
      clock.now += ms;
      return Promise.resolve();
    },
  };
  const services = await createServices(parts);
  const app = await createApp(parts, services);
  return { app, services, database, clock, state, logged: () => lines.join(""), close: () => database.close() };
}

async function testFiles(): Promise<ReadonlyMap<string, WidgetFile>> {
  const files = new Map<string, WidgetFile>();
  for (const [path, text] of [
    ["/index.html", "<!doctype html><title>phone</title>"],
    ["/assets/main-AbCd1234.js", "console.log(1);".repeat(100)],
    ["/softphone.js", "window.Softphone={};"],
  ] as const) {
    files.set(path, await prepare(path, new TextEncoder().encode(text)));
  }
  const index = files.get("/index.html");
  return index ? files.set("/", index) : files;
}

function testWidgetConfig() {
  const result = readConfig({ sip: {}, host: { allowedOrigins: ["https://run.leadsquared.com"] } });
  if (!result.ok) throw new Error(result.problems.join());
  return result.config;
}
