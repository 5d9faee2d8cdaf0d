import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSubscribersApi, type SubscriberState } from "../../sandbox/exotel-api/subscribers.ts";
import { createRouter } from "../../sandbox/http/router.ts";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { admin, AGENTS_CSV, importAgents, post, signedIn } from "../fakes/people.ts";
import { TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

const TEAM = Array.from({ length: 60 }, (_, n) => `team-${n}`);
const team = `CRM User ID,CRM User,Mobile Number\n${TEAM.map((user, n) => `${user},Agent ${n},0804700${1_000 + n}`).join("\n")}\n`;

let gateway: TestGateway;
let exotel: SubscriberState;
let close: () => Promise<void>;
/** A client whose patience is short, for answers that never come. */
const impatient: typeof fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(500) });

beforeAll(async () => {
  const { routes, state } = createSubscribersApi({ now: () => gateway.clock.now });
  exotel = state;
  const served = await serveOnFreePort(createRouter(routes));
  close = served.close;
  const subscribers = { proxy: "voip.example.com:443" };
  const configuration = testConfiguration({ exotel: { ...TEST_CONFIG.exotel, api: served.base, subscribers } });
  gateway = await createTestGateway({ configuration, fetch: impatient });
  await importAgents(gateway, AGENTS_CSV);
  await importAgents(gateway, team);
}, 60_000);
afterAll(async () => {
  await close();
  await gateway.close();
});
beforeEach(async () => {
  gateway.clock.now += 3_600_000;
  exotel.fault = () => null;
  await ask("/delete", ["lsq-asha", "lsq-ravi", ...TEAM.slice(0, 6)]);
  exotel.subscribers.clear();
  exotel.sizes.length = 0;
  await importAgents(gateway, AGENTS_CSV);
});

interface Answer {
  readonly succeeded: number;
  readonly failed: number;
  readonly rows: readonly { readonly user: string; readonly result: string; readonly problem?: string }[];
}
async function ask(path: string, users: readonly string[], more: object = {}): Promise<Answer> {
  return (await post(gateway, `/api/admin/subscribers${path}`, { users, ...more }, admin)).json();
}
const account = async (user: string) =>
  await (await gateway.app.request("/api/agents/me/sip-account", { headers: await signedIn(gateway, user) })).json();
/** The first request does, or meets, this; those after it are served. */
function once(fault: number | "lose"): void {
  let isOver = false;
  exotel.fault = () => (isOver ? null : ((isOver = true), fault));
}

test("[G92] an agent gets a subscriber, and his widget what it registers with", async () => {
  expect(await ask("", ["lsq-asha", "team-0"])).toMatchObject({ succeeded: 2, failed: 0 });
  const made = exotel.subscribers.get("asha");
  expect(made).toMatchObject({ email: "asha@example.com" });
  const wanted = { sipId: "asha", password: made?.password, domain: "sandbox1.voip.exotel.com", proxy: "voip.example.com:443" };
  expect(await account("lsq-asha")).toMatchObject({ ...wanted, displayName: "Asha Rao" });
  // Without a name in the mapping it is one of ours, which every chapter's rule allows; files of before do not know it.
  const { sipId } = (await account("team-0")) as { readonly sipId: string };
  expect(sipId).toMatch(/^[a-z][a-z0-9]{11}$/);
  await importAgents(gateway, team);
  await importAgents(gateway, "CRM User ID,CRM User,SIP User Name\nteam-0,Agent 0,\n");
  const asha = await gateway.services.agents.byCrmUser("team-0");
  expect(asha?.sipUser).toBe(sipId);
  const newest = await gateway.services.events.newest(asha?.id ?? "");
  expect((await gateway.services.events.after(asha?.id ?? "", newest - 1))?.[0]?.type).toBe("sip-account-changed");
});

test("[G90] sixty are created in requests of 25 and deleted in requests of 50, and asking again changes nothing", async () => {
  expect(await ask("", TEAM)).toMatchObject({ succeeded: 60, failed: 0 });
  const before = new Map([...exotel.subscribers].map(([name, one]) => [name, one.password]));
  expect((await ask("", TEAM)).rows.every((row) => row.result === "unchanged")).toBe(true);
  expect(new Map([...exotel.subscribers].map(([name, one]) => [name, one.password]))).toEqual(before);
  expect(new Set(before.values()).size).toBe(60);
  expect(await ask("/delete", TEAM)).toMatchObject({ succeeded: 60 });
  expect(exotel.sizes.map(({ method, count }) => `${method} ${count}`)).toEqual([
    "POST 25",
    "POST 25",
    "POST 10",
    "DELETE 50",
    "DELETE 10",
  ]);
  expect(exotel.subscribers.size).toBe(0);
  expect((await ask("/delete", TEAM)).rows.every((row) => row.result === "unchanged")).toBe(true);
  expect(await account("team-3")).toMatchObject({ error: { code: "not-found" } });
}, 60_000);

