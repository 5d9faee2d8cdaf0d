import { type Browser, launchBrowser } from "../../bench/devtools.ts";
import { findBrowser } from "../runner/find-browser.ts";
import { test } from "../support/test.ts";
import { KEPT_WALKS, type Walk, WALKS } from "./seeds.ts";
import { walk } from "./walk.ts";

/** `npm run chaos` asks for one walk of its own. */
const seed = process.env["CHAOS_SEED"];
const walks: readonly Walk[] =
  seed === undefined
    ? [...WALKS, ...(process.env["CHAOS_KEPT"] === "1" ? KEPT_WALKS : [])]
    : [
        {
          seed: Number(seed),
          steps: Number(process.env["CHAOS_STEPS"] ?? 200),
          tabs: Number(process.env["CHAOS_TABS"] ?? 3),
          place: process.env["CHAOS_PLACE"] === "crm" ? "crm" : "standalone",
        },
      ];
/** How many times the allowed time an invariant may need: tests share their machine. */
const patience = Number(process.env["CHAOS_PATIENCE"] ?? 4);

let browser: Browser;
test.beforeAll(async () => {
  const executable = findBrowser(() => undefined);
  if (executable === null) throw new Error("No Chromium was found; set CHROMIUM_PATH.");
  browser = await launchBrowser(executable);
});
test.afterAll(() => browser.close());

for (const one of walks) {
  test(`[X1–X8] ${one.steps} random steps, seed ${one.seed}, ${one.place}`, async ({ sandbox, control }, info) => {
    test.setTimeout(60_000 + one.steps * 3_000);
    const config = await control.config();
    await control.setConfig({ ...config, wrapUp: { seconds: 0, fields: [], followUp: false } });
    const context = await browser.context();
    const longest = await walk(context, sandbox, one, patience).finally(context.close);
    if (seed !== undefined) for (const [name, ms] of longest) process.stdout.write(`${name}: did not hold for ${ms} ms at most\n`);
    for (const [name, ms] of longest) info.annotations.push({ type: name, description: `${ms} ms` });
  });
}
