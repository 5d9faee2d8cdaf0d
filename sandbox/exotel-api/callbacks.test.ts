import { beforeEach, expect, test, vi } from "vitest";
import { FakeNetwork } from "../network/fake-network.ts";
import type { Customer } from "../network/network.ts";
import type { ConnectRequest } from "./api-call.ts";
import { reportCalls } from "./callbacks.ts";

const START = Date.UTC(2023, 11, 27, 6, 47, 5);
const customer: Customer = { number: "08660500001", name: "Ravi Kumar", behaviour: "speaks", ringMs: 0, talkMs: 0, digits: "" };
const request: ConnectRequest = {
  from: "sip:asha",
  to: "09052161119",
  callerId: "08047112233",
  timeLimitMs: 1,
  timeOutMs: 1,
  record: true,
  statusCallback: "https://crm.example.com/status",
  statusCallbackEvents: [],
  statusCallbackContentType: "application/json",
  customField: null,
};

let now = START;
let network: FakeNetwork;
let sent: { url: URL; method: string; body: unknown; authorization: string | null }[];
let answers: number[];
let requests: Map<string, ConnectRequest>;

beforeEach(() => {
  now = START;
  network = new FakeNetwork(() => now);
  network.setAgent("asha", "secret", "Asha Rao");
  sent = [];
  answers = [];
  requests = new Map();
  reportCalls({
    network,
    api: "https://api.example.com",
    urls: () => ({ popup: "https://crm.example.com/popup?AccSid=1", passthru: "https://key:to%20ken@crm.example.com/passthru" }),
    requestOf: (sid) => requests.get(sid) ?? null,
    numberOfAgent: () => "08047000101",
    now: () => now,
    fetch: async (input, init) => {
      sent.push({
        url: new URL(String(input)),
        method: init?.method ?? "GET",
        body: init?.body,
        authorization: new Headers(init?.headers).get("authorization"),
      });
      return new Response("OK", { status: answers.shift() ?? 200 });
    },
  });
});

const sentAtLeast = (count: number) => vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(count));
const at = (index: number) => sent[index]!;

test("[X9] the popup reports Dial, Ringing, Answered, Terminal, with busy until the call is over", async () => {
  const { sid } = network.ringAgent("asha", customer);
  network.move(sid, { status: "ringing" });
  network.move(sid, { status: "in-progress" });
  network.move(sid, { status: "completed", endedBy: "agent" });
  await sentAtLeast(5);
  const popups = sent.filter(({ url }) => url.pathname === "/popup").map(({ url }) => Object.fromEntries(url.searchParams));
  const same = { AccSid: "1", CallSid: sid, From: "08660500001", DialWhomNumber: "08047000101" };
  expect(popups).toEqual([
    { ...same, Status: "busy", EventType: "Dial" },
    { ...same, Status: "busy", EventType: "Ringing" },
    { ...same, Status: "busy", EventType: "Answered" },
    { ...same, Status: "free", EventType: "Terminal" },
  ]);
});

test("[X10] Passthru after an answered call carries the vendor's parameters in the order of its sample", async () => {
  const { sid } = network.ringAgent("asha", customer);
  network.move(sid, { status: "ringing" });
  now += 11_000;
  network.move(sid, { status: "in-progress" });
  now += 8_000;
  network.move(sid, { status: "completed", endedBy: "customer", recording: "/a.wav" });
  now += 2_000;
  await vi.waitFor(() => expect(sent.some(({ url }) => url.pathname === "/passthru")).toBe(true));
  const passthru = sent.find(({ url }) => url.pathname === "/passthru")!;
  expect(passthru.method).toBe("GET");
  expect(passthru.authorization).toBe(`Basic ${btoa("key:to ken")}`);
  expect([...passthru.url.searchParams]).toEqual([
    ["CallSid", sid],
    ["CallFrom", "08660500001"],
    ["CallTo", "08047112233"],
    ["CallStatus", "completed"],
    ["Direction", "incoming"],
    ["Created", "Wed, 27 Dec 2023 12:17:05"],
    ["DialCallDuration", "19"],
    ["RecordingUrl", `https://api.example.com/exotelrecordings/sandbox1/${sid}.wav`],
    ["StartTime", "2023-12-27 12:17:05"],
    ["EndTime", "1970-01-01 05:30:00"],
    ["DialCallStatus", "completed"],
    ["CallType", "completed"],
    ["DialWhomNumber", "08047000101"],
    ["From", "08660500001"],
    ["To", "08047112233"],
    ["CurrentTime", "2023-12-27 12:17:26"],
    ["OutgoingPhoneNumber", "08047112233"],
    ["Legs[0][Number]", "08047000101"],
    ["Legs[0][Type]", "single"],
    ["Legs[0][OnCallDuration]", "8"],
    ["Legs[0][CallerId]", "08047112233"],
    ["Legs[0][CauseCode]", "NORMAL_CLEARING"],
    ["Legs[0][Cause]", "16"],
    ["Legs[0][DisconnectedBy]", "Caller"],
  ]);
});

