import { expect, test, vi } from "vitest";
import type { Message } from "./index.ts";
import { answering, happens, snapshot, useLoop } from "../app/fake-loop.ts";

const loop = useLoop();
const { phonePage, crmPage } = loop;

test("[S1] a command given before the phone is there arrives once it is", async () => {
  const heard: unknown[] = [];
  const phone = crmPage();
  const dialled = phone.dial({ number: "+918000000001" });
  phonePage().host.onCommand(answering(heard));
  expect(await dialled).toEqual({ callId: "call-1" });
  expect(heard).toEqual([["dial", { number: "+918000000001" }]]);
  expect(phone.connected).toBe(true);
});

test("[S2] a refused command rejects with the code", async () => {
  const phone = crmPage();
  phonePage().host.onCommand(answering([]));
  await expect(phone.hangup()).rejects.toMatchObject({ name: "SoftphoneError", code: "no-call" });
});

test("[S3] events arrive in order, those from before the connection first, then a snapshot", async () => {
  const { host } = phonePage();
  host.onCommand(answering([]));
  host.tell({ type: "signed-in", agent: "asha" });
  const phone = crmPage();
  const heard: unknown[] = [];
  phone.on("signed-in", ({ agent }) => heard.push(agent));
  phone.on("signed-out", () => heard.push("out"));
  expect(await happens(phone, "snapshot")).toEqual({ ...snapshot, sequence: 1 });
  host.tell({ type: "signed-out" });
  await happens(phone, "signed-out");
  expect(heard).toEqual(["asha", "out"]);
});

test("[S4] the phone's requests reach the page's handlers and their answers come back", async () => {
  const records = [{ type: "Lead", id: "7", name: "Ravi" }];
  const saved: unknown[] = [];
  const { host } = phonePage();
  host.onCommand(answering([]));
  const phone = crmPage({
    onMatchNumber: () => records,
    onSaveCallLog: async (log) => void saved.push(log.logId),
    onPlaceCall: async () => ({ exotelCallSid: "sid-1" }),
  });
  await happens(phone, "connected");
  expect(host.capabilities()).toEqual({ canMatchNumbers: true, canPopRecords: false, canSaveCallLogs: true, canPlaceCalls: true });
  expect(await host.matchNumber("+918000000001")).toEqual(records);
  expect(await host.placeCall("+918000000001", "call-1", null)).toEqual({ exotelCallSid: "sid-1" });
  await host.saveCallLog({ logId: "call-1" } as never);
  expect(saved).toEqual(["call-1"]);
  await expect(host.popRecord(null, "+918000000001", {} as never)).rejects.toMatchObject({ code: "not-supported" });
});

test("[S5] a frame that is loaded anew is connected again, and what it was asked before is rejected", async () => {
  const phone = crmPage();
  phonePage().host.onCommand(async (type) => (type === "getSnapshot" ? { ok: true, value: snapshot } : new Promise(() => {})));
  await happens(phone, "snapshot");
  const lost = phone.answer();
  const heard: unknown[] = [];
  const again = happens(phone, "snapshot");
  const gone = happens(phone, "disconnected");
  phonePage().host.onCommand(answering(heard));
  expect(await gone).toEqual({ reason: "reloaded" });
  await expect(lost).rejects.toMatchObject({ code: "phone-reloaded" });
  await again;
  await phone.mute(true);
  expect(heard).toEqual([["mute", { muted: true }]]);
});

test("[S6] a page of another origin never gets a word through", async () => {
  const heard: unknown[] = [];
  phonePage(["https://other.example"]).host.onCommand(answering(heard));
  const phone = crmPage({ timeoutMs: 20 });
  await expect(phone.dial({ number: "+918000000001" })).rejects.toMatchObject({ code: "phone-silent" });
  expect(heard).toEqual([]);
});

test("[S7] after close nothing is left: no listener, no frame, no open command", async () => {
  const { host, clock } = phonePage();
  const phone = crmPage();
  const waiting = phone.answer();
  phone.close();
  phone.close();
  await expect(waiting).rejects.toMatchObject({ code: "closed" });
  await expect(phone.answer()).rejects.toMatchObject({ code: "closed" });
  expect(loop.windows.pageListenerCount).toBe(0);
  host.dispose();
  expect(loop.windows.phoneListenerCount).toBe(0);
  expect(clock.timerCount).toBe(0);
});

const hello = { softphone: 1, id: "h1", type: "hello", payload: {} };
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test("[S8] hello from another origin, another window or another version is not answered", async () => {
  const traffic: string[] = [];
  crmPage({ onTraffic: (direction, { type }) => void traffic.push(`${direction} ${type}`) });
  const frame = loop.windows.frame.contentWindow;
  loop.windows.sayToPage(hello, "https://evil.example", frame);
  loop.windows.sayToPage(hello, loop.windows.phoneOrigin, {});
  loop.windows.sayToPage(hello, loop.windows.phoneOrigin, null);
  loop.windows.sayToPage({ ...hello, softphone: 2 }, loop.windows.phoneOrigin, frame);
  loop.windows.sayToPage("hello", loop.windows.phoneOrigin, frame);
  loop.windows.sayToPage({ ...hello, type: "connect" }, loop.windows.phoneOrigin, frame);
  await settle();
  expect(traffic).toEqual(["sent who-is-there", "received connect"]);
});

test("[S9] a hello that is repeated is answered once, a new one again", async () => {
  const sent: string[] = [];
  crmPage({ onTraffic: (direction, { type }) => void (direction === "sent" && sent.push(type)) });
  for (const id of ["h1", "h1", "h1", "h2"])
    loop.windows.sayToPage({ ...hello, id }, loop.windows.phoneOrigin, loop.windows.frame.contentWindow);
  await settle();
  expect(sent).toEqual(["who-is-there", "connect", "connect"]);
});

