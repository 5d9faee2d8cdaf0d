import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { createLeadSquaredServer, type LeadSquaredState } from "../../sandbox/leadsquared/leadsquared-server.ts";
import { admin, importAgents, post, signedIn } from "../fakes/people.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

let crm: LeadSquaredState;
let crmUrl: string;
let closeCrm: () => Promise<void>;
let gateway: TestGateway;
let asha: { readonly authorization: string };
let calls = 0;

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
  crmUrl = base;
  const leadsquared = {
    ...TEST_CONFIG.leadsquared,
    telephony: base,
    api: base,
    customFields: { mx_Custom_10: "outcome" },
    wrapUpSeconds: 600,
  };
  gateway = await createTestGateway({ configuration: testConfiguration({ leadsquared }), fetch });
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
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
const callback = (kind: string, values: Record<string, string>) =>
  gateway.app.request(`/api/callbacks/exotel/${kind}?${new URLSearchParams(values)}`, { headers: basic });
const ist = (at: number) => new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

/** An inbound call to Asha that is over. */
async function finishedCall(more: Record<string, string> = {}): Promise<string> {
  const sid = `sid-${(calls += 1)}`;
  const start = gateway.clock.now - 60_000;
  await callback("status", {
    CallSid: sid,
    EventType: "terminal",
    Status: "completed",
    Direction: "inbound",
    From: "09052161119",
    To: "sip:asha",
    PhoneNumberSid: "08047112233",
    StartTime: ist(start),
    EndTime: ist(start + 40_000),
    ConversationDuration: "33",
    ...more,
  });
  return sid;
}
const write = (sid: string, notes = "wants a quote") =>
  post(
    gateway,
    `/api/calls/w-${sid}/log`,
    {
      logId: `w-${sid}`,
      call: {
        callId: `w-${sid}`,
        direction: "incoming",
        remoteNumber: "+919052161119",
        exotelCallSid: sid,
        startedAt: gateway.clock.now - 60_000,
        answeredAt: 1,
      },
      talkSeconds: 30,
      disposition: { fields: { outcome: "interested" }, notes, followUp: { dueAt: gateway.clock.now, text: "call back" } },
    },
    asha,
    "PUT",
  );
const deliver = async () => (await gateway.services.deliverer?.runOnce()) ?? 0;
/** As the loop of a process does: as fast as it may, again and again for so long. */
async function deliverFor(ms: number, stepMs = 1_000): Promise<void> {
  for (const end = gateway.clock.now + ms; gateway.clock.now <= end; gateway.clock.now += stepMs) {
    while ((await deliver()) > 0);
  }
}
const sent = (sid: string) => crm.activities.get(sid)?.body;

test("[G50] the log waits for the agent's note, and goes out once with everything in it", async () => {
  const sid = await finishedCall();
  await deliverFor(10_000);
  expect(sent(sid)).toBeUndefined();
  await write(sid);
  await deliverFor(2_000);
  const start = new Date(`${String(sent(sid)?.["StartTime"]).replace(" ", "T")}+05:30`).getTime();
  expect(sent(sid)).toEqual({
    SourceNumber: "+91-9052161119",
    DestinationNumber: "+91-8047000101",
    DisplayNumber: "+91-8047112233",
    StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    StartTimeUTC: new Date(start).toUTCString(),
    EndTime: ist(start + 40_000),
    CallDuration: "33",
    Status: "Answered",
    Direction: "Inbound",
    CallSessionId: sid,
    AgentId: "asha@example.com",
    CallNotes: expect.stringMatching(/^wants a quote\nFollow-up \d{4}-.* call back$/),
    mx_Custom_10: "interested",
  });
  await write(sid, "an afterthought");
  await callback("status", { CallSid: sid, Status: "completed" });
  await deliverFor(700_000, 20_000);
  expect([crm.duplicates, crm.refused]).toEqual([0, []]);
});

test("[G50] a note that never comes holds the log for its time and no longer", async () => {
  const sid = await finishedCall({ Status: "no-answer", ConversationDuration: "0" });
  await deliverFor(500_000, 20_000);
  expect(sent(sid)).toBeUndefined();
  await deliverFor(120_000, 20_000);
  expect(sent(sid)).toMatchObject({ Status: "Missed", CallDuration: "0" });
});

test("[G51] an outgoing call has its source and destination the other way round", async () => {
  const sid = await finishedCall({ Direction: "outbound-api", From: "sip:asha", To: "09052161119" });
  await write(sid);
  await deliverFor(2_000);
  expect(sent(sid)).toMatchObject({ SourceNumber: "+91-8047000101", DestinationNumber: "+91-9052161119", Direction: "Outbound" });
});

test("[G52] the recording's link is ours, and follows the log whenever it comes", async () => {
  const sid = await finishedCall();
  await write(sid);
  await deliverFor(2_000);
  expect(crm.activities.get(sid)?.recordingUrl).toBeNull();
  await callback("passthru", { CallSid: sid, RecordingUrl: "https://recordings.exotel.example/secret.mp3" });
  await deliverFor(2_000);
  expect(crm.activities.get(sid)?.recordingUrl).toMatch(/^https:\/\/phone\.example\.com\/api\/recordings\/[\w-]+$/);
});

