import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serveOnFreePort } from "../http/serve-on-free-port.ts";
import { FakeNetwork } from "../network/fake-network.ts";
import { account } from "./account.ts";
import type { ConnectRequest } from "./api-call.ts";
import { createApiServer } from "./api-server.ts";

const basic = `Basic ${btoa(`${account.apiKey}:${account.apiToken}`)}`;
/** 12:31:49 in India: the time of the vendor's sample. */
const NOON = Date.UTC(2012, 7, 17, 7, 1, 49);

let now = NOON;
let network: FakeNetwork;
let close: () => Promise<void>;
let api: string;
let calls: string;

beforeEach(async () => {
  now = NOON;
  network = new FakeNetwork(() => now);
  network.setAgent("asha", "secret", "Asha Rao");
  const server = createApiServer({
    network,
    api: "https://api.example.com",
    requests: new Map<string, ConnectRequest>(),
    agentWithNumber: (number) => (number === "08047000101" ? "asha" : null),
    nameOfNumber: () => "Ravi Kumar",
    now: () => now,
  });
  ({ base: api, close } = await serveOnFreePort(server));
  calls = `${api}/v1/Accounts/${account.sid}/Calls`;
});
afterEach(() => close());

const wanted = { From: "sip:asha", To: "09052161119", CallerId: "08047112233", CallType: "trans" };
const connect = (form: Record<string, string> | FormData = wanted, suffix = "") =>
  fetch(`${calls}/connect${suffix}`, {
    method: "POST",
    headers: { authorization: basic },
    body: form instanceof FormData ? form : new URLSearchParams(form),
  });
const read = (path: string, headers: Record<string, string> = {}) => fetch(path, { headers: { authorization: basic, ...headers } });

test("[X1] Calls/connect answers with the vendor's sample, field by field, in XML", async () => {
  const response = await connect();
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/xml");
  const sid = network.calls()[0]?.sid;
  // Chapter 5.19, with our values in it.
  expect(await response.text()).toBe(
    `<?xml version="1.0" encoding="UTF-8"?><TwilioResponse><Call><Sid>${sid}</Sid><ParentCallSid/>` +
      "<DateCreated>2012-08-17 12:31:49</DateCreated><DateUpdated>2012-08-17 12:31:49</DateUpdated><AccountSid>sandbox1</AccountSid>" +
      "<To>09052161119</To><From>sip:asha</From><PhoneNumberSid>08047112233</PhoneNumberSid><Status>in-progress</Status>" +
      "<StartTime>2012-08-17 12:31:49</StartTime><EndTime/><Duration/><Price/><Direction>outbound-api</Direction><AnsweredBy/>" +
      `<ForwardedFrom/><CallerName/><RecordingUrl/><Uri>/v1/Accounts/sandbox1/Calls/${sid}</Uri></Call></TwilioResponse>`,
  );
});

test("[X1] with .json it answers in JSON, with null for what is empty", async () => {
  const response = await connect(wanted, ".json");
  expect(response.headers.get("content-type")).toContain("application/json");
  const { Call } = (await response.json()) as { Call: Record<string, unknown> };
  expect(Object.keys(Call).join()).toBe(
    "Sid,ParentCallSid,DateCreated,DateUpdated,AccountSid,To,From,PhoneNumberSid,Status,StartTime,EndTime,Duration,Price,Direction,AnsweredBy,ForwardedFrom,CallerName,RecordingUrl,Uri",
  );
  expect(Call).toMatchObject({ ParentCallSid: null, EndTime: null, Status: "in-progress" });
});

test("[X2] the agent is rung first, as sip:user or by telephone number, and To decides the customer", async () => {
  await connect({ ...wanted, To: "+918000000004", TimeOut: "20", TimeLimit: "600" });
  await connect({ ...wanted, From: "08047000101", To: "8000000006" });
  expect(network.calls().map((call) => [call.direction, call.agent, call.customer.behaviour, call.customer.name])).toEqual([
    ["outbound-api", "asha", "busy", "Ravi Kumar"],
    ["outbound-api", "asha", "hangs-up", "Ravi Kumar"],
  ]);
  expect(network.connected).toEqual([
    { timeOutMs: 20_000, timeLimitMs: 600_000 },
    { timeOutMs: 30_000, timeLimitMs: 14_400_000 },
  ]);
});

test("[X2] parameters sent as multipart form-data are read too", async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries(wanted)) form.append(name, value);
  expect((await connect(form)).status).toBe(200);
});

