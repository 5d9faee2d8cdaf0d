import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser } from "../../e2e/runner/find-browser.ts";
import { option } from "../option.ts";
import { realCalls } from "./real.ts";
import { simulatedDay } from "./simulated.ts";
import { isClean, type SoakFigures, soakTable } from "./soak-report.ts";

/**
 * `npm run soak [-- --only simulated|real --calls 1000 --minutes 30 --engine sipjs|exotel]`: what a long day leaves
 * behind. Simulated: 8 hours in which nothing but the clock is wound. Real: calls in Chromium against the sandbox.
 * Status 1 where anything is left, or the heap grows by more than 2 kB a call.
 */
const only = option("only", "");
const root = fileURLToPath(new URL("../..", import.meta.url));

// The real one first: the simulation takes this process's timers.
if (only !== "simulated") report("in Chromium, against the sandbox", await real());
if (only !== "real") report("8 hours simulated", await simulatedDay(Number(option("calls", "1000"))));

async function real(): Promise<SoakFigures> {
  if (!existsSync(join(root, "dist", "index.html"))) throw new Error("The phone is not built. Run: npm run build");
  const executable = findBrowser((line) => process.stdout.write(`${line}\n`));
  if (executable === null) throw new Error("No Chromium was found; set CHROMIUM_PATH.");
  return realCalls(executable, option("engine", "sipjs") === "exotel" ? "exotel" : "sipjs", Number(option("minutes", "30")));
}

function report(name: string, figures: SoakFigures): void {
  process.stdout.write(`\n${soakTable(name, figures)}\n`);
  if (!isClean(figures)) process.exitCode = 1;
}
