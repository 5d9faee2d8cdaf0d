import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createSandboxExotel, CUSTOMER, type SandboxExotel } from "../fakes/sandbox-exotel.ts";
import { admin, importAgents, post, signedIn } from "../fakes/people.ts";
import { CANARIES, TEST_CONFIG, testConfiguration } from "../fakes/test-configuration.ts";
import { createTestGateway, NOON, type TestGateway } from "../fakes/test-gateway.ts";

const PUBLIC = "https://phone.example.com";
const lsq = { authorization: `Bearer ${CANARIES.LEADSQUARED_INBOUND_TOKEN}` };

let gateway: TestGateway;
let exotel: SandboxExotel;
let asha: { readonly authorization: string };
/** Answers that Exotel gives before its own, newest last; an error is no answer at all. */
let first: (Response | Error)[];
let number = 1_000;

beforeAll(async () => {
  exotel = await createSandboxExotel({
    now: () => gateway.clock.now,
    publicUrl: PUBLIC,
    deliver: async (input, init) => gateway.app.request(String(input), init),
  });
  const configuration = testConfiguration({
    exotel: { ...TEST_CONFIG.exotel, api: exotel.api },
    callHours: { days: ["fri"], from: "09:00", to: "18:00" },
  });
  const answer: typeof fetch = (input, init) => {
    const instead = first.shift();
    if (instead) return instead instanceof Error ? Promise.reject(instead) : Promise.resolve(instead);
    return fetch(input, init);
  };
  gateway = await createTestGateway({ configuration, fetch: answer });
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
}, 60_000);
afterAll(async () => {
  await exotel.close();
  await gateway.close();
});
beforeEach(() => {
  first = [];
  gateway.clock.now += 120_000;
});

/** A customer of this test alone. */
const customer = () => `0905216${(number += 1)}`;
const place = (body: Record<string, unknown>) => post(gateway, "/api/calls", body, asha);
const placed = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as { callId: string; exotelCallSid: string };
const history = async (query = "", headers = asha) => {
  const page = await gateway.app.request(`/api/calls${query}`, { headers });
  return (await page.json()) as { calls: { callId: string; outcome: string | null; number: string }[]; next: string | null };
};
const call = async (id: string) => (await gateway.services.ledger.byId(id))?.view;
const events = async () => {
  const agent = await gateway.services.agents.byCrmUser("lsq-asha");
  return (await gateway.services.events.after(agent?.id ?? "", 0)) ?? [];
};

test("[G31] a click in the widget rings the agent, then the customer, and the end of the call is reported to its own address", async () => {
  const to = customer();
  const response = await place({ callId: "w-1", number: to, record: { type: "lead", id: "lead-7", name: "Ravi Kumar" } });
  expect(response.status).toBe(201);
  const { exotelCallSid } = await placed(response);
  expect(exotel.requests.get(exotelCallSid)).toMatchObject({
    from: "sip:asha",
    to,
    callerId: "08047112233",
    customField: "w-1",
    record: true,
    statusCallbackContentType: "application/json",
    statusCallbackEvents: ["terminal", "answered"],
  });
  exotel.network.move(exotelCallSid, { status: "in-progress" });
  gateway.clock.now += 8_000;
  exotel.network.move(exotelCallSid, { status: "completed", endedBy: "customer", recording: "/a.wav" });
  await vi.waitFor(async () => expect(await call("w-1")).toMatchObject({ outcome: "completed" }));
  expect(await call("w-1")).toMatchObject({ talkSeconds: 8, customerNumber: to, leadId: "lead-7", exotelSid: exotelCallSid });
});

test("[G31] the same click twice, and twice at once, is one call", async () => {
  const wanted = { callId: "w-2", number: customer() };
  const before = exotel.network.calls().length;
  const all = await Promise.all([place(wanted), place(wanted)]);
  expect(exotel.network.calls().length).toBe(before + 1);
  expect(all.map((response) => response.status).toSorted()).toEqual([201, expect.toBeOneOf([201, 409])]);
  const again = await placed(place(wanted));
  expect(again).toEqual({ callId: "w-2", exotelCallSid: exotel.network.calls().at(-1)?.sid });
});

test("[G32] 429 is waited for, and nothing else is asked twice", async () => {
  first = [new Response(null, { status: 429 }), new Response(null, { status: 429 })];
  expect((await place({ callId: "w-3", number: customer() })).status).toBe(201);
  expect(first).toEqual([]);
  first = [new Response(null, { status: 502 })];
  const before = exotel.network.calls().length;
  expect((await place({ callId: "w-4", number: customer() })).status).toBe(503);
  first = [new Error("socket hang up")];
  expect((await place({ callId: "w-5", number: customer() })).status).toBe(503);
  expect(exotel.network.calls().length).toBe(before);
  expect(await call("w-5")).toMatchObject({ isOver: true, outcome: "failed" });
});