test.each([
  ["From", "", "Invalid Call Parameters: No 'From' specified"],
  ["To", "", "Invalid Call Parameters: No 'To' specified"],
  ["CallerId", "", "Invalid Call Parameters: No 'CallerId' specified"],
  ["From", "sip:nobody", "Invalid Parameter: From is missing or invalid"],
  ["To", "x", "Invalid Parameter: To is missing or invalid"],
  ["TimeLimit", "14401", "Invalid Parameter: TimeLimit is missing or invalid"],
  ["TimeOut", "soon", "Invalid Parameter: TimeOut is missing or invalid"],
  ["CallType", "other", "Invalid Parameter: CallType is missing or invalid"],
  ["StatusCallback", "javascript:1", "Invalid Parameter: StatusCallback is missing or invalid"],
])("[X3] %s = %j is refused with 400 and a RestException", async (name, value, message) => {
  const response = await connect({ ...wanted, [name]: value });
  expect(response.status).toBe(400);
  expect(await response.text()).toBe(
    `<?xml version="1.0" encoding="UTF-8"?><TwilioResponse><RestException><Status>400</Status><Message>${message}</Message></RestException></TwilioResponse>`,
  );
  expect(network.calls()).toEqual([]);
});

test.each([undefined, "Basic AAAA", `Basic ${btoa(`${account.apiKey}:wrong`)}`, `Bearer ${account.apiToken}`])(
  "[X4] %s is not let in: 401 with a challenge",
  async (authorization) => {
    const response = await fetch(`${calls}/connect.json`, {
      method: "POST",
      body: new URLSearchParams(wanted),
      ...(authorization ? { headers: { authorization } } : {}),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="Exotel"');
    expect(await response.json()).toEqual({ RestException: { Status: 401, Message: "Authentication failed" } });
    expect(network.calls()).toEqual([]);
  },
);

test("[X5] the 201st call of a minute is refused with 429, and a minute later calls pass again", async () => {
  for (let index = 0; index < 200; index += 1) expect((await connect()).status).toBe(200);
  const refused = await connect(wanted, ".json");
  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({ RestException: { Status: 429, Message: "Too Many Requests" } });
  expect(network.calls()).toHaveLength(200);
  now += 60_001;
  expect((await connect()).status).toBe(200);
});

test("[X6] details of a finished call: status, end, duration, price and recording", async () => {
  await connect();
  const { sid } = network.calls()[0]!;
  network.move(sid, { status: "ringing" });
  expect(await (await read(`${calls}/${sid}`)).text()).toContain("<Status>in-progress</Status>");
  now += 5_000;
  network.move(sid, { status: "in-progress" });
  now += 122_100;
  network.move(sid, { status: "completed", endedBy: "customer", recording: "/somewhere.wav" });
  const { Call } = (await (await read(`${calls}/${sid}.json`)).json()) as { Call: Record<string, unknown> };
  expect(Call).toMatchObject({
    Status: "completed",
    StartTime: "2012-08-17 12:31:49",
    EndTime: "2012-08-17 12:33:56",
    Duration: "123",
    Price: "3.45",
    RecordingUrl: `https://api.example.com/exotelrecordings/sandbox1/${sid}.wav`,
  });
});

test("[X6] an inbound call comes from the customer and goes to the ExoPhone", async () => {
  const call = network.ringAgent("asha", {
    number: "+918000000001",
    name: "<b>",
    behaviour: "speaks",
    ringMs: 0,
    talkMs: 0,
    digits: "",
  });
  network.move(call.sid, { status: "canceled", endedBy: "customer" });
  const text = await (await read(`${calls}/${call.sid}`)).text();
  expect(text).toContain("<To>08047112233</To><From>+918000000001</From>");
  expect(text).toContain("<Status>no-answer</Status>");
  expect(text).toContain("<Direction>inbound</Direction>");
});

test.each(["/Calls/nothing", "/Calls/nothing.json", "/Nothing"])("[X7] %s is 404 with the vendor's words", async (path) => {
  const response = await read(`${api}/v1/Accounts/sandbox1${path}`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("No matching results");
  expect((await read(`${api}/v1/Accounts/somebody${path}`)).status).toBe(404);
});

test("[X8] a recording needs the key and is sent in ranges", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  const file = join(folder, "a.wav");
  await writeFile(file, "RIFF0123456789");
  await connect();
  const { sid } = network.calls()[0]!;
  const url = `${api}/exotelrecordings/sandbox1/${sid}.wav`;
  expect((await read(url)).status).toBe(404);
  network.move(sid, { status: "completed", recording: file });
  expect((await fetch(url)).status).toBe(401);

  const whole = await read(url);
  expect([whole.status, whole.headers.get("content-type"), await whole.text()]).toEqual([200, "audio/wav", "RIFF0123456789"]);
  const part = await read(url, { range: "bytes=4-6" });
  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([206, "bytes 4-6/14", "012"]);
  const tail = await read(url, { range: "bytes=-2" });
  expect([tail.status, await tail.text()]).toEqual([206, "89"]);
  const beyond = await read(url, { range: "bytes=14-" });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */14"]);
  await rm(folder, { recursive: true });
});

test("[X8] a call that was not to be recorded has no recording", async () => {
  await connect({ ...wanted, Record: "false" });
  const { sid } = network.calls()[0]!;
  network.move(sid, { status: "completed", recording: "/somewhere.wav" });
  expect(await (await read(`${calls}/${sid}`)).text()).toContain("<RecordingUrl/>");
  expect((await read(`${api}/exotelrecordings/sandbox1/${sid}.wav`)).status).toBe(404);
});
