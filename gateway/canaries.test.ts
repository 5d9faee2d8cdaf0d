import { afterAll, beforeAll, expect, test } from "vitest";
import { admin, crmToken, importAgents, post, signedIn } from "./fakes/people.ts";
import { CANARIES } from "./fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "./fakes/test-gateway.ts";

/** Secrets are planted in every place that holds one; then everything is asked for, and everything that came out is searched. */
const PLANTED = { sipPassword: "canary-sip-0101", agentPassword: "canary-agent-0102", vendorPath: "canary-recording-0103" } as const;
const NUMBER = "9052161119";

let gateway: TestGateway;
/** Addresses that were asked outside. */
const addresses: string[] = [];
beforeAll(async () => {
  gateway = await createTestGateway({
    fetch: (input) => {
      addresses.push(String(input));
      // A vendor that fails, and quotes the request in its answer.
      return Promise.resolve(new Response(`refused: Basic ${CANARIES.EXOTEL_API_TOKEN} ${NUMBER}`, { status: 500 }));
    },
  });
  await importAgents(gateway);
}, 60_000);
afterAll(() => gateway.close());

const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
const lsq = { authorization: `Bearer ${CANARIES.LEADSQUARED_INBOUND_TOKEN}` };
const report = (extra: Record<string, string>) =>
  `/api/callbacks/exotel/status?${new URLSearchParams({ CallSid: "s-1", Status: "completed", Direction: "inbound", From: `0${NUMBER}`, To: "sip:asha", ...extra })}`;

test("[G2] no secret leaves in an answer, an address, the log or the database, whatever is asked and whatever fails", async () => {
  const account = { sipId: "asha", password: PLANTED.sipPassword, domain: "d.example.com", proxy: "p.example.com" };
  await post(gateway, "/api/admin/agents/lsq-asha/sip-account", account, admin, "PUT");
  await post(gateway, "/api/admin/agents/lsq-asha/password", { password: PLANTED.agentPassword }, admin, "PUT");
  const asha = await signedIn(gateway, "lsq-asha");
  const answers = [
    await gateway.app.request("/api/admin/agents/csv", { headers: admin }),
    await gateway.app.request("/api/admin/deliveries/dead", { headers: admin }),
    await gateway.app.request("/api/agents/me", { headers: asha }),
    await gateway.app.request("/metrics"),
    await gateway.app.request("/config.json"),
    await gateway.app.request("/api/admin/agents/csv", { headers: { authorization: `Bearer ${PLANTED.sipPassword}` } }),
    await post(gateway, "/api/sessions", { user: "asha", password: `${PLANTED.agentPassword}-wrong` }),
    await post(gateway, "/api/sessions", { token: await crmToken(gateway, "lsq-asha", { aud: CANARIES.SIGN_IN_SECRET }) }),
    await post(gateway, "/api/calls", { callId: "c-1", number: `0${NUMBER}` }, asha),
    await post(gateway, "/api/calls", { callId: "c-2", number: PLANTED.sipPassword }, asha),
    await gateway.app.request(`/api/leadsquared/click-to-call?AgentId=asha@example.com&CustomerNumber=0${NUMBER}`, { headers: lsq }),
    await gateway.app.request(report({ RecordingUrl: `https://evil.example.com/${PLANTED.vendorPath}` }), { headers: basic }),
    await gateway.app.request("/api/calls", { headers: asha }),
  ];
  const id = (await gateway.services.ledger.byExotelSid("s-1"))?.id ?? "";
  answers.push(await gateway.app.request(`/api/recordings/${id}`, { headers: asha }));
  gateway.clock.now += 3_600_000;
  await gateway.services.deliverer?.runOnce();

  const texts = await Promise.all(answers.map(async (answer) => `${JSON.stringify([...answer.headers])} ${await answer.text()}`));
  const secrets = /canary|sandbox-api-token/;
  expect(texts.filter((text) => secrets.test(text))).toEqual([]);
  expect(gateway.logged()).not.toMatch(secrets);
  expect(gateway.logged()).not.toContain(NUMBER);
  // LeadSquared's own addresses carry its key for the connector: it has no other way.
  expect(addresses.filter((address) => secrets.test(address.replace(CANARIES.LEADSQUARED_ORG_KEY, "")))).toEqual([]);
  expect(addresses.length).toBeGreaterThan(1);
});

test("[G2] what lies in the database opens nothing", async () => {
  const tables = ["agents", "sip_credentials", "sessions", "invitations", "used_tokens", "outbox", "audit"] as const;
  const { token } = (await (await post(gateway, "/api/sessions", { token: await crmToken(gateway, "lsq-asha"), bearer: true })).json()) as {
    token: string;
  };
  const rows = await Promise.all(tables.map((table) => gateway.database.db.selectFrom(table).selectAll().execute()));
  const text = JSON.stringify(rows);
  expect(text).not.toMatch(/canary-(sip|agent)/);
  expect(text).not.toContain(token);
});
