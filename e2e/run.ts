import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser, findProgram } from "./runner/find-browser.ts";

/**
 * `npm run e2e [-- Playwright's arguments]`: the built page in a real Chromium, against the sandbox always and against
 * Kamailio, rtpengine and sipp where they are installed. `E2E_NO_SKIPS=1` makes a skip a failure.
 * The last line of its output is always `N passed, N failed`.
 */
const REAL_NETWORK = ["kamailio", "rtpengine", "sipp"];
const REAL_NETWORK_PACKAGES = "kamailio kamailio-websocket-modules kamailio-tls-modules rtpengine-daemon sip-tester";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const report = join(root, "test-results", "e2e.json");
const noSkips = process.env["E2E_NO_SKIPS"] === "1";

process.exitCode = await main();

async function main(): Promise<number> {
  const problem = notReady();
  if (problem !== null) return finish({ passed: 0, failed: 1, skipped: 0 }, [problem]);

  const browser = findBrowser(say);
  if (browser === null) {
    return finish({ passed: 0, failed: 1, skipped: 0 }, [
      "No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH to its executable.",
    ]);
  }

  const missing = REAL_NETWORK.filter((program) => findProgram(program) === null);
  const skipped =
    missing.length === 0
      ? []
      : [
          `Skipped: the tests against a real SIP network (not installed: ${missing.join(", ")}). ` +
            `On Debian or Ubuntu: apt-get install ${REAL_NETWORK_PACKAGES}`,
        ];
  const projects = ["sandbox", "sandbox-sipjs", "chaos", ...(missing.length === 0 ? ["real-network"] : [])];
  rmSync(report, { force: true });
  say(`Browser: ${browser}`);
  const status = await playwright(projects, browser);
  const counts = countsOf(report);
  if (status !== 0 && counts.failed === 0) return finish({ ...counts, failed: 1 }, [`Playwright ended with status ${status}.`]);
  return finish(counts, skipped);
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function finish(counts: Counts, notes: readonly string[]): number {
  const skips = counts.skipped + notes.filter((note) => note.startsWith("Skipped")).length;
  const failed = counts.failed + (noSkips ? skips : 0);
  for (const note of notes) say(note);
  if (counts.skipped > 0) say(`${counts.skipped} tests were skipped.`);
  if (noSkips && skips > 0) say("E2E_NO_SKIPS=1: a skip is a failure.");
  say(`${counts.passed} passed, ${failed} failed`);
  return failed === 0 && counts.passed > 0 ? 0 : 1;
}

function notReady(): string | null {
  const page = join(root, "dist", "index.html");
  const built = existsSync(page) && readFileSync(page, "utf8").includes("/assets/") && existsSync(join(root, "dist", "softphone.js"));
  return built ? null : "The page is not built, and these tests look at the built one: run `npm run build` first.";
}

function playwright(projects: readonly string[], browser: string): Promise<number> {
  const cli = join(root, "node_modules", "@playwright", "test", "cli.js");
  const config = join(root, "e2e", "playwright.config.ts");
  const asked = process.argv.slice(2);
  const chosen = asked.some((argument) => argument.startsWith("--project")) ? [] : projects.map((name) => `--project=${name}`);
  const args = [cli, "test", "-c", config, ...asked, ...chosen];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CHROMIUM_PATH: browser },
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

function countsOf(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const { stats } = JSON.parse(readFileSync(file, "utf8")) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  };
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
