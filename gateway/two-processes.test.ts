import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importAgents, post, signedIn } from "./fakes/people.ts";
import { createPostgresServer, findPostgres, type PostgresServer } from "./fakes/postgres-server.ts";
import { CANARIES } from "./fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "./fakes/test-gateway.ts";
import { openDatabase } from "./storage/database.ts";

/** Two gateways that know nothing of each other but their PostgreSQL. */
const programs = findPostgres();
let postgres: PostgresServer;
let one: TestGateway;
let other: TestGateway;

const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
const ring = (gateway: TestGateway, sid: string) =>
  gateway.app.request(`/api/callbacks/exotel/popup?CallSid=${sid}&From=09052161119&DialWhomNumber=08047000101&EventType=Ringing`, {
    headers: basic,
  });

describe.skipIf(programs === null)("two processes", () => {
  beforeAll(async () => {
    postgres = await createPostgresServer(programs ?? "");
    one = await createTestGateway({ database: await openDatabase({ url: postgres.url }) });
    other = await createTestGateway({ database: await openDatabase({ url: postgres.url }) });
    await importAgents(one);
  }, 120_000);
  afterAll(async () => {
    for (const gateway of [one, other]) {
      await gateway.services.events.close();
      await gateway.close();
    }
    await postgres.close();
  }, 60_000);

  test("[G71] what comes in at one gateway is heard by the widget at the other, with a session of the first", async () => {
    const headers = await signedIn(one, "lsq-asha");
    const stream = await other.app.request("/api/agents/me/events", { headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("event: hello");
    expect((await ring(one, "sid-1")).status).toBe(200);
    expect((await reader?.read())?.value).toContain("event: call-changed");
    await reader?.cancel();
  }, 30_000);

  test("[G121] a stream at one gateway ends within a round of its session ending at the other", async () => {
    const headers = await signedIn(one, "lsq-asha");
    const stream = await other.app.request("/api/agents/me/events", { headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("event: hello");
    await other.services.streams.runOnce();
    await ring(one, "sid-of-the-round");
    expect((await reader?.read())?.value).toContain("event: call-changed");
    await one.app.request("/api/sessions/current", { method: "DELETE", headers });
    await other.services.streams.runOnce();
    expect((await reader?.read())?.done).toBe(true);
  }, 30_000);

  test("[G71] one report that comes to both at once is one call and one event", async () => {
    const answers = await Promise.all([ring(one, "sid-2"), ring(other, "sid-2"), ring(one, "sid-2"), ring(other, "sid-2")]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const { db } = one.database;
    const facts = await db
      .selectFrom("call_facts")
      .innerJoin("call_keys", "call_keys.call_id", "call_facts.call_id")
      .where("key", "=", "exotel:sid-2")
      .selectAll()
      .execute();
    expect(facts.length).toBe(1);
  }, 30_000);

  test("[G80] of two pages that ask both gateways at once for one agent's phone, one has it", async () => {
    const headers = await signedIn(one, "lsq-asha");
    const pages = [one, other, one, other].map((gateway, n) =>
      post(gateway, "/api/lease", { holder: `page-number-${n}`, label: "x" }, headers),
    );
    const replies = await Promise.all(pages.map(async (page) => (await page).text()));
    expect(replies.filter((reply) => reply.includes("granted")).length).toBe(1);
    expect(replies.filter((reply) => reply.includes("elsewhere")).length).toBe(3);
  }, 30_000);

  test("[G72] wrong sign-ins are counted by both together, and a right one waits too", async () => {
    const guess = (gateway: TestGateway, password: string) => post(gateway, "/api/sessions", { user: "somebody", password });
    const tries = [one, other, one, other, one, other, one, other, one, other];
    for (const gateway of tries) expect((await guess(gateway, "wrong")).status).toBe(401);
    expect((await guess(one, "wrong")).status).toBe(429);
    const refused = await guess(other, "wrong");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(200);
    for (const gateway of [one, other]) gateway.clock.now += 300_000;
    expect((await guess(other, "wrong")).status).toBe(401);
  }, 30_000);

  test("[G72] calls of one agent are counted by both together, also when they come at once", async () => {
    const headers = await signedIn(one, "lsq-ravi");
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        post(n % 2 === 0 ? one : other, "/api/calls", { callId: `many-${n}`, number: "09052161119" }, headers),
      ),
    );
    // Nobody answers for Exotel here: what the limit lets pass fails behind it.
    expect(answers.filter((answer) => answer.status === 429).length).toBe(10);
  }, 30_000);

  test("[G71] one delivery is taken by one of them", async () => {
    await ring(one, "sid-3");
    const claims = await Promise.all([one, other, one, other].map((gateway) => gateway.services.outbox.claim(50, 60_000)));
    const ids = claims.flat().map((delivery) => delivery.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
  }, 30_000);
});
