import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addresses } from "../addresses.ts";
import { createRouter, type HttpRequest } from "../http/router.ts";
import { serveOnFreePort } from "../http/serve-on-free-port.ts";
import { CallLogStore } from "./call-log-store.ts";
import { createCrmServer } from "./crm-server.ts";
import { ExotelInbox } from "./exotel-inbox.ts";

const call = { callId: "c1", remoteNumber: "+918000000001", startedAt: 1, exotelCallSid: "s1" };
const log = { logId: "c1", call, talkSeconds: 5, disposition: { fields: { outcome: "interested" }, notes: "", followUp: null } };

let store: CallLogStore;
let crm: string;
/** Origin of the played Exotel. */
let exotel: string;
let exotelSays: (request: HttpRequest) => { status: number; body: string; headers?: Record<string, string> };
let asked: { form: URLSearchParams; authorization: string | undefined; range: string | undefined }[];
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  store = new CallLogStore();
  asked = [];
  exotelSays = () => ({ status: 200, body: '{"Call":{"Sid":"s1"}}' });
  const answer = async (request: HttpRequest) => {
    const form = new URLSearchParams((await request.body()).toString());
    asked.push({ form, authorization: request.headers.authorization, range: request.headers.range });
    return exotelSays(request);
  };
  const played = await serveOnFreePort(
    createRouter([
      ["POST", "/*", answer],
      ["GET", "/*", answer],
    ]),
  );
  const server = createCrmServer({
    addresses: { ...addresses, control: "http://127.0.0.1:9" },
    exotel: { api: played.base, sid: "acme1", apiKey: "key", apiToken: "token", exoPhone: "08047112233" },
    agents: () => [{ user: "asha", displayName: "Asha Rao", password: "secret", domain: "acme1.voip.example.com", proxy: "proxy:443" }],
    store,
    inbox: new ExotelInbox(),
  });
  const served = await serveOnFreePort(server);
  crm = served.base;
  exotel = played.base;
  closing.push(played.close, served.close);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const post = (path: string, body: unknown) =>
  fetch(`${crm}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

test("[X22] a call is placed by Calls/connect with the key of the server, and its Sid is handed on", async () => {
  const response = await post("/api/place-call", { agent: "asha", number: "+918000000001", callId: "c1" });
  expect(await response.json()).toEqual({ exotelCallSid: "s1" });
  expect(asked[0]?.authorization).toBe(`Basic ${btoa("key:token")}`);
  expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({
    From: "sip:asha",
    To: "+918000000001",
    CallerId: "08047112233",
    CustomField: "c1",
    "StatusCallbackEvents[0]": "terminal",
  });
});

test("[X22] what Exotel refuses is said without its secrets", async () => {
  exotelSays = () => ({ status: 429, body: "key:token" });
  const response = await post("/api/place-call", { agent: "asha", number: "1", callId: "c1" });
  expect([response.status, await response.json()]).toEqual([502, { error: "Exotel answered 429" }]);
  expect((await post("/api/place-call", { agent: "nobody", number: "1", callId: "c1" })).status).toBe(404);
});

test("[X20] a call log that is delivered twice is stored once, and acknowledged twice", async () => {
  store.setFaults({ failSaves: 1, loseAcknowledgements: 1 });
  const answers = [];
  for (let index = 0; index < 4; index += 1) answers.push((await post("/api/call-logs", { agent: "asha", log })).status);
  expect(answers).toEqual([503, 504, 200, 200]);
  expect(store.all().map(({ log: kept, deliveries }) => [kept, deliveries])).toEqual([[log, 3]]);
});

test.each([
  {},
  { log: {} },
  { log: { ...log, logId: "other" } },
  { log: { ...log, disposition: null } },
  { log: { ...log, talkSeconds: "5" } },
])("[X23] %j is not a call log", async (body) => {
  expect((await post("/api/call-logs", body)).status).toBe(400);
  expect(store.all()).toEqual([]);
});

test("[X24] a recording that Exotel told of is played through the CRM, in ranges, and the key goes to Exotel alone", async () => {
  await post("/api/call-logs", { agent: "asha", log });
  exotelSays = () => ({
    status: 206,
    body: "ab",
    headers: { "content-type": "audio/wav", "content-range": "bytes 0-1/9", "set-cookie": "a=b" },
  });
  const stranger = await serveOnFreePort(createServer((_request, response) => response.end("stolen")));
  closing.push(stranger.close);
  await post("/exotel/status", { CallSid: "s2", RecordingUrl: `${stranger.base}/s2.wav` });
  expect((await fetch(`${crm}/api/recordings/s2`)).status).toBe(404);

  const before = asked.length;
  const logs = () => fetch(`${crm}/api/call-logs`).then((response) => response.json() as Promise<{ recording: string | null }[]>);
  expect((await logs())[0]?.recording).toBeNull();
  await fetch(`${crm}/exotel/passthru?CallSid=s1&RecordingUrl=${encodeURIComponent(`${exotel}/s1.wav`)}`);
  expect((await logs())[0]?.recording).toBe("/api/recordings/s1");
  const part = await fetch(`${crm}/api/recordings/s1`, { headers: { range: "bytes=0-1" } });
  expect([part.status, await part.text(), part.headers.get("content-range"), part.headers.get("set-cookie")]).toEqual([
    206,
    "ab",
    "bytes 0-1/9",
    null,
  ]);
  expect(asked[before]).toMatchObject({ authorization: `Basic ${btoa("key:token")}`, range: "bytes=0-1" });
});

test("[X25] the page's policy lets in the phone's origin and nothing unsafe", async () => {
  const response = await fetch(`${crm}/`);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain(`frame-src ${addresses.phone}`);
  expect(policy).toContain(`script-src 'self' ${addresses.phone};`);
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(await response.text()).toContain(`${addresses.phone}/softphone.js`);
});

test("[X26] only the demo's own buttons reach the control, and a control that is away is said so", async () => {
  expect((await post("/api/simulate/config", {})).status).toBe(404);
  expect((await post("/api/simulate/calls/../config", {})).status).toBe(404);
  expect((await post("/api/simulate/calls", {})).status).toBe(503);
});
