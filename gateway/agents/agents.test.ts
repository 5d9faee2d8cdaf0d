import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { admin, AGENTS_CSV, crmToken, importAgents, post, signedIn } from "../fakes/people.ts";
import { TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, NOON, type TestGateway } from "../fakes/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway();
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  // Failed sign-ins of the test before are forgotten after five minutes.
  gateway.clock.now = NOON + (gateway.clock.now - NOON) + 600_000;
  await importAgents(gateway);
});

const signIn = (body: unknown) => post(gateway, "/api/sessions", body);
const codeOf = async (response: Response): Promise<string> => {
  const body: unknown = await response.json();
  return JSON.stringify(body);
};

test("[G9] a token of the CRM's server signs its agent in, by a partitioned cookie", async () => {
  const response = await signIn({ token: await crmToken(gateway, "lsq-asha") });
  expect(response.status).toBe(201);
  const cookie = response.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^__Host-gateway-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/);
  const body: unknown = await response.json();
  expect(body).toMatchObject({ agent: { name: "Asha Rao", device: "sip", devices: ["sip", "phone"] } });
  expect(body).not.toHaveProperty("token");
  const me = await gateway.app.request("/api/agents/me", { headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect(await me.json()).toMatchObject({ crmUser: "lsq-asha", availability: { state: "offline" } });
});

test("[G9] a token works once", async () => {
  const token = await crmToken(gateway, "lsq-asha");
  expect((await signIn({ token })).status).toBe(201);
  const again = await signIn({ token });
  expect(again.status).toBe(401);
  expect(await codeOf(again)).toContain("it was used before");
});

test.each([
  ["another audience", { aud: "other.example.com" }, "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["another issuer", { iss: "evil.example.com" }, "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["no jti", { jti: undefined }, "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  ["an expiry long ago", { iat: 1, exp: 2 }, "ERR_JWT_EXPIRED"],
  ["a long life", { exp: 2_000_000_000 }, "it lives too long"],
  ["a user whom nobody has mapped", { sub: "lsq-nobody" }, "no active agent"],
])("[G9] a token with %s is refused", async (_what, claims, reason) => {
  const response = await signIn({ token: await crmToken(gateway, "lsq-asha", claims) });
  expect(response.status).toBe(401);
  expect(await codeOf(response)).toContain(reason);
});

test("[G9] a token without a signature, or signed with another secret, is refused", async () => {
  const [, payload = ""] = (await crmToken(gateway, "lsq-asha")).split(".");
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  expect((await signIn({ token: none })).status).toBe(401);
  const forged = await new SignJWT({ sub: "lsq-asha" }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode("x".repeat(32)));
  expect((await signIn({ token: forged })).status).toBe(401);
});

test.each(["RS256", "ES256"] as const)("[G9] %s is checked with the public key alone", async (algorithm) => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const token = { issuer: "crm.example.com", audience: "phone.example.com", algorithm, publicKey: await exportSPKI(publicKey) };
  const configuration = testConfiguration({ signIn: { token } });
  const other = await createTestGateway({ configuration, database: gateway.database });
  other.clock.now = gateway.clock.now;
  const sign = async (alg: string, key: Parameters<SignJWT["sign"]>[0], jti: string) => {
    const now = Math.floor(gateway.clock.now / 1_000);
    const claims = { iss: "crm.example.com", aud: "phone.example.com", sub: "lsq-asha", iat: now, exp: now + 60, jti };
    return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  };
  expect((await post(other, "/api/sessions", { token: await sign(algorithm, privateKey, algorithm) })).status).toBe(201);
  // The public key taken for an HMAC secret: the classic confusion.
  const confused = await sign("HS256", new TextEncoder().encode(token.publicKey), `${algorithm} confused`);
  expect((await post(other, "/api/sessions", { token: confused })).status).toBe(401);
});

test("[G10] an invitation signs in once, in whichever browser comes first", async () => {
  const created = await post(gateway, "/api/admin/agents/lsq-ravi/invitations", {}, admin);
  const { link } = (await created.json()) as { link: string };
  expect(new URL(link).search).toBe("");
  const invitation = /#invitation=(.+)$/.exec(link)?.[1];
  const both = await Promise.all([signIn({ invitation }), signIn({ invitation })]);
  expect(both.map((response) => response.status).toSorted()).toEqual([201, 401]);
});

test("[G10] a password signs in, a wrong one and an unknown name are refused alike, and trying is limited", async () => {
  await post(gateway, "/api/admin/agents/lsq-asha/password", { password: "correct horse battery" }, admin, "PUT");
  expect((await signIn({ user: "asha", password: "correct horse battery" })).status).toBe(201);
  const wrong = await signIn({ user: "asha", password: "wrong" });
  const unknown = await signIn({ user: "nobody", password: "wrong" });
  expect([wrong.status, await codeOf(wrong)]).toEqual([401, await codeOf(unknown)]);
  for (let tries = 0; tries < 9; tries += 1) await signIn({ user: "asha", password: "wrong" });
  const limited = await signIn({ user: "asha", password: "correct horse battery" });
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
}, 30_000);

test("[G11] a cookie is not enough for a request that another page made", async () => {
  const session = await signIn({ token: await crmToken(gateway, "lsq-asha") });
  const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
  const change = (headers: Record<string, string>) =>
    post(gateway, "/api/agents/me/availability", { state: "ready" }, { cookie, ...headers }, "PUT");
  expect((await change({ origin: "https://evil.example.com" })).status).toBe(403);
  expect((await change({})).status).toBe(403);
  expect((await change({ origin: "https://phone.example.com" })).status).toBe(200);
});

test("[G11] no other page signs its visitor in or out", async () => {
  const origin = { origin: "https://evil.example.com" };
  expect((await post(gateway, "/api/sessions", { token: await crmToken(gateway, "lsq-asha") }, origin)).status).toBe(403);
  expect((await gateway.app.request("/api/sessions/current", { method: "DELETE", headers: origin })).status).toBe(403);
});

test("[G11] signing out ends the session, and so does an administrator who removes the agent", async () => {
  const asha = await signedIn(gateway, "lsq-asha");
  const me = () => gateway.app.request("/api/agents/me", { headers: asha });
  expect((await me()).status).toBe(200);
  await importAgents(gateway, "CRM User ID,CRM User,Active\nlsq-asha,Asha Rao,no\n");
  expect((await me()).status).toBe(401);
  // A file that does not say so brings nobody back.
  await importAgents(gateway);
  expect((await signIn({ token: await crmToken(gateway, "lsq-asha") })).status).toBe(401);
  await importAgents(gateway, "CRM User ID,CRM User,Active\nlsq-asha,Asha Rao,yes\n");
  const again = await signedIn(gateway, "lsq-asha");
  await gateway.app.request("/api/sessions/current", { method: "DELETE", headers: again });
  expect((await gateway.app.request("/api/agents/me", { headers: again })).status).toBe(401);
});

test("[G7] SIP credentials reach their agent after sign-in alone, are audited, and lie encrypted", async () => {
  const account = { sipId: "asha", password: "canary-sip-password", domain: "sandbox1.voip.exotel.com", proxy: "voip.exotel.com:443" };
  expect((await post(gateway, "/api/admin/agents/lsq-asha/sip-account", account, admin, "PUT")).status).toBe(204);
  expect((await gateway.app.request("/api/agents/me/sip-account")).status).toBe(401);
  const mine = await gateway.app.request("/api/agents/me/sip-account", { headers: await signedIn(gateway, "lsq-asha") });
  expect(await mine.json()).toEqual(account);
  expect(mine.headers.get("cache-control")).toBe("no-store");
  expect((await gateway.app.request("/api/agents/me/sip-account", { headers: await signedIn(gateway, "lsq-ravi") })).status).toBe(404);
  const { db } = gateway.database;
  expect(JSON.stringify(await db.selectFrom("sip_credentials").selectAll().execute())).not.toContain("canary");
  const audited = await db.selectFrom("audit").select("action").where("action", "like", "sip-account%").execute();
  expect(audited.map((row) => row.action)).toEqual(["sip-account-set", "sip-account-read"]);
  expect(gateway.logged()).not.toContain("canary");
});

test("[G12] an agent switches between softphone and telephone, and says whether he is there", async () => {
  const headers = await signedIn(gateway, "lsq-asha");
  const put = (path: string, body: unknown) => post(gateway, `/api/agents/me/${path}`, body, headers, "PUT");
  expect(await (await put("device", { device: "phone" })).json()).toMatchObject({ device: "phone" });
  expect((await put("device", { device: "fax" })).status).toBe(400);
  await put("availability", { state: "ready" });
  await put("availability", { state: "break", reason: "Lunch" });
  const history = await gateway.app.request("/api/agents/me/availability", { headers });
  expect(await history.json()).toMatchObject({ changes: [{ state: "break", reason: "Lunch" }, { state: "ready" }] });
});

test("[G8] an import reports what failed by line, keeps the rest, and downloads as it was uploaded", async () => {
  const csv = `${AGENTS_CSV}lsq-meera,Meera Nair,asha@example.com,,SIP,meera,,yes,meera\nlsq-x,,,,,,,,\n`;
  const result = await importAgents(gateway, csv);
  expect(await result.json()).toEqual({
    total: 4,
    succeeded: 2,
    failed: 2,
    problems: [
      { line: 4, problem: "agent_identifier belongs to another agent" },
      { line: 5, problem: "CRM User: is empty" },
    ],
  });
  const download = await gateway.app.request("/api/admin/agents/csv", { headers: admin });
  expect(await download.text()).toContain("lsq-asha,Asha Rao,asha@example.com,,sip,asha,08047000101,yes,asha,agent,yes\r\n");
  expect((await importAgents(gateway, "Name\nx")).status).toBe(400);
});

test("[G8] what a file does not have stays as it is, and an empty cell clears, but never the SIP user name", async () => {
  const stored = async () => {
    const { id: _id, ...agent } = (await gateway.services.agents.all()).find(({ crmUser }) => crmUser === "lsq-asha") ?? { id: "" };
    return agent;
  };
  const problems = async (csv: string): Promise<unknown> => (await (await importAgents(gateway, csv)).json()).problems;
  await importAgents(gateway, "CRM User ID,CRM User,Device Type,Role,Click2Call\nlsq-asha,Asha Rao,Phone,supervisor,no\n");
  const before = await stored();
  expect(before).toMatchObject({ sipUser: "asha", device: "phone", role: "supervisor", clickToCall: false, signInName: "asha" });
  await importAgents(gateway, "CRM User ID,CRM User\nlsq-asha,Asha R.\n");
  expect(await stored()).toEqual({ ...before, name: "Asha R." });
  await importAgents(gateway, "CRM User ID,CRM User,Exotel User,SIP User Name,Sign-in Name\nlsq-asha,Asha Rao,,,\n");
  expect(await stored()).toEqual({ ...before, agentIdentifier: null, signInName: null });
  const phone = [{ line: 2, problem: "Mobile Number: needed by the device Phone" }];
  expect(await problems("CRM User ID,CRM User,Mobile Number\nlsq-asha,Asha Rao,\n")).toEqual(phone);
  expect(await problems("CRM User ID,CRM User,Device Type\nlsq-new,Meera,Phone\n")).toEqual(phone);
  expect(await gateway.services.agents.byCrmUser("lsq-new")).toBeNull();
  await importAgents(gateway, "CRM User ID,CRM User,Device Type,Role,Click2Call\nlsq-asha,Asha Rao,SIP,agent,yes\n");
});

test("[G13] administrators' requests want their token", async () => {
  const wrong = await gateway.app.request("/api/admin/agents/csv", { headers: { authorization: "Bearer wrong" } });
  expect(wrong.status).toBe(401);
  expect((await gateway.app.request("/api/admin/agents/csv")).status).toBe(401);
});

test("[G13] a request that is too large is refused before it is read", async () => {
  const large = await signIn({ user: "asha", password: "x".repeat(200_000) });
  expect(large.status).toBe(413);
  expect(await codeOf(large)).toContain("too-large");
  expect(TEST_CONFIG.publicUrl).toContain("https");
});
