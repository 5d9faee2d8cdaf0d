import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLegsApi, type LegState } from "../../sandbox/exotel-api/legs.ts";
import { createRouter } from "../../sandbox/http/router.ts";
import { serveOnFreePort } from "../../sandbox/http/serve-on-free-port.ts";
import { AGENTS_CSV, importAgents, post, signedIn } from "../fakes/people.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

type Headers = Readonly<Record<string, string>>;

let gateway: TestGateway;
let exotel: LegState;
let close: () => Promise<void>;
let asha: Headers;
let ravi: Headers;
let boss: Headers;
let callId: string;
let calls = 0;
/** What Exotel has told about the ends of monitors' legs. */
const reported: { readonly url: string; readonly body: string }[] = [];
async function report(url: string, body: string): Promise<number> {
  const { pathname, search } = new URL(url);
  const headers = { "content-type": "application/json" };
  return (await gateway.app.request(`${pathname}${search}`, { method: "POST", headers, body })).status;
}

beforeAll(async () => {
  const { routes, state } = createLegsApi((url, body) => {
    reported.push({ url, body });
    return report(url, body);
  });
  exotel = state;
  const served = await serveOnFreePort(createRouter(routes));
  close = served.close;
  const legs = { monitoring: true, exoml: served.base };
  const configuration = testConfiguration({ exotel: { ...TEST_CONFIG.exotel, api: served.base, legs } });
  gateway = await createTestGateway({ configuration, fetch });
  await importAgents(gateway, AGENTS_CSV);
  await importAgents(gateway, "CRM User ID,CRM User,Mobile Number,Role\nlsq-boss,Meera,09800000103,supervisor\n");
  asha = await signedIn(gateway, "lsq-asha");
  ravi = await signedIn(gateway, "lsq-ravi");
  boss = await signedIn(gateway, "lsq-boss");
}, 60_000);
afterAll(async () => {
  await close();
  await gateway.close();
});

const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
const sid = () => `leg-call-${calls}`;
beforeEach(async () => {
  calls += 1;
  exotel.isEnabled = true;
  exotel.actions.length = 0;
  exotel.calls.clear();
  exotel.calls.set(sid(), [
    { sid: "leg-customer", phoneNumber: "09052161119", origin: "inbound", lastAction: "" },
    { sid: "leg-agent", phoneNumber: "sip:asha", origin: "outbound-dial", lastAction: "" },
  ]);
  const values = { CallSid: sid(), From: "09052161119", DialWhomNumber: "sip:asha", EventType: "Answered" };
  await gateway.app.request(`/api/callbacks/exotel/popup?${new URLSearchParams(values)}`, { headers: basic });
  callId = (await gateway.services.ledger.byExotelSid(sid()))?.id ?? "";
});

const act = (body: object, headers = asha) => post(gateway, `/api/calls/${callId}/legs`, body, headers);
const monitor = (mode: string, headers = boss) => post(gateway, `/api/calls/${callId}/monitor`, { mode }, headers);
const monitors = () => (exotel.calls.get(sid()) ?? []).filter((leg) => leg.origin === "monitor");
const audited = async () =>
  (
    await gateway.database.db
      .selectFrom("audit")
      .select(["action", "subject"])
      .where("subject", "like", `${callId} %`)
      .orderBy("id")
      .execute()
  ).map(({ action, subject }) => `${action} ${subject.slice(callId.length + 1)}`);

test("[G95] an agent holds the customer, rings a third party and leaves, as the exchange's documents have it", async () => {
  expect((await act({ action: "hold", leg: "customer" })).status).toBe(202);
  expect((await act({ action: "dial", number: "080 4700-0102" })).status).toBe(202);
  expect((await act({ action: "dial", number: "sip:ravi" })).status).toBe(202);
  expect((await act({ action: "unhold", leg: "customer" })).status).toBe(202);
  expect((await act({ action: "hang-up", leg: "agent" })).status).toBe(202);
  expect(exotel.actions).toEqual([
    { legSid: "leg-customer", exoml: "<Hold></Hold>" },
    { legSid: "leg-agent", exoml: '<Dial contactUri="08047000102" exophone="08047112233" networkType="pstn"></Dial>' },
    { legSid: "leg-agent", exoml: '<Dial contactUri="sip:ravi" exophone="08047112233" networkType="voip"></Dial>' },
    { legSid: "leg-customer", exoml: "<UnHold></UnHold>" },
  ]);
  expect(exotel.calls.get(sid())?.map((leg) => leg.sid)).toEqual(["leg-customer"]);
  expect(await audited()).toEqual([
    "leg-controlled hold customer",
    "leg-controlled dial",
    "leg-controlled dial",
    "leg-controlled unhold customer",
    "leg-controlled hang-up agent",
  ]);
});

test("[G95] mute and recording reach the leg that is named", async () => {
  for (const action of ["mute", "unmute", "start-recording", "stop-recording"])
    expect((await act({ action, leg: "agent" })).status).toBe(202);
  expect(exotel.actions.map(({ legSid, exoml }) => `${legSid} ${/^<(\w+)/.exec(exoml)?.[1]}`)).toEqual([
    "leg-agent Mute",
    "leg-agent UnMute",
    "leg-agent StartRecording",
    "leg-agent StopRecording",
  ]);
});

