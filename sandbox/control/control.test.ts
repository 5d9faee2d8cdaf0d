import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestAgent } from "../network/test-agent.ts";
import { testSetting, until } from "../network/test-setting.ts";
import { createControlServer } from "./create-control-server.ts";
import type { ControlServer } from "./create-control-server.ts";
import { ControlError } from "./routes.ts";

const { network } = testSetting();
const CRM = "http://crm.localhost:5171";
let control: ControlServer;
let agent: TestAgent;

beforeAll(async () => {
  control = await createControlServer({
    network: network(),
    port: 0,
    allowedOrigins: [CRM],
    extraRoutes: [
      { method: "GET", path: "/config", handle: () => ({ body: { own: true } }) },
      {
        method: "PUT",
        path: "/config",
        handle() {
          throw new ControlError(422, "not this one");
        },
      },
    ],
  });
  agent = await new TestAgent(network().port, "asha", "sandbox-asha").start();
  await agent.register();
});
afterAll(async () => {
  await agent.stop();
  await control.close();
});

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${control.port}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers };
}

test("[N50] agents are listed and added", async () => {
  const { body } = await ask("GET", "/agents");
  expect(body).toMatchObject([{ user: "asha", contacts: [{ userAgent: "SIP.js/0.21.1" }] }, { user: "ravi" }, { user: "meera" }]);
  expect(await ask("POST", "/agents", { user: "noor", password: "x", displayName: "Noor" })).toMatchObject({
    status: 200,
    body: { user: "noor" },
  });
});

test("[N50] a call from its first ring to its end", async () => {
  const { status, body } = await ask("POST", "/calls", { agent: "asha", customer: { number: "+918000000009" } });
  expect(status).toBe(201);
  expect(body).toMatchObject({ agent: "asha", customer: { number: "+918000000009", behaviour: "speaks" } });
  const path = `/calls/${String(body["sid"])}`;
  const untilIs = async (fields: object) => await until(async () => expect((await ask("GET", path)).body).toMatchObject(fields));
  await untilIs({ status: "ringing" });
  await agent.last.answer();
  await untilIs({ status: "in-progress" });
  expect((await ask("POST", `${path}/hold`, { held: true })).status).toBe(200);
  await untilIs({ heldByCustomer: true });
  expect((await ask("POST", `${path}/digits`, { digits: "1*" })).status).toBe(200);
  expect((await ask("POST", `${path}/media`, { stopped: true })).status).toBe(200);
  expect((await ask("POST", `${path}/hangup`)).status).toBe(200);
  await untilIs({ status: "completed", endedBy: "customer" });
  expect((await ask("GET", "/calls")).body).toMatchObject([{ status: "completed" }]);
  expect(JSON.stringify((await ask("GET", "/sip-log")).body)).toContain("X-Exotel-Callsid");
});

test("[N50] faults of the network", async () => {
  expect((await ask("POST", "/failures", { method: "REGISTER", status: 503, count: 1 })).status).toBe(200);
  expect(await agent.register()).toBe(503);
  expect((await ask("POST", "/sockets", { agent: "asha", action: "silence" })).body).toEqual({ count: 1 });
  expect((await ask("POST", "/sockets", { agent: "asha", action: "resume" })).body).toEqual({ count: 1 });
  expect((await ask("POST", "/restart", { downMs: 10 })).status).toBe(200);
  expect(network().agents()[0]!.contacts).toEqual([]);
});

test.each([
  ["POST", "/calls", { agent: "nobody" }, 404, 'there is no agent "nobody"; there are: asha, ravi, meera'],
  ["POST", "/calls", { agent: "asha", customer: { behaviour: "sings" } }, 400, "customer.behaviour"],
  ["POST", "/calls", { agent: "asha", customer: { number: "1\r\nX: y" } }, 400, "customer.number"],
  ["POST", "/calls", "{", 400, "not JSON"],
  ["POST", "/calls/nothing/hangup", {}, 404, "no call with this sid"],
  ["GET", "/nowhere", undefined, 404, "no such path"],
  ["DELETE", "/agents", undefined, 405, "use GET or POST"],
  ["POST", "/sockets", { action: "burn" }, 400, "action"],
  ["GET", "/calls/%E0%A4%A", undefined, 400, "not well encoded"],
  ["PUT", "/config", {}, 422, "not this one"],
])("[N51] %s %s %j is refused with %i and what to do", async (method, path, body, status, text) => {
  const reply = await ask(method, path, body);
  expect(reply.status).toBe(status);
  expect(String(reply.body["error"])).toContain(text);
});

test("[N52] routes of the other parts of the sandbox are served", async () => {
  expect((await ask("GET", "/config")).body).toEqual({ own: true });
});

test("[N53] a page may use the control only from a named origin", async () => {
  const allowed = await ask("GET", "/config", undefined, { origin: CRM });
  expect(allowed.headers.get("access-control-allow-origin")).toBe(CRM);
  expect((await ask("POST", "/restart", {}, { origin: "https://elsewhere.example" })).status).toBe(403);
});

test("[N53] another name for this machine is refused", async () => {
  const status = await new Promise((resolve) => {
    const asked = request({ port: control.port, path: "/agents", headers: { host: "rebound.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.end();
  });
  expect(status).toBe(403);
});
