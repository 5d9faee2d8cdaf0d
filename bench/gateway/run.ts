import { Agent, createServer } from "node:http";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { createGatewayStage, exotelHeaders } from "../../gateway/fakes/gateway-stage.ts";
import { createPostgresServer, findPostgres } from "../../gateway/fakes/postgres-server.ts";
import { TEST_CONFIG } from "../../gateway/fakes/test-configuration.ts";
import { option } from "../option.ts";
import { markdown } from "../report.ts";
import { quantile } from "../statistics.ts";
import { createCallbacks } from "./callbacks.ts";
import { ask, closedLoop, openLoop, type Sample } from "./requests.ts";
import { openStreams, signInAgents } from "./streams.ts";
import { processorSeconds, residentBytes } from "./usage.ts";

/**
 * What one gateway carries on this machine: reports of Exotel, idle event streams, recordings. Gateway, PostgreSQL and the
 * clients share its processors, so what counts is processor time by process: `--seconds 15 --agents 10000`.
 */
const SECONDS = Number(option("seconds", "15"));
const AGENTS = Number(option("agents", "10000"));
const MIB = 2 ** 20;
const RECORDING = Buffer.alloc(MIB, 7);
/** As Exotel's MP3: 64 kbit/s. */
const BYTES_A_SECOND = 8_000;

const programs = findPostgres();
if (programs === null) throw new Error("bench:gateway needs Debian's postgresql");
const vendor = createServer((_request, response) => response.writeHead(200, { "content-type": "audio/mpeg" }).end(RECORDING));
vendor.listen(0, "127.0.0.1");
await once(vendor, "listening");
const bound = vendor.address();
const api = `http://127.0.0.1:${typeof bound === "object" && bound ? bound.port : 0}`;
const postgres = await createPostgresServer(programs);
const stage = await createGatewayStage({}, { exotel: { ...TEST_CONFIG.exotel, api }, log: { level: "info" } });
const gateway = await stage.gateway({ DATABASE_URL: postgres.url });
const rows: (readonly string[])[] = [];
/** Said at once too: the whole takes minutes. */
function add(row: readonly string[]): void {
  rows.push(row);
  process.stderr.write(`${row.join(" · ")}\n`);
}

/** Processor seconds of gateway and database while something runs. */
async function measured<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly gateway: number; readonly database: number }> {
  const pids = [gateway.pid() ?? 0, postgres.pid() ?? 0];
  const before = pids.map(processorSeconds);
  const result = await work();
  const [own = 0, database = 0] = pids.map((pid, index) => processorSeconds(pid) - (before[index] ?? 0));
  return { result, gateway: own, database };
}
const processors = (): string => `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`;
const memory = (): number => residentBytes(gateway.pid() ?? 0);
const latency = ({ latencies }: Sample): string =>
  `p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms`;

