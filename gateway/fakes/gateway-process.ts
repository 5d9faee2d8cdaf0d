import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { CANARIES } from "./test-configuration.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** `npm run gateway` in a process of its own, which a test may kill. */
export interface GatewayProcess {
  readonly address: string;
  /** SIGKILL: nothing is finished, nothing is closed. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** False: it was never started, was ended, or has ended by itself. */
  isRunning(): boolean;
  /** Of its present life. */
  pid(): number | null;
  /** What every life of it has written. */
  output(): string;
}

/**
 * @param file its `gateway.json`.
 * @param environment beside the secrets of the tests.
 */
export function createGatewayProcess(file: string, port: number, environment: Readonly<Record<string, string>> = {}): GatewayProcess {
  const address = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let output = "";
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null) return ending?.exitCode ?? null;
    const exited = once(ending, "exit");
    ending.kill(signal);
    await exited;
    return ending.exitCode;
  };
  return {
    address,
    kill: async () => void (await end("SIGKILL")),
    async start() {
      const started = spawn(process.execPath, [main, file], {
        env: { PATH: process.env["PATH"], ...CANARIES, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
      while (!(await isReady(address))) {
        if (started.exitCode !== null) throw new Error(`the gateway ended with ${started.exitCode}: ${output.slice(-2_000)}`);
      }
    },
    stop: () => end("SIGTERM"),
    isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
    pid: () => child?.pid ?? null,
    output: () => output,
  };
}

/** Asks once; what refuses at once is asked again a moment later. */
async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
  await response?.body?.cancel();
  if (response?.ok) return true;
  await new Promise((resolve) => setTimeout(resolve, 20));
  return false;
}

/** A port that nobody has, for a process that has to come back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