test("[S9] a connect that was refused is tried again at the next hello", async () => {
  const sent: Message[] = [];
  crmPage({ onTraffic: (direction, message) => void (direction === "sent" && sent.push(message)) });
  const frame = loop.windows.frame.contentWindow;
  loop.windows.sayToPage(hello, loop.windows.phoneOrigin, frame);
  await settle();
  const refused = { softphone: 1, id: sent[1]?.id, type: "refused", payload: { code: "too-many", field: null } };
  loop.windows.sayToPage(refused, loop.windows.phoneOrigin, frame);
  loop.windows.sayToPage(hello, loop.windows.phoneOrigin, frame);
  loop.windows.sayToPage(hello, loop.windows.phoneOrigin, frame);
  await settle();
  expect(sent.map(({ type }) => type)).toEqual(["who-is-there", "connect", "connect"]);
});

test("[S10] what the traffic shows of a sign-in has no secret", async () => {
  const [traffic, heard]: [unknown[], unknown[]] = [[], []];
  phonePage().host.onCommand(answering(heard));
  const phone = crmPage({ onTraffic: (_direction, message) => void traffic.push(message) });
  const credentials = { sipId: "asha", password: "correct horse", domain: "acme1.voip.exotel.com", proxy: "voip.in1.exotel.com:443" };
  await phone.signIn(credentials);
  expect(heard).toEqual([["signIn", credentials]]);
  await phone.signInByToken("signed-token");
  expect(JSON.stringify(traffic)).toContain("signInByToken");
  expect(JSON.stringify(traffic)).not.toMatch(/correct horse|signed-token/);
});

test("[S11] a handler that throws answers with its code; a mistake of the page is reported and answered too", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error));
  const mistake = new TypeError("lead is undefined");
  const { host } = phonePage();
  host.onCommand(answering([]));
  const phone = crmPage({
    onPlaceCall: () => {
      throw Object.assign(new Error("no such number"), { code: "number-invalid" });
    },
    onSaveCallLog: () => Promise.reject(mistake),
  });
  await happens(phone, "connected");
  await expect(host.placeCall("1", "call-1", null)).rejects.toMatchObject({ code: "number-invalid" });
  await expect(host.saveCallLog({} as never)).rejects.toMatchObject({ code: "not-possible-now" });
  expect(reported).toEqual([mistake]);
});

test("[S12] a listener that throws is reported and the next one still hears; an undone one does not", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error));
  const { host } = phonePage();
  host.onCommand(answering([]));
  const phone = crmPage();
  await happens(phone, "snapshot");
  const heard: string[] = [];
  phone.on("signed-out", () => {
    throw new Error("broken");
  });
  phone.on("signed-out", () => heard.push("kept"));
  const stop = phone.on("signed-out", () => heard.push("undone"));
  stop();
  stop();
  host.tell({ type: "signed-out" });
  await settle();
  expect([heard, reported.length]).toEqual([["kept"], 1]);
});

test("[S13] a page that closes gives the phone back, and the next page gets it", async () => {
  const { host } = phonePage();
  host.onCommand(answering([]));
  const first = crmPage({ onSaveCallLog: () => {} });
  await happens(first, "snapshot");
  first.close();
  await settle();
  expect([host.capabilities().canSaveCallLogs, first.connected]).toEqual([false, false]);
  const second = crmPage({ onSaveCallLog: () => {} });
  await happens(second, "snapshot");
  expect(host.capabilities().canSaveCallLogs).toBe(true);
});

test("[S15] a second library on one frame has the phone; the first is told, gives up and leaves the frame alone", async () => {
  const { host } = phonePage();
  const heard: unknown[] = [];
  host.onCommand(answering(heard));
  const first = crmPage();
  await happens(first, "snapshot");
  const gone: unknown[] = [];
  first.on("disconnected", (event) => gone.push(event));
  const second = crmPage();
  await happens(second, "snapshot");
  await settle();
  expect([gone, first.connected, second.connected]).toEqual([[{ reason: "replaced" }], false, true]);
  await expect(first.mute(true)).rejects.toMatchObject({ code: "closed" });
  await second.mute(true);
  expect(heard).toEqual([["mute", { muted: true }]]);
  // A phone that is loaded anew is the second one's alone.
  host.dispose();
  const again = happens(second, "snapshot");
  phonePage().host.onCommand(answering(heard));
  await again;
  await settle();
  expect([gone.length, second.connected, loop.windows.reloads]).toEqual([1, true, 0]);
});

test("[S14] what a page hands over need not be clonable: proxies, instances and left-out fields arrive as plain data", async () => {
  vi.stubGlobal("reportError", () => {});
  const heard: unknown[] = [];
  const { host } = phonePage();
  host.onCommand(answering(heard));
  const record = new Proxy({ type: "Lead", id: "7", name: "Ravi", detail: undefined, open: () => {} }, {});
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const phone = crmPage({ onMatchNumber: () => [record], onPlaceCall: () => cycle });
  await phone.dial({ number: "+918000000001", record, name: undefined });
  expect(heard).toEqual([["dial", { number: "+918000000001", record: { type: "Lead", id: "7", name: "Ravi" } }]]);
  expect(await host.matchNumber("+918000000001")).toEqual([{ type: "Lead", id: "7", name: "Ravi" }]);
  await expect(host.placeCall("+918000000001", "call-1", null)).rejects.toMatchObject({ code: "dial-failed" });
  await expect(phone.dial(cycle as never)).rejects.toBeInstanceOf(TypeError);
});
