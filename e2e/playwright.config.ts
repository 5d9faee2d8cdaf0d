import { defineConfig } from "@playwright/test";
import { chromiumArguments } from "./support/chromium.ts";
import type { WorkerOptions } from "./support/test.ts";

/** No retries: a test that passes the second time hides what an agent would have met the first time. */
export default defineConfig<object, WorkerOptions>({
  testDir: ".",
  outputDir: "../test-results/e2e",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: Number(process.env["E2E_WORKERS"] ?? 2),
  timeout: 45_000,
  globalTimeout: 35 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "../test-results/e2e.json" }]],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    viewport: { width: 1280, height: 860 },
    trace: process.env["E2E_TRACE"] === "1" ? "retain-on-failure" : "off",
    launchOptions: {
      ...(process.env["CHROMIUM_PATH"] ? { executablePath: process.env["CHROMIUM_PATH"] } : {}),
      args: chromiumArguments({ device: true, allowed: true }),
    },
  },
  projects: [
    { name: "sandbox", testDir: "sandbox" },
    // What the phone can do with the engine `sipjs` alone.
    { name: "sandbox-sipjs", testDir: "sandbox-sipjs", use: { engine: "sipjs" } },
    // A random walk over several tabs; `npm run chaos` for longer ones.
    { name: "chaos", testDir: "chaos", use: { engine: "sipjs" } },
    { name: "real-network", testDir: "real-network" },
  ],
});
