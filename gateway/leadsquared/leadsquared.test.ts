import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { createLeadSquaredServer, type LeadSquaredState } from "../../sandbox/leadsquared/leadsquared-server.ts";
import { importAgents } from "../fakes/people.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

let crm: LeadSquaredState;
let closeCrm: () => Promise<void>;
let gateway: TestGateway;

const account = {
  orgKey: CANARIES.LEADSQUARED_ORG_KEY,
  connectorId: "connector-1",
  apiKey: CANARIES.LEADSQUARED_API_KEY,
  accessKey: CANARIES.LEADSQUARED_ACCESS_KEY,
  secretKey: CANARIES.LEADSQUARED_SECRET_KEY,
};

beforeAll(async () => {
  const { server, state } = createLeadSquaredServer({ account, now: () => gateway.clock.now });
  crm = state;
  const { base, close } = await serveOnFreePort(server);
  closeCrm = close;
  const statuses = { busy: "Missed", noAnswer: "Voicemail" };
  const leadsquared = { ...TEST_CONFIG.leadsquared, telephony: base, api: base, popupBy: "user", statuses, wrapUpSeconds: 0 };
  gateway = await createTestGateway({ configuration: testConfiguration({ leadsquared }), fetch });
  await importAgents(gateway);
}, 60_000);
afterAll(async () => {
  await closeCrm();
  await gateway.close();
});
beforeEach(() => {
  crm.fault = () => null;
  gateway.clock.now += 3_600_000;
});

const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
const lsq = { authorization: `Bearer ${CANARIES.LEADSQUARED_INBOUND_TOKEN}` };
const callback = (kind: string, values: Record<string, string>, headers: Readonly<Record<string, string>> = basic) =>
  gateway.app.request(`/api/callbacks/exotel/${kind}?${new URLSearchParams(values)}`, { headers });
const dispose = (values: Record<string, string>) =>
  gateway.app.request(`/api/leadsquared/disposition?${new URLSearchParams(values)}`, { headers: lsq });

test("[G60] ShowAgentPopup names the user, with the keys in headers and numbers with their hyphen", async () => {
  await callback("popup", { CallSid: "show-1", From: "09052161119", DialWhomNumber: "sip:asha", EventType: "Ringing" });
  await gateway.services.deliverer?.runOnce();
  expect(crm.refused).toEqual([]);
  expect(crm.popups.at(-1)).toMatchObject({
    SourceNumber: "+91-9052161119",
    Direction: "Inbound",
    CallSessionId: "show-1",
    UserId: "lsq-asha",
  });
  expect(crm.popups.at(-1)).not.toHaveProperty("Status");
});

test.each([
  ["busy", "Missed"],
  ["no-answer", "Voicemail"],
  ["failed", "Missed"],
])("[G61] a call that was %s is logged with the connector's own word for it", async (outcome, word) => {
  const ended = new Date(gateway.clock.now - 10_000 + 5.5 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  const times = { StartTime: ended, EndTime: ended, ConversationDuration: "0" };
  const who = { Direction: "inbound", From: "09052161119", To: "sip:asha", PhoneNumberSid: "08047112233" };
  await callback("status", { CallSid: `state-${outcome}`, EventType: "terminal", Status: outcome, ...who, ...times });
  await gateway.services.deliverer?.runOnce();
  expect(crm.activities.get(`state-${outcome}`)?.body["Status"]).toBe(word);
});

test("[G62] a caller is put through to the owner of his lead, on the device that the owner has chosen", async () => {
  crm.owners.set("9052161119", "asha@example.com");
  const first = await callback("route", { CallSid: "route-1", From: "09052161119", To: "08047112233" });
  expect(await first.json()).toEqual({ fetch_after_attempt: false, destination: { numbers: ["sip:asha"] }, record: true });
  const asha = await gateway.services.agents.byCrmUser("lsq-asha");
  await gateway.services.agents.setDevice(asha?.id ?? "", "phone");
  const second = await callback("route", { CallSid: "route-2", From: "09052161119", To: "08047112233" });
  expect(await second.json()).toMatchObject({ destination: { numbers: ["08047000101"] } });
  await gateway.services.agents.setDevice(asha?.id ?? "", "sip");
});

test("[G62] a lead without an owner, an owner who is nobody here, and a LeadSquared that fails leave the call to the fallback", async () => {
  const route = (from: string) => callback("route", { CallSid: "route-3", From: from });
  expect((await route("09000000001")).status).toBe(404);
  crm.owners.set("9000000002", "stranger@example.com");
  expect((await route("09000000002")).status).toBe(404);
  crm.owners.set("9000000003", "asha@example.com");
  crm.fault = () => 500;
  expect((await route("09000000003")).status).toBe(404);
  crm.fault = () => null;
  expect((await route("unknown")).status).toBe(400);
  expect((await callback("route", { From: "09000000003" }, {})).status).toBe(401);
  expect(gateway.logged()).not.toContain("9000000003");
});

test("[G62] owners are asked for within the limit that all requests to LeadSquared share", async () => {
  crm.owners.set("9000000004", "asha@example.com");
  const asked = await Promise.all(Array.from({ length: 24 }, () => callback("route", { From: "09000000004" })));
  expect(asked.filter((answer) => answer.status === 200).length).toBe(20);
  expect(asked.filter((answer) => answer.status === 404).length).toBe(4);
});

test("[G39] a disposition says whose call it was where Exotel did not, and lands at no other customer's call", async () => {
  await callback("popup", { CallSid: "disposed-1", From: "09052161119", DialWhomNumber: "08000000000", EventType: "Ringing" });
  const values = { callSessionId: "disposed-1", dispositionValue: "Interested", notes: "n", date: "17/08/2012" };
  const wrong = await dispose({ ...values, customerNumber: "+91-9052160000" });
  expect(wrong.status).toBe(409);
  expect(await wrong.text()).not.toContain("90521");
  const right = {
    ...values,
    customerNumber: "+91-9052161119",
    agentId: "lsq-asha",
    virtualNumber: "08047112244",
    agentNumber: "@agentNumber",
  };
  expect((await dispose(right)).status).toBe(200);
  const call = await gateway.services.ledger.byExotelSid("disposed-1");
  expect(call?.agentId).toBe((await gateway.services.agents.byCrmUser("lsq-asha"))?.id);
  expect(call?.view).toMatchObject({ companyNumber: "08047112244", fields: { disposition: "Interested" }, notes: "n" });
});
