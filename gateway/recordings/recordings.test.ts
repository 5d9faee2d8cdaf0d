import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { importAgents, signedIn } from "../fakes/people.ts";
import { createSandboxExotel, CUSTOMER, type SandboxExotel } from "../fakes/sandbox-exotel.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

const SOUND = Buffer.from("RIFF....WAVEfmt 0123456789");

let folder: string;
let gateway: TestGateway;
let exotel: SandboxExotel;
let asha: { readonly authorization: string };
/** Requests that went out, and what the world answers instead. */
let asked: { url: string; authorization: string | null }[];
let instead: ((url: string) => Response | null) | null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-"));
  await writeFile(join(folder, "a.wav"), SOUND);
  exotel = await createSandboxExotel({
    now: () => gateway.clock.now,
    publicUrl: "https://phone.example.com",
    deliver: async (input, init) => gateway.app.request(String(input), init),
  });
  const world: typeof fetch = (input, init) => {
    asked.push({ url: String(input), authorization: new Headers(init?.headers).get("authorization") });
    const answer = instead?.(String(input));
    return answer ? Promise.resolve(answer) : fetch(input, init);
  };
  const configuration = testConfiguration({
    exotel: { ...TEST_CONFIG.exotel, api: exotel.api, recordingHosts: ["recordings.exotel.example"] },
    leadsquared: undefined,
  });
  gateway = await createTestGateway({ configuration, fetch: world });
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
}, 60_000);
afterAll(async () => {
  await exotel.close();
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  instead = null;
});

/** An answered inbound call of Asha's. @returns our id. */
async function call(recording: string | null): Promise<string> {
  const { sid } = exotel.network.ringAgent("asha", CUSTOMER);
  exotel.network.move(sid, { status: "in-progress" });
  gateway.clock.now += 5_000;
  exotel.network.move(sid, { status: "completed", endedBy: "agent", recording });
  return vi.waitFor(async () => {
    const entry = await gateway.services.ledger.byExotelSid(sid);
    expect(entry?.view.outcome).toBe("completed");
    return entry?.id ?? "";
  });
}
const play = (id: string, headers: Record<string, string> = {}) =>
  gateway.app.request(`/api/recordings/${id}`, { headers: { ...asha, ...headers } });
const withUrl = async (url: string) => {
  const basic = `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}`;
  const values = new URLSearchParams({ CallSid: url, Status: "completed", Direction: "inbound", To: "sip:asha", RecordingUrl: url });
  await gateway.app.request(`/api/callbacks/exotel/status?${values}`, { headers: { authorization: basic } });
  return (await gateway.services.ledger.byExotelSid(url))?.id ?? "";
};

test("[G60] the agent hears his call, whole or in ranges, and the vendor's key stays here", async () => {
  const id = await call(join(folder, "a.wav"));
  const whole = await play(id);
  expect(whole.status).toBe(200);
  expect(whole.headers.get("content-type")).toBe("audio/wav");
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(SOUND);
  const part = await play(id, { range: "bytes=8-11" });
  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([206, `bytes 8-11/${SOUND.length}`, "WAVE"]);
  expect((await play(id, { range: `bytes=${SOUND.length + 5}-` })).status).toBe(416);
  expect(asked[0]?.authorization).toContain("Basic");
  expect(JSON.stringify([...whole.headers])).not.toMatch(/exotel|Basic/);
});

test("[G60] conditional requests are the vendor's to answer", async () => {
  const id = await withUrl("https://recordings.exotel.example/1.mp3");
  instead = () => new Response(null, { status: 304, headers: { etag: '"1"', "set-cookie": "x=1" } });
  const again = await play(id, { "if-none-match": '"1"' });
  expect([again.status, again.headers.get("etag"), again.headers.get("set-cookie")]).toEqual([304, '"1"', null]);
});

test("[G61] a recording that is not there yet is 202 with the time to come again, and one that never came is 404", async () => {
  const id = await call(null);
  const early = await play(id);
  expect([early.status, early.headers.get("retry-after")]).toEqual([202, "20"]);
  const late = await withUrl("https://recordings.exotel.example/late.mp3");
  instead = () => new Response(null, { status: 404 });
  expect((await play(late)).status).toBe(202);
  gateway.clock.now += 11 * 60_000;
  expect((await play(late)).status).toBe(404);
  expect((await play(id)).status).toBe(404);
  expect((await play("nothing")).status).toBe(404);
});