test("[G32] patience with 429 ends, and says when to come again", async () => {
  first = Array.from({ length: 9 }, () => new Response(null, { status: 429, headers: { "retry-after": "5" } }));
  const response = await place({ callId: "w-6", number: customer() });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
});

test("[G33] a number, a caller id, an agent or a time that is wrong rings nobody", async () => {
  const before = exotel.network.calls().length;
  expect((await place({ callId: "w-7", number: "call me" })).status).toBe(400);
  expect((await place({ callId: "w-8", number: customer(), callerId: "0999999999" })).status).toBe(400);
  expect((await post(gateway, "/api/calls", { callId: "w-9", number: customer() })).status).toBe(401);
  gateway.clock.now += 9 * 3_600_000;
  const late = await place({ callId: "w-10", number: customer() });
  gateway.clock.now -= 9 * 3_600_000;
  expect(await late.json()).toMatchObject({ error: { code: "outside-call-hours" } });
  expect(exotel.network.calls().length).toBe(before);
});

test.each(["GET", "POST"])(
  "[G34] LeadSquared's %s rings the agent at once and answers with its keyword; a double click is one call",
  async (method) => {
    const to = customer();
    const values = new URLSearchParams({
      AgentId: "asha@example.com",
      AgentNumber: "+91-8047000101",
      CustomerNumber: `+91-${to.slice(1)}`,
      VirtualNumber: "+91-8047112244",
      LeadId: "lead-9",
    });
    const click = () =>
      method === "GET"
        ? gateway.app.request(`/api/leadsquared/click-to-call?${values}`, { headers: lsq })
        : gateway.app.request("/api/leadsquared/click-to-call", { method, headers: lsq, body: values });
    const before = exotel.network.calls().length;
    const [one, two] = await Promise.all([click(), click()]);
    expect(await one?.json()).toMatchObject({ status: "success" });
    expect([200, 409]).toContain(two?.status);
    expect(exotel.network.calls().length).toBe(before + 1);
    const sid = exotel.network.calls().at(-1)?.sid ?? "";
    expect(exotel.requests.get(sid)).toMatchObject({ from: "sip:asha", to: `+91${to.slice(1)}`, callerId: "08047112244" });
    const heard = (await events()).filter((event) => event.type === "dial-requested");
    expect(heard.at(-1)?.payload).toMatchObject({ number: `+91${to.slice(1)}`, leadId: "lead-9" });
  },
);

test("[G34] a click after one that failed is a new click", async () => {
  const click = () => gateway.app.request(`/api/leadsquared/click-to-call?AgentId=asha@example.com&CustomerNumber=${to}`, { headers: lsq });
  const to = customer();
  first = [new Response(null, { status: 500 })];
  expect((await click()).status).toBe(503);
  expect(await (await click()).json()).toMatchObject({ status: "success" });
});

test("[G34] a click that cannot ring answers without the keyword, and one without the token is refused", async () => {
  const unknown = await gateway.app.request("/api/leadsquared/click-to-call?AgentId=nobody&CustomerNumber=09052161119", { headers: lsq });
  expect(unknown.status).toBe(404);
  expect(await unknown.text()).not.toContain("success");
  const stranger = await gateway.app.request("/api/leadsquared/click-to-call?AgentId=asha@example.com&CustomerNumber=09052161119");
  expect(stranger.status).toBe(401);
});

test("[G35] an inbound call is put together from popups and Passthru, in any order and twice", async () => {
  const sent: { url: string; init: RequestInit }[] = [];
  const exotelNow = await createSandboxExotel({
    now: () => gateway.clock.now,
    publicUrl: PUBLIC,
    deliver: (input, init = {}) => {
      sent.push({ url: String(input), init });
      return Promise.resolve(new Response("OK"));
    },
  });
  const { sid } = exotelNow.network.ringAgent("asha", { ...CUSTOMER, number: customer() });
  exotelNow.network.move(sid, { status: "ringing" });
  gateway.clock.now += 3_000;
  exotelNow.network.move(sid, { status: "in-progress" });
  gateway.clock.now += 9_000;
  exotelNow.network.move(sid, { status: "completed", endedBy: "agent", recording: "/a.wav" });
  await vi.waitFor(() => expect(sent.length).toBe(5));
  await exotelNow.close();
  for (const { url, init } of [...sent, ...sent].toReversed()) expect((await gateway.app.request(url, init)).status).toBe(200);
  const entry = await gateway.services.ledger.byExotelSid(sid);
  expect(entry?.view).toMatchObject({ direction: "incoming", isOver: true, outcome: "completed", talkSeconds: 9 });
  expect(entry?.agentId).toBe((await gateway.services.agents.byCrmUser("lsq-asha"))?.id);
  expect((await history()).calls[0]).toMatchObject({ callId: entry?.id, outcome: "completed" });
});

