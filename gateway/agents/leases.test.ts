import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LEASE_HEADER, LEASE_MS } from "../../src/protocol/gateway-lease.ts";
import { GatewayError } from "../errors.ts";
import { importAgents, post, signedIn } from "../fakes/people.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

const ZOHO = "page-in-zoho-crm";
const DESK = "page-in-zoho-desk";

let gateway: TestGateway;
let asha: { readonly authorization: string };
let ravi: { readonly authorization: string };
let agentId: string;

beforeAll(async () => {
  gateway = await createTestGateway();
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
  ravi = await signedIn(gateway, "lsq-ravi");
  agentId = (await gateway.services.agents.byCrmUser("lsq-asha"))?.id ?? "";
}, 60_000);
beforeEach(() => void (gateway.clock.now += 2 * LEASE_MS));
afterAll(() => gateway.close());

async function say(path: string, body: unknown, headers = asha) {
  const response = await post(gateway, `/api/lease${path}`, body, headers);
  const text = await response.text();
  const reply: Readonly<Record<string, unknown>> | null = text === "" ? null : JSON.parse(text);
  return { status: response.status, body: reply };
}
const ask = (holder: string, move = false, headers = asha) => say("", { holder, label: holder, move }, headers);
const renew = (holder: string, token: unknown, isOnCall = false) => say("/renew", { holder, token, isOnCall });
const lost = { status: 409, body: { error: { code: "lease-lost" } } };

test("[G80] one page has the phone; it asks again and keeps its token, another is told where it is", async () => {
  const first = await ask(ZOHO);
  expect(first.body).toMatchObject({ state: "granted", expiresInMs: LEASE_MS, renewAfterMs: 10_000 });
  expect((await ask(ZOHO)).body?.["token"]).toBe(first.body?.["token"]);
  expect((await ask(DESK)).body).toMatchObject({ state: "elsewhere", label: ZOHO, isOnCall: false });
  const view = await gateway.app.request("/api/lease", { headers: asha });
  expect(await view.json()).toMatchObject({ state: "held", holder: ZOHO });
  expect((await ask("page-of-ravi", false, ravi)).body).toMatchObject({ state: "granted" });
});

test("[G81] [G82] answer here: the page that asks has it with a higher token, and the old page hears of it", async () => {
  const before = await ask(ZOHO);
  const after = await ask(DESK, true);
  expect(after.body?.["state"]).toBe("granted");
  expect(Number(after.body?.["token"])).toBeGreaterThan(Number(before.body?.["token"]));
  const newest = await gateway.services.events.newest(agentId);
  const [event] = (await gateway.services.events.after(agentId, newest - 1)) ?? [];
  expect(event?.payload).toEqual({ type: "lease-changed", token: after.body?.["token"], holder: DESK, label: DESK });
});

test("[G82] an answered call is taken from nobody, until its page is gone", async () => {
  const { body } = await ask(ZOHO);
  await renew(ZOHO, body?.["token"], true);
  expect((await ask(DESK, true)).body).toMatchObject({ state: "elsewhere", isOnCall: true });
  gateway.clock.now += LEASE_MS;
  expect((await ask(DESK, true)).body).toMatchObject({ state: "granted" });
});

test("[G83] an old token renews nothing, releases nothing, reads no SIP account and places no call", async () => {
  const old = (await ask(ZOHO)).body?.["token"];
  const token = (await ask(DESK, true)).body?.["token"];
  expect(await renew(ZOHO, old)).toMatchObject(lost);
  expect(await renew(ZOHO, token)).toMatchObject(lost);
  // A copy of the page, which has the same name, from before the phone went away and came back.
  expect(await renew(DESK, Number(token) - 1)).toMatchObject(lost);
  await say("/release", { holder: DESK, token: Number(token) - 1 });
  expect((await say("/release", { holder: ZOHO, token: old })).status).toBe(204);
  expect((await renew(DESK, token)).status).toBe(200);
  const withOld = { ...asha, [LEASE_HEADER]: String(old) };
  const withNew = { ...asha, [LEASE_HEADER]: String(token) };
  const account = (headers: Readonly<Record<string, string>>) => gateway.app.request("/api/agents/me/sip-account", { headers });
  expect((await account(withOld)).status).toBe(409);
  expect((await account(withNew)).status).toBe(404);
  expect((await account({ ...asha, [LEASE_HEADER]: "none" })).status).toBe(400);
  const call = { callId: "call-1", number: "09052161119" };
  expect(await (await post(gateway, "/api/calls", call, withOld)).json()).toMatchObject(lost.body);
});