try {
  await gateway.start();
  const tokens = await signInAgents(gateway.address, AGENTS);
  await callbacks();
  await recordings();
  await streams();
  process.stdout.write(
    `${processors()}, Node ${process.versions.node}, PostgreSQL ${programs.split("/").at(-2)}, loopback only\n\n${markdown(["measured", "", "processor time"], rows)}\n`,
  );

  async function callbacks(): Promise<void> {
    await closedLoop(16, 3, createCallbacks(gateway.address, "warm"));
    const full = await measured(() => closedLoop(16, SECONDS, createCallbacks(gateway.address, "full")));
    const { latencies, failures, seconds } = full.result;
    const count = latencies.length;
    const each = (used: number): string => `${((used / count) * 1_000).toFixed(2)} ms`;
    const rate = count / seconds;
    const used = `gateway ${each(full.gateway)}, PostgreSQL ${each(full.database)} each`;
    add(["callbacks, as many as go", `${rate.toFixed(0)}/s, ${failures} failed; ${latency(full.result)}`, used]);
    add(["callbacks per core of gateway", `${(count / full.gateway).toFixed(0)}/s`, ""]);
    add(["callbacks per core of PostgreSQL", `${(count / full.database).toFixed(0)}/s`, ""]);
    const half = await measured(() => openLoop(Math.floor(rate / 2), SECONDS, createCallbacks(gateway.address, "half")));
    const share = `gateway ${((half.gateway / half.result.seconds) * 100).toFixed(0)} % of a core`;
    add(["callbacks, half of that", `${Math.floor(rate / 2)}/s, ${half.result.failures} failed; ${latency(half.result)}`, share]);
  }

  async function recordings(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const values = { CallSid: "rec", Status: "completed", Direction: "inbound", From: "09050000000", To: "sip:agent-0" };
    const report = new URLSearchParams({ ...values, RecordingUrl: `${api}/recording.mp3` });
    await ask(`${gateway.address}/api/callbacks/exotel/status?${report}`, exotelHeaders, agent);
    const headers = { authorization: `Bearer ${tokens[0]}` };
    const page: unknown = await (await fetch(`${gateway.address}/api/calls?limit=1&search=9050000000`, { headers })).json();
    const id = /"callId":"([\w-]+)"/.exec(JSON.stringify(page))?.[1] ?? "";
    let bytes = 0;
    const one = (): Promise<number> => ask(`${gateway.address}/api/recordings/${id}`, headers, agent, (read) => (bytes += read));
    // Few enough for the limit of requests of one agent.
    const run = await measured(async () => {
      const start = performance.now();
      const statuses = (
        await Promise.all(Array.from({ length: 50 }, async () => [await one(), await one(), await one(), await one()]))
      ).flat();
      return { seconds: (performance.now() - start) / 1_000, wrong: statuses.filter((status) => status !== 200).length };
    });
    const perCore = bytes / run.gateway;
    const speed = `${(bytes / MIB / run.result.seconds).toFixed(0)} MiB/s, ${run.result.wrong} failed`;
    add(["recordings, 50 at a time", speed, `gateway ${((run.gateway / bytes) * MIB * 1_000).toFixed(1)} ms per MiB`]);
    add(["listeners at 64 kbit/s per core of gateway", (perCore / BYTES_A_SECOND).toFixed(0), ""]);
    agent.destroy();
  }

  async function streams(): Promise<void> {
    await setTimeout(5_000);
    const before = memory();
    const start = performance.now();
    const open = await openStreams(gateway.address, tokens);
    const opening = (performance.now() - start) / 1_000;
    // Two heartbeats of each.
    const idle = await measured(() => setTimeout(40_000));
    const each = (memory() - before) / open.count / 1_024;
    const share = (used: number): string => `${((used / 40) * 100).toFixed(1)} %`;
    add([
      `${open.count} event streams, one for each agent`,
      `opened in ${opening.toFixed(1)} s; ${each.toFixed(1)} KiB of gateway memory each`,
      "",
    ]);
    add(["the same, idle", "", `gateway ${share(idle.gateway)}, PostgreSQL ${share(idle.database)} of a core`]);
    const latencies: number[] = [];
    const agent = new Agent({ keepAlive: true });
    for (let n = 0; n < 100; n += 1) {
      let resolve = (): void => undefined;
      const heard = new Promise<void>((done) => (resolve = done));
      const sid = `heard-${n}`;
      open.onText((text) => text.includes(sid) && resolve());
      const at = performance.now();
      const values = { CallSid: sid, From: "09050000001", DialWhomNumber: `sip:agent-${n % AGENTS}`, EventType: "Ringing" };
      void ask(`${gateway.address}/api/callbacks/exotel/popup?${new URLSearchParams(values)}`, exotelHeaders, agent);
      await heard;
      latencies.push(performance.now() - at);
    }
    add(["an event, from Exotel's report to the widget, beside them", latency({ latencies, failures: 0, seconds: 0 }), ""]);
    agent.destroy();
    open.close();
  }
} finally {
  await stage.close();
  await postgres.close();
  vendor.close();
}