test("[G36] a callback without password or signature is refused, and a signature is good for its own call alone", async () => {
  const path = "/api/callbacks/exotel/status";
  const ask = (query: string, headers = {}) => gateway.app.request(`${path}?CallSid=x-1&Status=completed&${query}`, { headers });
  expect((await ask("")).status).toBe(401);
  expect((await ask(`call=w-1&signature=${gateway.services.signature.sign("w-2")}`)).status).toBe(401);
  const wrong = `Basic ${Buffer.from("exotel:wrong").toString("base64")}`;
  expect((await ask("", { authorization: wrong })).status).toBe(401);
  const right = `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}`;
  expect((await ask("", { authorization: right })).status).toBe(200);
  expect((await gateway.app.request("/api/callbacks/exotel/other", { headers: { authorization: right } })).status).toBe(404);
});

const log = (callId: string, more: Record<string, unknown> = {}) => ({
  logId: callId,
  call: {
    callId,
    direction: "incoming",
    remoteNumber: customer(),
    startedAt: gateway.clock.now,
    answeredAt: gateway.clock.now,
    endedAt: gateway.clock.now + 5_000,
    ...more,
  },
  talkSeconds: 5,
  disposition: { fields: { outcome: "interested" }, notes: "wants a 100%_quote", followUp: { dueAt: NOON, text: "call back" } },
});

test("[G37] the widget's log and Exotel's reports become one call, whichever comes first", async () => {
  const { ledger } = gateway.services;
  await post(gateway, "/api/calls/w-20/log", log("w-20"), asha, "PUT");
  const headers = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
  await gateway.app.request("/api/callbacks/exotel/status?CallSid=sid-20&Status=completed&ConversationDuration=7", { headers });
  expect((await ledger.byExotelSid("sid-20"))?.id).not.toBe("w-20");
  const again = await post(gateway, "/api/calls/w-20/log", log("w-20", { exotelCallSid: "sid-20" }), asha, "PUT");
  expect(again.status).toBe(200);
  expect(await ledger.byExotelSid("sid-20")).toEqual(await ledger.byId("w-20"));
  expect((await ledger.byExotelSid("sid-20"))?.view).toMatchObject({ talkSeconds: 7, notes: "wants a 100%_quote", isWritten: true });
});

test("[G37] nobody writes on a colleague's call", async () => {
  await post(gateway, "/api/calls/w-21/log", log("w-21"), asha, "PUT");
  const ravi = await signedIn(gateway, "lsq-ravi");
  expect((await post(gateway, "/api/calls/w-21/log", log("w-21"), ravi, "PUT")).status).toBe(409);
  expect((await history("", ravi)).calls).toEqual([]);
});

test("[G38] the history is paged, and searched by number, note and outcome without wildcards of the searcher's own", async () => {
  const total = (await history("?limit=100")).calls.length;
  const pages: string[] = [];
  let cursor = "";
  for (;;) {
    const page = await history(`?limit=3${cursor}`);
    pages.push(...page.calls.map((one) => one.callId));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(new Set(pages).size).toBe(total);
  expect((await history("?search=100%25_Q")).calls.length).toBeGreaterThan(0);
  expect((await history("?search=100%25%25quote")).calls).toEqual([]);
  expect((await history("?search='%20or%201=1--")).calls).toEqual([]);
  expect((await history("?direction=outgoing&outcome=failed")).calls.every((one) => one.outcome === "failed")).toBe(true);
  const one = (await history("?limit=1")).calls[0];
  expect((await history(`?search=${one?.number}`)).calls.map((found) => found.callId)).toContain(one?.callId);
  expect((await gateway.app.request("/api/calls?limit=1000", { headers: asha })).status).toBe(400);
});

test("[G39] LeadSquared's disposition reaches the call, and HEAD is answered", async () => {
  const { exotelCallSid } = await placed(place({ callId: "w-30", number: customer() }));
  const body = JSON.stringify({
    callSessionId: exotelCallSid,
    dispositionValue: "Interested",
    notes: "from the form",
    comments: "@comments",
  });
  const json = { ...lsq, "content-type": "application/json" };
  expect((await gateway.app.request("/api/leadsquared/disposition", { method: "POST", headers: json, body })).status).toBe(200);
  expect(await call("w-30")).toMatchObject({ notes: "from the form", fields: { disposition: "Interested" } });
  expect((await gateway.app.request("/api/leadsquared/disposition", { method: "HEAD", headers: lsq })).status).toBe(200);
});

test("[G2] no number, secret or address of a recording was logged on the way", async () => {
  const text = gateway.logged();
  expect(text).toContain("/api/calls");
  expect(text).not.toMatch(/0905216\d{4}|canary|sandbox-api-token|recordings\.exotel/);
  expect(JSON.stringify(await history("?limit=100"))).not.toContain("exotelrecordings");
  expect(admin.authorization).toContain("canary");
});
