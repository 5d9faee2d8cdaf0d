import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, expect, test } from "vitest";

let child: ChildProcess | null = null;
afterEach(() => void child?.kill("SIGKILL"));

/** A process that makes a temporary folder and then does what `more` says. @returns it and its folder. */
async function start(more: string): Promise<{ readonly folder: string; end(signal: NodeJS.Signals): Promise<number | null> }> {
  const script = `
    import { endOnSignals } from "./sandbox/end-on-signals.ts";
    import { temporaryFolder } from "./sandbox/temporary-folder.ts";
    import { writeFileSync } from "node:fs";
    const closeWith = endOnSignals();
    const folder = temporaryFolder("end-on-signals-");
    writeFileSync(folder.path + "/data", "x");
    ${more}
    setInterval(() => undefined, 1_000);
    console.log(folder.path);`;
  const started = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  child = started;
  const [line] = await once(started.stdout, "data");
  return {
    folder: String(line).trim(),
    async end(signal) {
      const exited = once(started, "exit");
      started.kill(signal);
      await exited;
      return started.exitCode;
    },
  };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "[X16] %s while nothing is up yet ends it at once and leaves no folder behind",
  async (signal) => {
    const { folder, end } = await start("");
    expect(existsSync(folder)).toBe(true);
    expect(await end(signal)).toBe(1);
    expect(existsSync(folder)).toBe(false);
  },
  30_000,
);

test("[X16] one that is up is closed", async () => {
  const { folder, end } = await start("closeWith(() => folder.remove());");
  expect(await end("SIGINT")).toBe(0);
  expect(existsSync(folder)).toBe(false);
}, 30_000);

test("[X16] the second signal does not wait, and leaves no folder behind either", async () => {
  const { folder, end } = await start("closeWith(() => (process.kill(process.pid, 'SIGTERM'), new Promise(() => undefined)));");
  expect(await end("SIGINT")).toBe(1);
  expect(existsSync(folder)).toBe(false);
}, 30_000);
