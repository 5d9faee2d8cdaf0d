import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Control } from "./control.ts";

export interface Sandbox {
  /** Origins of the phone's page and of the demo CRM. */
  readonly phone: string;
  readonly crm: string;
  /** `host:port` of the SIP WebSocket. */
  readonly proxy: string;
  readonly control: Control;
  stop(): Promise<void>;
}

const STARTED_WITHIN_MS = 30_000;
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export type EngineName = "exotel" | "sipjs";

/** Starts a sandbox in a process of its own on five ports from `firstPort` on. It must be stopped. */
export async function startSandbox(firstPort: number, engine: EngineName): Promise<Sandbox> {
  const control = new Control(`http://127.0.0.1:${firstPort + 4}`);
  // It would be taken for this one, with whatever settings it has.
  if (await answers(control)) throw new Error(`another sandbox runs on port ${firstPort}: end it, or set E2E_FIRST_PORT`);
  const names = ["PHONE_PORT", "CRM_PORT", "SIP_PORT", "API_PORT", "CONTROL_PORT"];
  const ports = Object.fromEntries(names.map((name, index) => [name, String(firstPort + index)]));
  const child = spawn(process.execPath, ["sandbox/start.ts"], {
    cwd: root,
    env: { ...process.env, ...ports, SIP_ENGINE: engine },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const deadline = Date.now() + STARTED_WITHIN_MS;
  while (!(await answers(control))) {
    if (child.exitCode !== null) throw new Error(`the sandbox ended with status ${child.exitCode}:\n${output}`);
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`the sandbox did not answer within ${STARTED_WITHIN_MS} ms:\n${output}`);
    }
    await pause(50);
  }
  return {
    phone: `http://phone.localhost:${firstPort}`,
    crm: `http://crm.localhost:${firstPort + 1}`,
    proxy: `127.0.0.1:${firstPort + 2}`,
    control,
    stop: async () => {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

function answers(control: Control): Promise<boolean> {
  return control.agents().then(
    () => true,
    () => false,
  );
}
