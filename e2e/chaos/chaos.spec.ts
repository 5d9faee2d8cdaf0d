import { test } from "../support/test.ts";
import { type Walk, WALKS } from "./seeds.ts";
import { walk } from "./walk.ts";

/** `npm run chaos` asks for one walk of its own. */
const seed = process.env["CHAOS_SEED"];
const walks: readonly Walk[] =
  seed === undefined
    ? WALKS
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

for (const one of walks) {
  test(`[X1–X7] ${one.steps} random steps, seed ${one.seed}, ${one.place}`, async ({ context, sandbox, control }, info) => {
    test.setTimeout(60_000 + one.steps * 3_000);
    const config = await control.config();
    await control.setConfig({ ...config, wrapUp: { seconds: 0, fields: [], followUp: false } });
    const longest = await walk(context, sandbox, one, patience);
    for (const [name, ms] of longest) info.annotations.push({ type: name, description: `${ms} ms` });
  });
}
