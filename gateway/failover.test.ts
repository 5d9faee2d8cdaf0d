import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createGatewayStage, exotelHeaders, signInAsha, type GatewayStage } from "./fakes/gateway-stage.ts";
import type { GatewayProcess } from "./fakes/gateway-process.ts";
import { createPostgresServer, findPostgres, type PostgresServer } from "./fakes/postgres-server.ts";

/** Two processes on one PostgreSQL; one of them dies. What issue 4 promises its agents, in milliseconds. */
const PROMISED_MS = 5_000;
const PATIENCE = { timeout: 30_000, interval: 20 };

const programs = findPostgres();
let postgres: PostgresServer;
let stage: GatewayStage;
let dying: GatewayProcess;
let other: GatewayProcess;

/** Exotel and the widget ask whoever is there, the dying one first, until somebody has taken it. */
async function ask(path: string, init: RequestInit): Promise<Response> {
  return vi.waitFor(async () => {
    const response = await fetch(`${dying.address}${path}`, init).catch(() => fetch(`${other.address}${path}`, init));
    expect(response.status).toBeLessThan(300);
    return response;
  }, PATIENCE);
}

const report = (values: Record<string, string>) =>
  ask(`/api/callbacks/exotel/popup?${new URLSearchParams({ From: "09052161119", DialWhomNumber: "08047000101", ...values })}`, {
    headers: exotelHeaders,
  });

/** Reads the agent's stream until this has come, and remembers how far it is. */
async function hear(stream: Response, wanted: string): Promise<string> {
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(wanted)) {
    const chunk = await reader?.read().catch(() => null);
    if (chunk?.value === undefined) break;
    text += chunk.value;
  }
  await reader?.cancel().catch(() => undefined);
  return text;
}
const lastId = (text: string) => /.*^id: (\d+)$/ms.exec(text)?.[1] ?? "";

describe.skipIf(programs === null)("a process that dies", () => {
  beforeAll(async () => {
    postgres = await createPostgresServer(programs ?? "");
    stage = await createGatewayStage({ showPopup: true, answerSeconds: 15 });
    dying = await stage.gateway({ DATABASE_URL: postgres.url });
    other = await stage.gateway({ DATABASE_URL: postgres.url });
    await dying.start();
  }, 120_000);
  afterAll(async () => {
    await stage.close();
    await postgres.close();
  }, 60_000);

  test("[G73] its agents hear of the next call from the other within 5 s, and miss nothing of what it had said", async () => {
    const headers = await signInAsha(dying.address, (request) => request());
    const events = `/api/agents/me/events`;
    const stream = await fetch(`${dying.address}${events}`, { headers });
    await report({ CallSid: "before", EventType: "Ringing" });
    const heard = await hear(stream, "call-changed");
    expect(heard).toContain("before");

    // LeadSquared takes the next popup and does not answer: the process that has asked dies with it.
    const shown = (sid: string) => stage.crm.popups.filter((popup) => popup["CallSessionId"] === sid).length;
    stage.crm.fault = () => "lose";
    await report({ CallSid: "at-the-end", EventType: "Ringing" });
    await vi.waitFor(() => expect(shown("at-the-end")).toBe(1), PATIENCE);
    stage.crm.fault = () => null;
    await other.start();
    await Promise.all([dying.kill(), report({ CallSid: "meanwhile", EventType: "Ringing" })]);
    const deadAt = performance.now();

    const again = await ask(events, { headers: { ...headers, "last-event-id": lastId(heard) } });
    await report({ CallSid: "after", EventType: "Ringing" });
    const rest = await hear(again, '"after"');
    const streamMs = performance.now() - deadAt;
    for (const sid of ["at-the-end", "meanwhile", "after"]) expect(rest).toContain(`"${sid}"`);

    await vi.waitFor(() => expect(["at-the-end", "meanwhile", "after"].map(shown)).toEqual([2, 1, 1]), PATIENCE);
    const popupMs = performance.now() - deadAt;
    process.stdout.write(`served by the other: streams after ${Math.round(streamMs)} ms, popups after ${Math.round(popupMs)} ms\n`);
    expect(streamMs).toBeLessThan(PROMISED_MS);
    expect(popupMs).toBeLessThan(PROMISED_MS);
  }, 90_000);
});