test("[G96] a supervisor listens, whispers, barges and leaves; back is no way; each is in the audit", async () => {
  const reply: { readonly legSid: string } = await (await monitor("listen")).json();
  expect(monitors()).toMatchObject([{ sid: reply.legSid, phoneNumber: "09800000103", lastAction: "listen" }]);
  const step = (mode: string) => post(gateway, `/api/calls/${callId}/monitor/${reply.legSid}`, { mode }, boss, "PUT");
  expect((await step("whisper")).status).toBe(200);
  expect((await step("barge")).status).toBe(200);
  expect((await step("listen")).status).toBe(409);
  expect((await step("whisper")).status).toBe(502);
  expect(monitors()[0]?.lastAction).toBe("barge");
  const leave = (leg: string) => gateway.app.request(`/api/calls/${callId}/monitor/${leg}`, { method: "DELETE", headers: boss });
  expect((await leave("leg-customer")).status).toBe(409);
  expect((await leave(reply.legSid)).status).toBe(204);
  expect(exotel.calls.get(sid())?.length).toBe(2);
  const ended = `ended ${reply.legSid} completed 52`;
  expect(await audited()).toEqual(["listen", "whisper", "barge", "whisper", "leave", ended].map((mode) => `call-monitored ${mode}`));
});

test("[G99] the end of a supervisor's leg is noticed once, by its signed address alone, and the call goes on", async () => {
  reported.length = 0;
  const { legSid }: { readonly legSid: string } = await (await monitor("listen")).json();
  const meera = (await gateway.services.agents.byCrmUser("lsq-boss"))?.id ?? "";
  const before = await gateway.services.events.newest(meera);
  await gateway.app.request(`/api/calls/${callId}/monitor/${legSid}`, { method: "DELETE", headers: boss });
  const [{ url, body } = { url: "", body: "" }] = reported;
  expect(new URL(url).pathname).toBe("/api/callbacks/exotel/monitor");
  // Again, as Exotel does where the answer was lost.
  expect(await report(url, body)).toBe(200);
  const payload = { type: "monitor-ended", callId, legSid, status: "completed", seconds: 52 };
  expect(await gateway.services.events.after(meera, before)).toEqual([{ seq: before + 1, type: "monitor-ended", payload }]);
  expect((await gateway.services.ledger.byId(callId))?.view.isOver).toBe(false);

  const changed = (name: string, value: string) => {
    const other = new URL(url);
    other.searchParams.set(name, value);
    return report(other.href, body);
  };
  expect(await changed("supervisor", "somebody")).toBe(401);
  expect(await changed("call", "another")).toBe(401);
  expect(await report(url.replace("/monitor?", "/status?"), body)).toBe(401);
  expect(await report(url, body.replace(sid(), "sid-of-another"))).toBe(403);
  expect((await audited()).filter((entry) => entry.includes("ended"))).toEqual([`call-monitored ended ${legSid} completed 52`]);
});

test("[G96] nobody but a supervisor listens in, and nobody touches a colleague's call", async () => {
  expect((await monitor("listen", asha)).status).toBe(403);
  expect((await monitor("listen", ravi)).status).toBe(403);
  const leg = `/api/calls/${callId}/monitor/leg-agent`;
  expect((await post(gateway, leg, { mode: "barge" }, asha, "PUT")).status).toBe(403);
  expect((await gateway.app.request(leg, { method: "DELETE", headers: asha })).status).toBe(403);
  expect((await act({ action: "hang-up", leg: "customer" }, ravi)).status).toBe(404);
  expect((await act({ action: "hold", leg: "customer" }, boss)).status).toBe(202);
  expect((await act({ action: "hold", leg: "customer" }, {})).status).toBe(401);
  expect(monitors()).toEqual([]);
});

test("[G97] a call that is over, an odd number and a leg that cannot be told are refused in words", async () => {
  expect((await act({ action: "dial", number: '1"/><Hangup' })).status).toBe(400);
  exotel.calls.set(sid(), [
    { sid: "a", phoneNumber: "", origin: "outbound-dial", lastAction: "" },
    { sid: "b", phoneNumber: "", origin: "outbound-dial", lastAction: "" },
  ]);
  expect(await (await act({ action: "hold", leg: "agent" })).json()).toMatchObject({ error: { code: "conflict" } });
  exotel.calls.clear();
  const gone = await act({ action: "hold", leg: "agent" });
  expect(await gone.json()).toMatchObject({ error: { code: "conflict", message: "the call or its leg is not in progress" } });
  expect(exotel.actions).toEqual([]);
});

test("[G98] an account without it says so: by configuration, and by Exotel's own refusal", async () => {
  exotel.isEnabled = false;
  const refused = await act({ action: "hold", leg: "agent" });
  expect(refused.status).toBe(501);
  expect(await refused.json()).toMatchObject({ error: { code: "not-supported" } });
  const can = await gateway.app.request("/api/capabilities", { headers: asha });
  expect(await can.json()).toEqual({ legActions: true, monitoring: true });
  const plain = await createTestGateway();
  await importAgents(plain);
  const headers = await signedIn(plain, "lsq-asha");
  expect(await (await plain.app.request("/api/capabilities", { headers })).json()).toEqual({ legActions: false, monitoring: false });
  const values = { CallSid: "plain", From: "09052161119", DialWhomNumber: "sip:asha", EventType: "Answered" };
  await plain.app.request(`/api/callbacks/exotel/popup?${new URLSearchParams(values)}`, { headers: basic });
  const id = (await plain.services.ledger.byExotelSid("plain"))?.id ?? "";
  const answer = await post(plain, `/api/calls/${id}/legs`, { action: "hold", leg: "agent" }, headers);
  expect(await answer.json()).toMatchObject({ error: { code: "not-supported" } });
  await plain.close();
}, 30_000);
