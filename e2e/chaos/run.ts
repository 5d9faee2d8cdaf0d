import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { option } from "../../bench/option.ts";

/** `npm run chaos [-- --seed 7 --steps 1000 --tabs 3 --place standalone|crm --patience 1]`: one walk, step by step. */
const seed = option("seed", String(Date.now() % 100_000));
const child = spawn(process.execPath, [fileURLToPath(new URL("../run.ts", import.meta.url)), "--project", "chaos", "--workers", "1"], {
  stdio: "inherit",
  env: {
    ...process.env,
    CHAOS_SEED: seed,
    CHAOS_STEPS: option("steps", "200"),
    CHAOS_TABS: option("tabs", "3"),
    CHAOS_PLACE: option("place", "standalone"),
    CHAOS_PATIENCE: option("patience", "1"),
    CHAOS_SAY: "1",
  },
});
child.on("close", (code) => {
  process.stdout.write(`seed ${seed}\n`);
  process.exitCode = code ?? 1;
});