test("[G84] what is not renewed is free when its time is over, and not before", async () => {
  const { body } = await ask(ZOHO);
  gateway.clock.now += LEASE_MS - 1;
  expect((await ask(DESK)).body?.["state"]).toBe("elsewhere");
  gateway.clock.now += 1;
  // Its page slept and nobody wanted it: it goes on.
  expect((await renew(ZOHO, body?.["token"])).status).toBe(200);
  gateway.clock.now += LEASE_MS;
  expect((await ask(DESK)).body?.["state"]).toBe("granted");
  expect(await renew(ZOHO, body?.["token"])).toMatchObject(lost);
});

test("[G81] what was released is free at once, and its next holder has a higher token", async () => {
  const { body } = await ask(ZOHO);
  // As a beacon sends it: text, and nobody waits for the answer.
  const beacon = { method: "POST", headers: { ...asha, "content-type": "text/plain" } };
  await gateway.app.request("/api/lease/release", { ...beacon, body: JSON.stringify({ holder: ZOHO, token: body?.["token"] }) });
  expect(await (await gateway.app.request("/api/lease", { headers: asha })).json()).toEqual({ state: "free" });
  expect(Number((await ask(ZOHO)).body?.["token"])).toBeGreaterThan(Number(body?.["token"]));
});

test("[G80] a lease wants a session and a body that can be read", async () => {
  expect((await post(gateway, "/api/lease", { holder: ZOHO, label: "x" })).status).toBe(401);
  expect((await say("", { holder: "short", label: "x" })).status).toBe(400);
  expect((await say("/renew", { holder: ZOHO, token: 0 })).status).toBe(400);
});

const step = fc.oneof(
  fc.record({ what: fc.constantFrom("ask", "move", "renew", "release", "call"), who: fc.constantFrom("a", "b", "c") }),
  fc.record({ what: fc.constant("wait"), who: fc.constantFrom(...[1, 10_000, LEASE_MS].map(String)) }),
);

interface Walk {
  owner: { readonly who: string; readonly until: number; readonly onCall: boolean } | null;
}

test("[G80] [G81] [G83] whatever three pages do, at most one of them is in the right, and tokens only grow", async () => {
  const { leases } = gateway.services;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      gateway.clock.now += 2 * LEASE_MS;
      const mine = new Map<string, number>();
      const wrong: string[] = [];
      let highest = 0;
      const walk: Walk = { owner: null };
      for (const { what, who } of steps) {
        const now = gateway.clock.now;
        const token = mine.get(who);
        const isHeld = walk.owner !== null && walk.owner.until > now;
        if (what === "wait") gateway.clock.now += Number(who);
        else if (what === "ask" || what === "move") {
          const reply = await leases.ask(agentId, { holder: `page-walk-${who}`, label: who, move: what === "move" });
          const isFree = !isHeld || walk.owner?.who === who || (what === "move" && walk.owner?.onCall === false);
          if ((reply.state === "granted") !== isFree) wrong.push(`${what} by ${who}: ${reply.state}`);
          if (reply.state !== "granted") continue;
          const isSame = walk.owner?.who === who;
          if (reply.token < highest + (isSame ? 0 : 1)) wrong.push(`token ${reply.token} after ${highest}`);
          highest = reply.token;
          mine.set(who, reply.token);
          walk.owner = { who, until: reply.expiresAt, onCall: isSame && walk.owner !== null ? walk.owner.onCall : false };
        } else if (token !== undefined && what === "release") {
          await leases.release(agentId, { holder: `page-walk-${who}`, token });
          if (walk.owner?.who === who && token === highest) walk.owner = null;
        } else if (token !== undefined) {
          const isOnCall = what === "call";
          const renewal = { holder: `page-walk-${who}`, token, isOnCall };
          const renewed = await leases
            .renew(agentId, renewal)
            .catch((error: unknown) => (error instanceof GatewayError ? error.code : "other"));
          const isRight = walk.owner?.who === who && token === highest;
          if (typeof renewed !== "string" && isRight) walk.owner = { who, until: renewed.expiresAt, onCall: isOnCall };
          else if (isRight || renewed !== "lease-lost") wrong.push(`renewal by ${who}: ${JSON.stringify(renewed)}`);
        }
      }
      for (const [who, token] of mine) await leases.release(agentId, { holder: `page-walk-${who}`, token });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 30 },
  );
}, 60_000);
