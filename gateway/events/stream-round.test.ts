import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { importAgents, signedIn } from "../fakes/people.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";
import { openDatabase } from "../storage/database.ts";

let gateway: TestGateway;
let queries = 0;
/** As the connection that hears notices says that it was lost. */
let loseNotices: () => void = () => undefined;

beforeAll(async () => {
  const database = await openDatabase({ folder: null });
  const db = database.db.withPlugin({
    transformQuery({ node }) {
      queries += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  const listen: typeof database.listen = (channel, heard) => {
    loseNotices = () => heard(null);
    return database.listen(channel, heard);
  };
  gateway = await createTestGateway({ database: { ...database, db, listen } });
}, 60_000);
afterAll(() => gateway.close());
beforeEach(() => importAgents(gateway));

type Headers = Awaited<ReturnType<typeof signedIn>>;
const leaves: (() => Promise<void> | undefined)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await settled();
  await Promise.all(leaves.splice(0).map((leave) => leave()));
});

/** One connection of a widget, which has said hello and found nothing. */
async function listen(headers: Headers) {
  const response = await gateway.app.request("/api/agents/me/events", { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<string | null> => (await reader?.read())?.value ?? null;
  leaves.push(async () => reader?.cancel());
  expect(await read()).toContain("hello");
  return { read };
}

/** No stream has a question at the database any more. @returns how many there were since the last time. */
async function settled(): Promise<number> {
  let before = -1;
  while (before !== queries) {
    before = queries;
    for (let n = 0; n < 20; n += 1) await setImmediate();
  }
  queries = 0;
  return before;
}

const round = () => gateway.services.streams.runOnce();

/** As an event that another process wrote while nobody heard its notice. */
async function writeUnheard(crmUser: string): Promise<void> {
  const { db } = gateway.database;
  const agent = await db
    .updateTable("agents")
    .set((eb) => ({ event_seq: eb("event_seq", "+", 1) }))
    .where("crm_user", "=", crmUser)
    .returning(["id", "event_seq"])
    .executeTakeFirstOrThrow();
  const values = { agent_id: agent.id, seq: agent.event_seq, type: "sip-account-changed", created_at: gateway.clock.now };
  await db
    .insertInto("agent_events")
    .values({ ...values, payload: '{"type":"sip-account-changed"}' })
    .execute();
}

test("[G120] a round is one query for all streams, and idle streams ask nothing between", async () => {
  const asha = await signedIn(gateway, "lsq-asha");
  const ravi = await signedIn(gateway, "lsq-ravi");
  const streams = await Promise.all(Array.from({ length: 30 }, (_, n) => listen(n % 2 === 0 ? asha : ravi)));
  await settled();
  await round();
  expect(await settled()).toBe(1);
  expect(streams.length).toBe(30);
});

test("[G120] a heartbeat asks the database nothing", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const stream = await listen(await signedIn(gateway, "lsq-asha"));
  await settled();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await stream.read()).toBe(": still here\n\n");
  expect(await settled()).toBe(0);
});

test("[G121] a stream ends within a round of signing out, and a colleague's goes on", async () => {
  const headers = await signedIn(gateway, "lsq-asha");
  const gone = await listen(headers);
  const other = await listen(await signedIn(gateway, "lsq-asha"));
  await gateway.app.request("/api/sessions/current", { method: "DELETE", headers });
  await round();
  expect(await gone.read()).toBeNull();
  await writeUnheard("lsq-asha");
  await round();
  expect(await other.read()).toContain("sip-account-changed");
});

test("[G121] so it does within a round of its agent being removed, and of its last hour", async () => {
  const removed = await listen(await signedIn(gateway, "lsq-asha"));
  await importAgents(gateway, "CRM User ID,CRM User,Active\nlsq-asha,Asha Rao,no\n");
  await round();
  expect(await removed.read()).toBeNull();
  await importAgents(gateway, "CRM User ID,CRM User,Active\nlsq-asha,Asha Rao,yes\n");
  const over = await listen(await signedIn(gateway, "lsq-ravi"));
  gateway.clock.now += 13 * 3_600_000;
  await round();
  expect(await over.read()).toBeNull();
});

test("[G122] an event whose notice was lost is told, also at once where notices are heard again", async () => {
  const stream = await listen(await signedIn(gateway, "lsq-asha"));
  await writeUnheard("lsq-asha");
  await round();
  expect(await stream.read()).toContain("sip-account-changed");
  await writeUnheard("lsq-asha");
  loseNotices();
  expect(await stream.read()).toContain("sip-account-changed");
});