test("[G93] [G91] one row fails, the others do not; a stranger's subscriber is taken over only where that is said", async () => {
  const stranger = { userName: "asha", password: "somebody's", email: null, createdAt: "", updatedAt: "" };
  exotel.subscribers.set("asha", stranger);
  const answer = await ask("", ["lsq-asha", "lsq-ravi", "nobody"]);
  expect(answer).toMatchObject({ succeeded: 1, failed: 2 });
  expect(answer.rows.map(({ user, result }) => `${user} ${result}`)).toEqual(["lsq-asha failed", "lsq-ravi created", "nobody failed"]);
  expect(answer.rows[0]?.problem).toContain("takeOver");
  expect(stranger.password).toBe("somebody's");
  expect(await ask("", ["lsq-asha"], { takeOver: true })).toMatchObject({ succeeded: 1 });
  expect(await account("lsq-asha")).toMatchObject({ password: stranger.password });
});

test.each(["lose", 500] as const)("[G90] [G92] a batch whose answer was %s is finished by the next request", async (fault) => {
  once(fault);
  const first = await ask("", ["team-1", "team-2"]);
  expect(first).toMatchObject({ succeeded: 0, failed: 2 });
  expect(first.rows[0]?.problem).toContain("ask again");
  expect(await account("team-1")).toMatchObject({ error: { code: "not-found" } });
  expect(await ask("", ["team-1", "team-2"])).toMatchObject({ succeeded: 2 });
  expect(exotel.subscribers.size).toBe(2);
  const { sipId, password } = (await account("team-1")) as { readonly sipId: string; readonly password: string };
  expect(exotel.subscribers.get(sipId)?.password).toBe(password);
});

test("[G90] [G92] a password is rotated; one whose answer was lost is sent again, and the widget has the old one until then", async () => {
  await ask("", ["lsq-asha"]);
  const old = exotel.subscribers.get("asha")?.password;
  expect(await ask("/rotate", ["lsq-asha"])).toMatchObject({ succeeded: 1 });
  const rotated = exotel.subscribers.get("asha")?.password;
  expect(rotated).not.toBe(old);
  expect(await account("lsq-asha")).toMatchObject({ password: rotated });
  once("lose");
  expect(await ask("/rotate", ["lsq-asha"])).toMatchObject({ failed: 1 });
  expect(await account("lsq-asha")).toMatchObject({ password: rotated });
  const sent = exotel.subscribers.get("asha")?.password;
  expect((await ask("", ["lsq-asha"])).rows[0]?.result).toBe("unchanged");
  expect(await ask("/rotate", ["lsq-asha"])).toMatchObject({ succeeded: 1 });
  expect(await account("lsq-asha")).toMatchObject({ password: sent });
});

test("[G90] two requests at once for one agent make one subscriber", async () => {
  const answers = await Promise.all([ask("", ["team-5"]), ask("", ["team-5"]), ask("", ["team-5"])]);
  expect(answers.filter(({ rows }) => rows[0]?.result === "created").length).toBe(1);
  expect(exotel.subscribers.size).toBe(1);
});

test("[G2] passwords are in no answer, no log and no table", async () => {
  const answers = [await ask("", ["lsq-asha"]), await ask("/rotate", ["lsq-asha"])];
  const listed = await gateway.app.request("/api/admin/subscribers", { headers: admin });
  const text = `${JSON.stringify(answers)} ${await listed.text()} ${gateway.logged()}`;
  const tables = await Promise.all(
    (["subscribers", "sip_credentials", "audit", "agent_events"] as const).map((table) =>
      gateway.database.db.selectFrom(table).selectAll().execute(),
    ),
  );
  const password = exotel.subscribers.get("asha")?.password ?? "";
  expect(password.length).toBeGreaterThan(20);
  expect(`${text} ${JSON.stringify(tables)}`).not.toContain(password);
  expect(text).toContain('"state":"ready"');
});

test("[G90] without a configuration, or without the token, the answer says so", async () => {
  const other = await createTestGateway();
  const response = await post(other, "/api/admin/subscribers", { users: ["lsq-asha"] }, admin);
  expect(response.status).toBe(409);
  expect(await response.text()).toContain("exotel.subscribers is not configured");
  expect((await post(other, "/api/admin/subscribers", { users: ["lsq-asha"] })).status).toBe(401);
  await other.close();
}, 30_000);
