import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testConfiguration } from "./fakes/test-configuration.ts";
import { createLog } from "./log/log.ts";
import { startGateway } from "./start-gateway.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "config.json"), '{ "sip": {} }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const configuration = () => testConfiguration({ listen: { port: 0 }, widget: { folder }, storage: { folder: join(folder, "data") } });
const silent = createLog("silent");

test("[G5] a gateway on its embedded database listens, keeps its folder for itself, stops, and starts again on the same data", async () => {
  const first = await startGateway(configuration(), silent);
  expect((await fetch(`${first.address}/readyz`)).status).toBe(200);
  await first.stop();
  await expect(fetch(`${first.address}/healthz`)).rejects.toThrow("fetch failed");
  const second = await startGateway(configuration(), silent);
  expect((await fetch(`${second.address}/readyz`)).status).toBe(200);
  await second.stop();
}, 60_000);

test("[G6] a folder that another living process has open is refused by name", async () => {
  await writeFile(join(folder, "gateway.pid"), "1");
  const taken = testConfiguration({ listen: { port: 0 }, widget: { folder }, storage: { folder } });
  await expect(startGateway(taken, silent)).rejects.toThrow("is in use by process 1");
});

test("[G6] the lock of a process that was killed is taken over", async () => {
  // Above the largest process number of Linux.
  await writeFile(join(folder, "gateway.pid"), "99999999");
  const stale = testConfiguration({ listen: { port: 0 }, widget: { folder }, storage: { folder } });
  const gateway = await startGateway(stale, silent);
  expect((await fetch(`${gateway.address}/readyz`)).status).toBe(200);
  await gateway.stop();
}, 60_000);

test("[G1] a widget that is not built, or whose settings are wrong, is said before anything listens", async () => {
  await writeFile(join(folder, "config.json"), '{ "sip": { "engine": "none" } }');
  await expect(startGateway(configuration(), silent)).rejects.toThrow("sip.engine");
  await rm(join(folder, "index.html"));
  await expect(startGateway(configuration(), silent)).rejects.toThrow("npm run build");
});
