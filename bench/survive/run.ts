import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startRealNetwork } from "../../e2e/real-network/network.ts";
import { findBrowser, findProgram } from "../../e2e/runner/find-browser.ts";
import { type Sandbox, startSandbox } from "../../e2e/support/start-sandbox.ts";
import { launchBrowser } from "../devtools.ts";
import { option } from "../option.ts";
import { machine } from "../report.ts";
import { type ClickToCallServer, startClickToCall } from "./click-to-call.ts";
import { FOLLOWER, followerDelays, followerTable, isPrompt } from "./follower.ts";
import { type Outcome, playRound } from "./round.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import type { Dialing, Stage } from "./stage.ts";
import { isReached, lossesOf, phasesOf, type Result, surviveTable } from "./survive-report.ts";

/**
 * `npm run bench:survive [-- --rounds=20 --only=reload]`: calls through Kamailio and rtpengine to a far end that notes
 * the arrival of every RTP packet. Something happens to the tab with the call; the hole in the arrivals is what the
 * customer sat through, and afterwards the call must still be able to do everything. Status 1 where one was lost or a
 * target is missed. `--only` is a part of a scenario's name.
 */
const FIRST_PORT = Number(process.env["E2E_FIRST_PORT"] ?? 5270);
/** Rounds of one scenario in which no call came about. */
const MOST_FAILURES = 3;
const FIRST_MEDIA_PORT = 46_000;
const rounds = Number(option("rounds", "20"));
const only = option("only", "");
const root = fileURLToPath(new URL("../..", import.meta.url));

await main();

async function main(): Promise<void> {
  if (!existsSync(join(root, "dist", "index.html"))) throw new Error("The phone is not built. Run: npm run build");
  const missing = ["kamailio", "rtpengine"].filter((program) => findProgram(program) === null);
  if (missing.length > 0) throw new Error(`Not installed: ${missing.join(", ")}; CONTRIBUTING.md names the packages.`);
  const executable = findBrowser(say);
  if (executable === null) throw new Error("No Chromium was found; set CHROMIUM_PATH.");
  const undo: (() => Promise<void> | void)[] = [];
  try {
    const folder = mkdtempSync(join(tmpdir(), "softphone-survive-"));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const network = await startRealNetwork(folder, FIRST_MEDIA_PORT);
    undo.push(network.stop);
    const sandbox = await startSandbox(FIRST_PORT, "sipjs");
    undo.push(sandbox.stop);
    const server = await startClickToCall();
    undo.push(server.stop);
    const dialing = await configure(sandbox, network.proxy, server);
    const browser = await launchBrowser(executable);
    undo.push(browser.close);
    const probe = readFileSync(new URL("../probe.js", import.meta.url), "utf8");
    await report({ browser, network, sandbox, dialing, proxy: network.proxy, probe });
  } finally {
    for (const end of undo.toReversed()) await end();
  }
}

async function report(stage: Stage): Promise<void> {
  const results: Result[] = [];
  for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
    results.push({ scenario, outcomes: await outcomesOf(stage, scenario) });
  }
  if (results.length === 0 && !FOLLOWER.includes(only)) throw new Error(`no scenario has "${only}" in its name`);
  const dialing = stage.dialing.via === "sip" ? "by INVITE" : "by click-to-call";
  say(
    `\n${machine(await stage.browser.version())}; Kamailio and rtpengine; outgoing calls ${dialing}\n${results.length === 0 ? "" : `\n${surviveTable(results)}\n`}`,
  );
  for (const loss of results.flatMap(lossesOf)) say(`- ${loss}`);
  const phases = results.flatMap((result) => phasesOf(result) ?? []);
  if (phases.length > 0) say("\nMedian ms from the last packet before the gap:\n");
  for (const line of phases) say(`- ${line}`);
  if (!results.every(isReached)) process.exitCode = 1;
  if (FOLLOWER.includes(only)) await reportFollower(stage);
}

async function reportFollower(stage: Stage): Promise<void> {
  try {
    const delays = await followerDelays(stage, rounds);
    say(`\n${followerTable(delays)}`);
    if (!isPrompt(delays)) process.exitCode = 1;
  } catch (error) {
    say(`- ${FOLLOWER}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

async function outcomesOf(stage: Stage, scenario: Scenario): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let failures = 0;
  while (outcomes.length < rounds) {
    const round = outcomes.length;
    try {
      const outcome = await playRound(stage, scenario, round % 2 === 0 ? "agent" : "customer");
      outcomes.push(outcome);
      const gap = outcome.gapMs === null ? "–" : `${outcome.gapMs.toFixed(0)} ms`;
      say(`${scenario.name}, ${round + 1}: ${outcome.lost ?? "lives"}, ${gap}`);
    } catch (error) {
      failures += 1;
      say(`${error instanceof Error ? error.message : String(error)}: not measured`);
      if (failures > MOST_FAILURES) throw error;
    }
  }
  return outcomes;
}

/** The phone's page for this network; by INVITE where this phone can dial so. */
async function configure({ control }: Sandbox, proxy: string, server: ClickToCallServer): Promise<Dialing> {
  const config = await control.config();
  const preset = { id: "kamailio", label: "Kamailio", domain: "kamailio.localhost", proxy };
  const common = { ...config, wrapUp: { seconds: 0, fields: [], followUp: false } };
  const sip = { ...Object(config["sip"]), engine: "sipjs", presets: [preset] };
  const direct = { ...common, sip: { ...sip, dialDirect: true }, dialing: { via: "sip", country: "IN" } };
  const isDirect = await control.setConfig(direct).then(
    () => true,
    () => false,
  );
  if (isDirect) return { via: "sip" };
  await control.setConfig({ ...common, sip, dialing: { via: "url", url: server.url, country: "IN" } });
  return { via: "url", server };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
