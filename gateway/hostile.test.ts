import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordOf, WEIGHT } from "./calls/call-record.ts";
import { admin, importAgents, post, signedIn } from "./fakes/people.ts";
import { CANARIES } from "./fakes/test-configuration.ts";
import { createTestGateway, type TestGateway } from "./fakes/test-gateway.ts";

/** What somebody sends who means harm, or whose program is broken. */
let gateway: TestGateway;
let asha: { readonly authorization: string };
let ravi: { readonly authorization: string };
let calls = 0;
beforeAll(async () => {
  gateway = await createTestGateway();
  await importAgents(gateway);
  asha = await signedIn(gateway, "lsq-asha");
  ravi = await signedIn(gateway, "lsq-ravi");
}, 60_000);
afterAll(() => gateway.close());
beforeEach(() => {
  // Limits of the test before are over.
  gateway.clock.now += 600_000;
});

const basic = { authorization: `Basic ${Buffer.from(`exotel:${CANARIES.EXOTEL_CALLBACK_PASSWORD}`).toString("base64")}` };
const lsq = { authorization: `Bearer ${CANARIES.LEADSQUARED_INBOUND_TOKEN}` };
const callback = (kind: string, values: Record<string, string>, headers: Record<string, string> = basic) =>
  gateway.app.request(`/api/callbacks/exotel/${kind}?${new URLSearchParams(values)}`, { headers });
const callOf = async (sid: string) => gateway.services.ledger.byExotelSid(sid);
const logOf = (callId: string, notes: string, more: Record<string, unknown> = {}) => ({
  logId: callId,
  call: { callId, direction: "incoming", remoteNumber: "+919052161119", startedAt: gateway.clock.now, answeredAt: 1, ...more },
  talkSeconds: 5,
  disposition: { fields: { outcome: notes }, notes },
});
const write = (callId: string, notes: string, headers: Record<string, string>, more: Record<string, unknown> = {}) =>
  post(gateway, `/api/calls/${callId}/log`, logOf(callId, notes, more), headers, "PUT");

