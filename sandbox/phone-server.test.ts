import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { responseHeaders } from "../src/protocol/headers.ts";
import { addresses } from "./addresses.ts";
import { ConfigHolder } from "./config-holder.ts";
import { serveOnFreePort } from "./http/serve-on-free-port.ts";
import { createPhoneServer } from "./phone-server.ts";
import { sandboxConfig } from "./sandbox-config.ts";

const config = new ConfigHolder(sandboxConfig(addresses));
const page = `<!doctype html><title>Phone</title>${"<p>text</p>".repeat(100)}`;
let folder: string;
let base: string;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "widget-"));
  const dist = join(folder, "dist");
  await mkdir(join(dist, "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not served");
  await writeFile(join(dist, "index.html"), page);
  await writeFile(join(dist, "softphone.js"), "var Softphone;");
  await writeFile(join(dist, "assets/index-Ab12_-xY.js"), "1");
  await writeFile(join(dist, "ring.wav"), "0123456789");
  await writeFile(join(dist, "config.json"), "{}");
  ({ base, close } = await serveOnFreePort(createPhoneServer(config, dist)));
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

test("[X30] the page comes with the headers of its configuration, compressed, and is asked for again each time", async () => {
  const response = await fetch(`${base}/?host=leadsquared`);
  expect(await response.text()).toBe(page);
  for (const [name, value] of Object.entries(responseHeaders(config.get()))) expect(response.headers.get(name)).toBe(value);
  expect(response.headers.get("content-security-policy")).toContain(`frame-ancestors ${addresses.crm}`);
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  const again = await fetch(`${base}/`, { headers: { "if-none-match": response.headers.get("etag") ?? "" } });
  expect(again.status).toBe(304);
});

test("[X31] a file with a hash in its name is kept for ever", async () => {
  const response = await fetch(`${base}/assets/index-Ab12_-xY.js`);
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

test("[X31] other origins may load the integrators' library and nothing else", async () => {
  expect((await fetch(`${base}/softphone.js`)).headers.get("access-control-allow-origin")).toBe("*");
  expect((await fetch(`${base}/config.json`)).headers.get("access-control-allow-origin")).toBeNull();
});

test("[X32] a sound is sent in ranges", async () => {
  const part = await fetch(`${base}/ring.wav`, { headers: { range: "bytes=2-3" } });
  expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, "23", "bytes 2-3/10"]);
});

test.each([
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/assets",
  "/missing.js",
  "/%00",
  "/index.html%00.js",
])("[X33] %s is not there", async (path) => {
  expect((await fetch(`${base}${path}`)).status).toBe(404);
});

test("[X34] a configuration that replaces the first one changes config.json and the headers; a wrong one changes nothing", async () => {
  const before = config.get();
  expect(config.replace({ ...before, host: { allowedOrigins: ["https://crm.example.com"] } })).toEqual([]);
  expect((await fetch(`${base}/`)).headers.get("content-security-policy")).toContain("frame-ancestors https://crm.example.com");
  expect(await (await fetch(`${base}/config.json`)).json()).toMatchObject({ host: { allowedOrigins: ["https://crm.example.com"] } });
  expect(config.replace({ ...before, sip: 7 }).join()).toContain("sip");
  expect(config.get().host.allowedOrigins).toEqual(["https://crm.example.com"]);
  config.replace(before);
});
