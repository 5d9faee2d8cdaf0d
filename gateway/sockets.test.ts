import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CANARIES, testConfiguration } from "./fakes/test-configuration.ts";
import { createLog } from "./log/log.ts";
import { startGateway, type Gateway } from "./start-gateway.ts";

/** What only a real socket can send: requests that `fetch` and `app.request` would put right. */
let folder: string;
let gateway: Gateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "config.json"), '{ "sip": {} }');
  const configuration = testConfiguration({ listen: { port: 0 }, widget: { folder }, storage: { folder: join(folder, "data") } });
  gateway = await startGateway(configuration, createLog("silent"), { headersMs: 400, requestMs: 800 });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

function open(): Socket {
  return connect(Number(new URL(gateway.address).port), "127.0.0.1");
}

/** Sends these bytes and nothing more. @returns everything that came back until the gateway closed the connection. */
async function exchange(bytes: string): Promise<string> {
  const socket = open();
  socket.write(bytes);
  return text(socket);
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const get = (target: string, more = "") => `GET ${target} HTTP/1.1\r\nHost: phone.example.com\r\nConnection: close\r\n${more}\r\n`;

test.each([
  "/../gateway.json",
  "/../../../../../../etc/passwd",
  "/assets/../../gateway.json",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/..\\..\\etc\\passwd",
  "//etc/passwd",
  "/data/gateway.pid",
  "file:///etc/passwd",
  "http://127.0.0.1:1/etc/passwd",
])("[G4] %s over a real socket is no file of anybody's", async (target) => {
  const answer = await exchange(get(target));
  expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
  expect(statusOf(answer)).toBeLessThan(500);
  expect(answer).not.toMatch(/root:|publicUrl|<!doctype/);
});

test.each(["", "Host: evil.example.com/../", "Host: a b", "Host: [::1", "Host: user@evil.example.com"])(
  "[G85] a request with the host %j is answered or refused, and the next one is served",
  async (host) => {
    const answer = await exchange(`GET /healthz HTTP/1.1\r\n${host}${host ? "\r\n" : ""}Connection: close\r\n\r\n`);
    expect(statusOf(answer)).toBeLessThan(500);
    expect(statusOf(await exchange(get("/healthz")))).toBe(200);
  },
);

test("[G85] two requests in one, for a proxy that reads it otherwise, are refused", async () => {
  const body = "0\r\n\r\nGET /api/admin/agents/csv HTTP/1.1\r\nHost: x\r\n\r\n";
  const both = `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n`;
  const answer = await exchange(`POST /api/sessions HTTP/1.1\r\nHost: phone.example.com\r\n${both}\r\n${body}`);
  expect(statusOf(answer)).toBe(400);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test("[G86] headers that never end lose their connection, and so does a body", async () => {
  expect(statusOf(await exchange("GET /healthz HTTP/1.1\r\nHost: phone.example.com\r\nX-Slow: "))).toBe(408);
  const body = "POST /api/sessions HTTP/1.1\r\nHost: phone.example.com\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
  expect(statusOf(await exchange(body))).toBe(408);
});

test("[G86] headers that come byte by byte are no way round it", async () => {
  const socket = open();
  socket.write("GET /healthz HTTP/1.1\r\nHost: phone.example.com\r\n");
  const drip = setInterval(() => socket.write("X-Slow: 1\r\n"), 50);
  socket.on("error", () => undefined);
  const answer = await text(socket).finally(() => clearInterval(drip));
  expect(statusOf(answer)).toBe(408);
});

test("[G87] headers that are too large, and a body that does not say how large it is, are refused", async () => {
  expect(statusOf(await exchange(get("/healthz", `X-Large: ${"x".repeat(40_000)}\r\n`)))).toBe(431);
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const start = "POST /api/sessions HTTP/1.1\r\nHost: phone.example.com\r\nContent-Type: application/json\r\nConnection: close\r\n";
  expect(statusOf(await exchange(`${start}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`))).toBe(413);
  expect(statusOf(await exchange(`${start}Content-Length: 99999999\r\n\r\n{`))).toBe(413);
});

test("[G87] a body that is nested without end fails nothing", async () => {
  const json = { "content-type": "application/json" };
  const body = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  expect((await fetch(`${gateway.address}/api/sessions`, { method: "POST", headers: json, body })).status).toBe(400);
  const deep = `{"CallSid":"x","a":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`;
  const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
  const report = await fetch(`${gateway.address}/api/callbacks/exotel/status`, {
    method: "POST",
    headers: { ...json, ...basic },
    body: deep,
  });
  expect(report.status).toBe(200);
});
