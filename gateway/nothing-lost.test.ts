import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { istTime } from "./exotel/ist-time.ts";
import { createGatewayStage, exotelHeaders, signInAsha } from "./fakes/gateway-stage.ts";
import { createPostgresServer, findPostgres } from "./fakes/postgres-server.ts";

/**
 * Calls end, agents write, the gateway dies again and again, and LeadSquared fails a third of the time. In the end LeadSquared
 * has every call once, with its note, its outcome and its recording. `GATEWAY_PER_5_SECONDS=20` is the limit of an ordinary
 * account, with which this takes a quarter of an hour (figures: docs/operate.md).
 */
const CALLS = Number(process.env["GATEWAY_CALLS"] ?? 500);
const KILLS = Number(process.env["GATEWAY_KILLS"] ?? 20);
const PER_5_SECONDS = Number(process.env["GATEWAY_PER_5_SECONDS"] ?? 200);
/** For a machine that does much else. */
const PATIENCE_MS = 240_000 + CALLS * 3_000;

interface Result {
  /** What LeadSquared has, one line a call. */
  readonly kept: readonly string[];
  /** Its order is wrong where LeadSquared was told of a recording before its log: it refuses that. */
  readonly refused: readonly string[];
  readonly dead: string;
  /** A database that goes away for a moment ends no gateway. */
  readonly outlivedItsDatabase: boolean;
  /** Neither a secret nor a number was logged. */
  readonly isQuiet: boolean;
  readonly exitCode: number | null;
}

const ALL: Result = {
  kept: Array.from({ length: CALLS }, (_, index) => `sid-${index} note ${index} interested`).toSorted(),
  refused: [],
  dead: "gateway_outbox_dead 0",
  outlivedItsDatabase: true,
  isQuiet: true,
  exitCode: 0,
};

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

test.concurrent(
  "[G70] PGlite: every call reaches LeadSquared exactly once, however often the gateway is killed",
  async () => {
    expect(await runCalls("PGlite", {}, () => Promise.resolve())).toEqual(ALL);
  },
  PATIENCE_MS,
);

const programs = findPostgres();
test.skipIf(programs === null).concurrent(
  "[G70] PostgreSQL: the same, and the database is restarted on the way",
  async () => {
    const postgres = await createPostgresServer(programs ?? "");
    closing.push(() => postgres.close());
    expect(await runCalls("PostgreSQL", { DATABASE_URL: postgres.url }, () => postgres.restart())).toEqual(ALL);
  },
  PATIENCE_MS,
);

/** @param disturb happens once, in the middle, while the gateway lives. */
async function runCalls(name: string, environment: Readonly<Record<string, string>>, disturb: () => Promise<void>): Promise<Result> {
  const { crm, gateway } = await setUp(environment);
  const startedAt = Date.now();
  await gateway.start();
  const headers = await signInAsha(gateway.address, until);
  const writing = Promise.all(Array.from({ length: CALLS }, (_, index) => oneCall(gateway.address, headers, index)));
  const recordings = () => [...crm.activities.values()].filter((one) => one.recordingUrl !== null).length;
  let outlivedItsDatabase = true;
  // Anywhere in the work; nobody chose the moments.
  const moments = Array.from({ length: KILLS }, () => Math.floor(Math.random() * 2 * CALLS)).toSorted((a, b) => a - b);
  for (const [index, moment] of moments.entries()) {
    await vi.waitFor(() => expect(crm.activities.size + recordings()).toBeGreaterThanOrEqual(moment), {
      timeout: PATIENCE_MS,
      interval: 20,
    });
    await setTimeout(Math.random() * 1_000);
    if (index === Math.floor(KILLS / 2)) {
      await disturb();
      await until(() => fetch(`${gateway.address}/readyz`));
      outlivedItsDatabase = gateway.isRunning();
    }
    await gateway.kill();
    await gateway.start();
  }
  await writing;
  await vi.waitFor(() => expect(recordings()).toBe(CALLS), { timeout: PATIENCE_MS, interval: 200 });
  const kept = [...crm.activities].map(([sid, { body }]) => [sid, body["CallNotes"], body["mx_Custom_10"]].join(" ")).toSorted();
  const metrics = await (await fetch(`${gateway.address}/metrics`)).text();
  const dead = metrics.split("\n").find((line) => line.startsWith("gateway_outbox_dead")) ?? "";
  const exitCode = await gateway.stop();
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  process.stdout.write(
    `${name}: ${kept.length} of ${CALLS} calls once each, ${KILLS} kills, ${seconds} s; ${crm.duplicates} logs came twice and were taken once\n`,
  );
  return { kept, refused: crm.refused, dead, outlivedItsDatabase, isQuiet: !/canary|9052161119/.test(gateway.output()), exitCode };
}

async function setUp(environment: Readonly<Record<string, string>>) {
  const stage = await createGatewayStage({ requestsPer5Seconds: PER_5_SECONDS });
  closing.push(() => stage.close());
  const faults = [500, 429, "lose"] as const;
  stage.crm.fault = () => (Math.random() < 1 / 3 ? (faults[Math.floor(Math.random() * 3)] ?? null) : null);
  return { crm: stage.crm, gateway: await stage.gateway(environment) };
}

/** One inbound call: popup, end, note and recording, each sent until it is taken, in an order of its own. */
async function oneCall(address: string, headers: Readonly<Record<string, string>>, index: number): Promise<void> {
  const sid = `sid-${index}`;
  const start = Date.now() - 60_000;
  const callback = (kind: string, values: Record<string, string>) => () =>
    fetch(`${address}/api/callbacks/exotel/${kind}?${new URLSearchParams({ CallSid: sid, ...values })}`, { headers: exotelHeaders });
  const log = {
    logId: `w-${index}`,
    call: {
      callId: `w-${index}`,
      direction: "incoming",
      remoteNumber: "+919052161119",
      exotelCallSid: sid,
      startedAt: start,
      answeredAt: start,
    },
    talkSeconds: 30,
    disposition: { fields: { outcome: "interested" }, notes: `note ${index}` },
  };
  const steps = [
    callback("popup", { From: "09052161119", DialWhomNumber: "08047000101", EventType: "Dial" }),
    callback("status", {
      EventType: "terminal",
      Status: "completed",
      Direction: "inbound",
      From: "09052161119",
      To: "sip:asha",
      PhoneNumberSid: "08047112233",
      StartTime: istTime(start),
      EndTime: istTime(start + 40_000),
      ConversationDuration: "30",
    }),
    () =>
      fetch(`${address}/api/calls/w-${index}/log`, {
        method: "PUT",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(log),
      }),
    callback("passthru", { RecordingUrl: `https://recordings.exotel.example/${sid}` }),
  ];
  for (const step of index % 2 ? steps : steps.toReversed()) await until(step);
}

/** As Exotel and the widget do: again until it is acknowledged. */
async function until(request: () => Promise<Response>): Promise<Response> {
  return vi.waitFor(
    async () => {
      const response = await request();
      expect(response.status).toBeLessThan(300);
      return response;
    },
    { timeout: PATIENCE_MS, interval: 50 },
  );
}