describe("text that a database does not take", () => {
  /** NUL is no text for PostgreSQL, and half a character (a note cut in the middle of an emoji) no JSON. */
  const strange = fc.string({
    unit: fc.constantFrom("a", "\0", "\ud83d", "\ude00", "😀", "'", "%", "_", "\\", '"', "\u2028"),
    maxLength: 12,
  });

  test("[G80] no note is lost for what is in it", async () => {
    await fc.assert(
      fc.asyncProperty(strange, async (notes) => {
        const id = `strange-${(calls += 1)}`;
        expect((await write(id, notes, asha)).status).toBe(200);
        expect((await gateway.services.ledger.byId(id))?.view.notes).toBe(
          notes.replaceAll("\0", "").replaceAll(/\p{Surrogate}/gu, "\ufffd"),
        );
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test("[G80] no report of Exotel's is refused for what is in it, and no search fails", async () => {
    await fc.assert(
      fc.asyncProperty(strange, async (text) => {
        const values = { CallSid: `strange-sid-${(calls += 1)}`, From: text, digits: text, DialWhomNumber: text, RecordingUrl: text };
        expect((await callback("passthru", values)).status).toBe(200);
        const body = JSON.stringify({ ...values, Legs: [{ AnsweredBy: text }] });
        const json = { ...basic, "content-type": "application/json" };
        expect((await gateway.app.request("/api/callbacks/exotel/status", { method: "POST", headers: json, body })).status).toBe(200);
        expect((await gateway.app.request(`/api/calls?${new URLSearchParams({ search: text })}`, { headers: asha })).status).toBe(200);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test.each([
    ["GET", "/api/recordings/%00", "asha"],
    ["GET", "/api/recordings/%ff%fe", "asha"],
    ["PUT", "/api/admin/agents/%00/password", "admin"],
    ["POST", "/api/admin/deliveries/99999999999999999999/replay", "admin"],
    ["GET", "/api/callbacks/exotel/status?CallSid=x&call=%00&signature=%00", "nobody"],
    ["GET", "/api/leadsquared/click-to-call?AgentId=%00&CustomerNumber=%00", "lsq"],
    ["GET", "/api/leadsquared/disposition?callSessionId=%00", "lsq"],
    ["GET", "/api/agents/me/events?after=%00", "asha-briefly"],
    ["GET", "/%00", "nobody"],
    ["GET", "/%", "nobody"],
  ])("[G80] %s %s is refused, and nothing fails", async (method, path, who) => {
    const headers = who === "admin" ? admin : who === "lsq" ? lsq : who === "nobody" ? {} : asha;
    const body = method === "GET" ? {} : { body: '{"password":"correct horse battery"}' };
    const response = await gateway.app.request(path, { method, headers: { "content-type": "application/json", ...headers }, ...body });
    await response.body?.cancel();
    expect(response.status).toBeLessThan(500);
    expect(gateway.logged().includes("a request failed")).toBe(false);
  });

  test("[G80] a name that nobody can have signs nobody in", async () => {
    expect((await post(gateway, "/api/sessions", { user: "as\0ha\ud800", password: "x" })).status).toBe(401);
  });
});

describe("somebody else's call", () => {
  test("[G81] a search finds the searcher's own calls alone, whatever is in it", async () => {
    await write("secret-of-ravi", "secret of ravi", ravi);
    const searches = ["secret", "' or '1'='1", "%", "_", "\\", "') or 1=1 --", "\\'; drop table calls; --", "9052161119"];
    for (const search of searches) {
      for (const query of [{ search }, { search, direction: "incoming" }, { search, outcome: "completed", cursor: "9999999999999.x" }]) {
        const page = await gateway.app.request(`/api/calls?${new URLSearchParams(query)}`, { headers: asha });
        expect(page.status).toBe(200);
        expect(await page.text()).not.toContain("secret of ravi");
      }
    }
    for (const query of ["outcome='", "direction=incoming'--", "cursor=1.a'", "from=1;", "limit=1 union"]) {
      expect((await gateway.app.request(`/api/calls?${query}`, { headers: asha })).status).toBe(400);
    }
    expect(await (await gateway.app.request("/api/calls?search=secret", { headers: ravi })).text()).toContain("secret of ravi");
  });

  test("[G82] a signature opens its own call, and not another whose CallSid somebody puts into the report", async () => {
    await callback("popup", { CallSid: "sid-of-ravi", From: "09052161119", DialWhomNumber: "08047000102", EventType: "Ringing" });
    const { ledger, signature } = gateway.services;
    const agent = await gateway.services.agents.byCrmUser("lsq-asha");
    const record = recordOf(WEIGHT.request, { exotelSid: "sid-of-asha", direction: "outgoing" });
    await ledger.add({ source: "connect", callId: "of-asha", exotelSid: "sid-of-asha", record, agentId: agent?.id });
    const signed = (sid: string) =>
      callback("status", { call: "of-asha", signature: signature.sign("of-asha"), CallSid: sid, Status: "completed" }, {});
    expect((await signed("sid-of-ravi")).status).toBe(403);
    expect((await callOf("sid-of-ravi"))?.id).not.toBe("of-asha");
    expect((await callOf("sid-of-ravi"))?.view.isOver).toBe(false);
    expect((await signed("sid-of-asha")).status).toBe(200);
    expect((await callOf("sid-of-asha"))?.view.isOver).toBe(true);
  });

  test.each(["", "x", "AAAA"])("[G82] the signature %j is none", async (wrong) => {
    const values = { call: "of-asha", signature: wrong, CallSid: "sid-of-asha", Status: "busy" };
    expect((await callback("status", values, {})).status).toBe(401);
  });

  test("[G83] what a colleague has written stays his, also under another name of the call", async () => {
    await callback("popup", { CallSid: "shared", From: "09052161119", DialWhomNumber: "08047000102", EventType: "Answered" });
    await write("w-ravi", "the words of ravi", ravi, { exotelCallSid: "shared" });
    expect((await write("w-asha", "~~~ the words of asha", asha, { exotelCallSid: "shared" })).status).toBe(200);
    expect((await callOf("shared"))?.view.notes).toBe("the words of ravi");
    // Her own are not lost.
    expect((await gateway.services.ledger.byId("w-asha"))?.view.notes).toBe("~~~ the words of asha");
  });
});

describe("too much", () => {
  test("[G84] one agent dials so often in a minute, from the widget and from the CRM together, and no colleague pays for it", async () => {
    const click = (n: number, who: string) =>
      gateway.app.request(`/api/leadsquared/click-to-call?AgentId=${who}@example.com&CustomerNumber=09052160${100 + n}`, { headers: lsq });
    const dial = (n: number) => post(gateway, "/api/calls", { callId: `much-${n}`, number: `09052160${100 + n}` }, asha);
    const answers: number[] = [];
    for (let n = 0; n < 24; n += 1) answers.push((await (n % 2 ? click(n, "asha") : dial(n))).status);
    expect(answers.slice(0, 20)).not.toContain(429);
    expect(new Set(answers.slice(20))).toEqual(new Set([429]));
    expect((await click(1, "ravi")).status).not.toBe(429);
    gateway.clock.now += 60_000;
    expect((await dial(1)).status).not.toBe(429);
  }, 30_000);

  test("[G84] one agent asks so often in a minute, and a colleague at the same address is still served", async () => {
    const id = (await gateway.services.agents.byCrmUser("lsq-asha"))?.id ?? "";
    for (let n = 0; n < 599; n += 1) gateway.services.requests.take(id);
    expect((await gateway.app.request("/api/agents/me", { headers: asha })).status).toBe(200);
    expect((await gateway.app.request("/api/agents/me", { headers: asha })).status).toBe(429);
    expect((await gateway.app.request("/api/agents/me", { headers: ravi })).status).toBe(200);
  });

  test("[G84] who shows wrong secrets is not even listened to after ten of them, from his address alone", async () => {
    const wrong = (address: string) =>
      gateway.app.request(
        "/api/callbacks/exotel/status?CallSid=x",
        { headers: { authorization: `Basic ${Buffer.from("exotel:wrong").toString("base64")}` } },
        { incoming: { socket: { remoteAddress: address } } },
      );
    for (let n = 0; n < 10; n += 1) expect((await wrong("198.51.100.1")).status).toBe(401);
    expect((await wrong("198.51.100.1")).status).toBe(429);
    expect((await wrong("198.51.100.2")).status).toBe(401);
  });

  test("[G84] an address that a client invents in X-Forwarded-For is not believed", async () => {
    const tries = async (headers: Record<string, string>, remoteAddress: string) =>
      gateway.app.request(
        "/api/admin/agents/csv",
        { headers: { authorization: "Bearer wrong", ...headers } },
        { incoming: { socket: { remoteAddress } } },
      );
    for (let n = 0; n < 10; n += 1) await tries({ "x-forwarded-for": `203.0.113.${n}` }, "198.51.100.9");
    expect((await tries({ "x-forwarded-for": "203.0.113.99" }, "198.51.100.9")).status).toBe(429);
    // Behind the proxy of this machine: what the proxy added comes last.
    for (let n = 0; n < 10; n += 1) await tries({ "x-forwarded-for": `203.0.113.${n}, 198.51.100.10` }, "127.0.0.1");
    expect((await tries({ "x-forwarded-for": "203.0.113.98, 198.51.100.10" }, "127.0.0.1")).status).toBe(429);
  });
});
