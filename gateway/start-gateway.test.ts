import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { admin, AGENTS_CSV } from "./fakes/people.ts";
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

test("[G5] a gateway that stops ends the streams of its widgets, so that they come back elsewhere", async () => {
  const gateway = await startGateway(configuration(), silent);
  const json = { "content-type": "application/json" };
  const put = (path: string, body: string) =>
    fetch(`${gateway.address}/api/admin/agents${path}`, { method: "PUT", headers: { ...admin, ...json }, body });
  await put("/csv", AGENTS_CSV);
  await put("/lsq-asha/password", JSON.stringify({ password: "correct horse battery" }));
  const body = JSON.stringify({ user: "asha", password: "correct horse battery", bearer: true });
  const session = await fetch(`${gateway.address}/api/sessions`, { method: "POST", headers: json, body });
  const { token } = (await session.json()) as { token: string };
  const stream = await fetch(`${gateway.address}/api/agents/me/events`, { headers: { authorization: `Bearer ${token}` } });
  const text = stream.text();
  await gateway.stop();
  expect(await text).toContain("event: hello");
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