test("[G53] 500, 429, no answer: tried again with growing pauses, and still once", async () => {
  const sid = await finishedCall();
  await write(sid);
  const faults: (number | null)[] = [500, 429, 503, null];
  const at: number[] = [];
  crm.fault = () => {
    at.push(gateway.clock.now);
    return faults.shift() ?? null;
  };
  await deliverFor(120_000);
  expect(sent(sid)).toBeDefined();
  expect(at.length).toBe(4);
  const [first = 0, second = 0] = at;
  expect(second - first).toBeGreaterThanOrEqual(2_500);
});

test("[G53] a log that was taken but not acknowledged is sent again, and is no second one", async () => {
  const sid = await finishedCall();
  await write(sid);
  const before = crm.duplicates;
  const [claimed] = await gateway.services.outbox.claim(1, 60_000);
  // The process dies after LeadSquared took the log and before anybody wrote that down.
  expect(claimed?.kind).toBe("call-log");
  const body = {
    SourceNumber: "1",
    DestinationNumber: "2",
    DisplayNumber: "3",
    StartTime: ist(gateway.clock.now),
    CallDuration: "1",
    Status: "Answered",
    Direction: "Inbound",
    CallSessionId: sid,
  };
  await fetch(`${crmUrl}/1/api/Telephony/LogCallComplete/${account.orgKey}/${account.connectorId}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  await deliverFor(30_000);
  expect(crm.duplicates).toBe(before);
  await deliverFor(60_000);
  expect(crm.duplicates).toBe(before + 1);
  expect((await gateway.services.outbox.counts()).waiting).toBe(0);
});

test("[G54] what LeadSquared refuses is kept with its reason, holds back the rest of its call, and can be replayed", async () => {
  const sid = await finishedCall({ RecordingUrl: "https://recordings.exotel.example/x" });
  await write(sid);
  crm.fault = () => 400;
  await deliverFor(5_000);
  crm.fault = () => null;
  await deliverFor(60_000);
  const dead = await gateway.app.request("/api/admin/deliveries/dead", { headers: admin });
  const { deliveries } = (await dead.json()) as { deliveries: { id: number; kind: string; error: string }[] };
  expect(deliveries[0]).toMatchObject({ kind: "call-log", error: "400: the double was told to fail" });
  expect(sent(sid)).toBeUndefined();
  await post(gateway, `/api/admin/deliveries/${deliveries[0]?.id}/replay`, {}, admin);
  await deliverFor(5_000);
  expect(crm.activities.get(sid)?.recordingUrl).toContain("/api/recordings/");
});

test("[G55] never more than 25 requests in 5 seconds, however many calls end at once", async () => {
  const sids = [];
  for (let count = 0; count < 60; count += 1) sids.push(await finishedCall());
  for (const sid of sids) await write(sid);
  const before = crm.refused.length;
  await deliverFor(30_000);
  expect(sids.filter((sid) => !sent(sid))).toEqual([]);
  expect(crm.refused.slice(before)).toEqual([]);
}, 30_000);

test("[G56] the popup is shown while the phone rings, and not afterwards", async () => {
  const ring = (sid: string) =>
    callback("popup", { CallSid: sid, From: "09052161119", DialWhomNumber: "08047000101", EventType: "Ringing" });
  await ring("popup-1");
  await deliverFor(1_000);
  expect(crm.popups.at(-1)).toMatchObject({ CallSessionId: "popup-1", SourceNumber: "+91-9052161119", AgentId: "asha@example.com" });
  await ring("popup-2");
  gateway.clock.now += 31_000;
  await deliverFor(1_000);
  expect(crm.popups.some((popup) => popup["CallSessionId"] === "popup-2")).toBe(false);
});

test("[G57] the asynchronous call log is done when LeadSquared says so, not when it accepts it", async () => {
  const leadsquared = { ...TEST_CONFIG.leadsquared, telephony: crmUrl, asynchronous: crmUrl, api: crmUrl };
  const other = await createTestGateway({ configuration: testConfiguration({ leadsquared }), fetch, database: gateway.database });
  other.clock.now = gateway.clock.now;
  const sid = await finishedCall();
  await write(sid);
  await other.services.deliverer?.runOnce();
  expect((await other.services.outbox.counts()).waiting).toBe(1);
  other.clock.now += 16_000;
  await other.services.deliverer?.runOnce();
  expect((await other.services.outbox.counts()).waiting).toBe(0);
  expect(sent(sid)).toMatchObject({ ResourceURL: expect.stringContaining("https://phone.example.com/api/recordings/") });
  await other.services.events.close();
});

test("[G2] no secret of LeadSquared and no number was logged", () => {
  expect(gateway.logged()).toContain("the CRM refuses a delivery");
  expect(gateway.logged()).not.toMatch(/canary|9052161119/);
});