test("[G62] a colleague hears nothing, a supervisor does, and every play is audited once", async () => {
  const id = await call(join(folder, "a.wav"));
  const ravi = await signedIn(gateway, "lsq-ravi");
  expect((await play(id, ravi)).status).toBe(404);
  await importAgents(gateway, "CRM User ID,CRM User,SIP User Name,Role\nlsq-boss,Meera Nair,meera,supervisor\n");
  expect((await play(id, await signedIn(gateway, "lsq-boss"))).status).toBe(200);
  await play(id, { range: "bytes=0-3" });
  await play(id, { range: "bytes=4-7" });
  const plays = await gateway.database.db.selectFrom("audit").selectAll().where("subject", "=", id).execute();
  expect(plays.map((row) => row.action)).toEqual(["recording-played", "recording-played"]);
  expect((await gateway.app.request(`/api/recordings/${id}`)).status).toBe(401);
});

test.each([
  "https://evil.example.com/a.mp3",
  "http://recordings.exotel.example/a.mp3",
  "https://recordings.exotel.example:8443/a.mp3",
  "https://recordings.exotel.example@evil.example.com/a.mp3",
  "https://user:pass@recordings.exotel.example/a.mp3",
  "http://169.254.169.254/latest/meta-data",
  "http://127.0.0.1:1/a",
  "file:///etc/passwd",
])("[G63] %s is asked by nobody", async (url) => {
  const id = await withUrl(url);
  expect((await play(id)).status).toBe(403);
  expect(asked).toEqual([]);
});

test("[G63] a redirect is followed to an allowed host alone, and the key goes to no other host", async () => {
  const moved = (to: string) => (url: string) =>
    url.includes("/moved")
      ? new Response(null, { status: 302, headers: { location: to } })
      : new Response("sound", { headers: { "content-type": "text/html" } });
  const id = await withUrl("https://recordings.exotel.example/moved");
  instead = moved("https://evil.example.com/steal");
  expect((await play(id)).status).toBe(403);
  instead = moved(`${exotel.api}/elsewhere`);
  asked = [];
  const played = await play(id);
  expect(played.headers.get("content-type")).toBe("application/octet-stream");
  expect(asked.map(({ authorization }) => authorization !== null)).toEqual([true, false]);
  instead = moved("https://recordings.exotel.example/moved");
  expect((await play(id)).status).toBe(503);
});

test("[G64] a recording that is older than the deployment keeps is not played", async () => {
  const id = await call(join(folder, "a.wav"));
  gateway.clock.now += 366 * 86_400_000;
  asha = await signedIn(gateway, "lsq-asha");
  expect((await play(id)).status).toBe(404);
});

test("[G64] where an old recording lay is forgotten in every table, once, and each is in the audit", async () => {
  const { db } = gateway.database;
  const old = await call(join(folder, "a.wav"));
  gateway.clock.now += 365 * 86_400_000 + 60_000;
  const young = await call(join(folder, "a.wav"));
  const text = async (id: string) => {
    const rows = await db.selectFrom("calls").select("record").where("id", "=", id).execute();
    return JSON.stringify([rows, await db.selectFrom("call_facts").select("fact").where("call_id", "=", id).execute()]);
  };
  const url = (await gateway.services.ledger.byId(old))?.view.recordingUrl ?? "nowhere";
  expect(await text(old)).toContain(url);
  await gateway.services.sweepRecordings();
  expect(await gateway.services.sweepRecordings()).toBe(0);
  expect(await text(old)).not.toContain("recordingUrl");
  expect(await text(young)).toContain("recordingUrl");
  expect((await gateway.services.ledger.byId(old))?.view).toMatchObject({ recordingUrl: null, outcome: "completed" });
  const audited = await db.selectFrom("audit").select(["agent_id", "subject"]).where("action", "=", "recording-forgotten").execute();
  expect(audited.filter(({ subject }) => subject === old)).toEqual([{ agent_id: null, subject: old }]);
  expect(audited.some(({ subject }) => subject === young)).toBe(false);
});