test.each([
  ["no-answer", "network", "incomplete", "NO_ANSWER"],
  ["canceled", "customer", "client-hangup", "ORIGINATOR_CANCEL"],
  ["busy", "agent", "incomplete", "USER_BUSY"],
] as const)("[X10] Passthru after %s says so", async (status, endedBy, callType, cause) => {
  const { sid } = network.ringAgent("asha", customer);
  network.move(sid, { status, endedBy });
  await vi.waitFor(() => expect(sent.some(({ url }) => url.pathname === "/passthru")).toBe(true));
  const query = Object.fromEntries(sent.find(({ url }) => url.pathname === "/passthru")!.url.searchParams);
  expect(query).toMatchObject({ DialCallStatus: status, CallType: callType, "Legs[0][CauseCode]": cause, "Legs[0][OnCallDuration]": "0" });
  expect(query).not.toHaveProperty("RecordingUrl");
});

function finish(change: Partial<ConnectRequest>): string {
  const { sid } = network.connect("asha", customer, { timeOutMs: 1, timeLimitMs: 1 });
  requests.set(sid, { ...request, ...change });
  network.move(sid, { status: "in-progress" });
  now += 13_000;
  network.move(sid, { status: "completed", endedBy: "customer", recording: "/a.wav" });
  return sid;
}

test("[X11] StatusCallback without subscribed events: exactly the four documented fields, as form-data", async () => {
  const sid = finish({ statusCallbackContentType: "multipart/form-data" });
  await sentAtLeast(1);
  expect([at(0).method, at(0).url.href]).toEqual(["POST", "https://crm.example.com/status"]);
  expect([...(at(0).body as FormData)]).toEqual([
    ["CallSid", sid],
    ["Status", "completed"],
    ["RecordingUrl", `https://api.example.com/exotelrecordings/sandbox1/${sid}.wav`],
    ["DateUpdated", "2023-12-27 12:17:18"],
  ]);
});

test("[X12] subscribed to answered and terminal, both come, with the custom field and the legs", async () => {
  const sid = finish({ statusCallbackEvents: ["terminal", "answered"], customField: "order 7" });
  await sentAtLeast(2);
  const [answered, terminal] = sent.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
  expect(answered).toMatchObject({ EventType: "answered", Status: "in-progress", CallSid: sid, EndTime: "" });
  expect(terminal).toMatchObject({
    EventType: "terminal",
    Status: "completed",
    From: "sip:asha",
    To: "09052161119",
    PhoneNumberSid: "08047112233",
    ConversationDuration: "13",
    Direction: "outbound-api",
    DisconnectedBy: "Callee",
    CustomField: "order 7",
    EndTime: "2023-12-27 12:17:18",
  });
  expect(terminal?.["Legs"]).toHaveLength(2);
});

test("[X13] a callback that fails is tried twice more and then given up; the next one still comes", async () => {
  answers = [500, 503, 500];
  network.ringAgent("asha", customer);
  const { sid } = network.calls()[0]!;
  network.move(sid, { status: "ringing" });
  await sentAtLeast(4);
  expect(sent.map(({ url }) => url.searchParams.get("EventType"))).toEqual(["Dial", "Dial", "Dial", "Ringing"]);
});
