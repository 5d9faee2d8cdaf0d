import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findProgram } from "../runner/find-browser.ts";
import { freePort } from "./free-port.ts";

/** Kamailio and rtpengine on ports of their own: a registrar, a proxy and a media relay that nobody here wrote. */
export interface RealNetwork {
  /** `host:port` of the SIP WebSocket, path `/wss`. */
  readonly proxy: string;
  /** UDP port of the SIP proxy, where callers come in. */
  readonly sipPort: number;
  /** UDP port at which calls to telephone numbers (digits, with or without a plus) go out of this network. */
  readonly numbersPort: number;
  /** Kamailio ends, which closes every socket and forgets every contact, and begins again on the same ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Every account registers with it. */
export const REAL_NETWORK_PASSWORD = "secret";

const STARTED_WITHIN_MS = 15_000;
const here = dirname(fileURLToPath(import.meta.url));

/**
 * Starts both; they must be stopped.
 *
 * @param folder receives the configuration that was made.
 * @param firstMediaPort rtpengine relays on 400 ports from here on.
 */
export async function startRealNetwork(folder: string, firstMediaPort: number): Promise<RealNetwork> {
  const [sipPort, wsPort, ngPort, numbersPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "kamailio.cfg");
  const template = readFileSync(join(here, "kamailio.cfg"), "utf8");
  const ports: Record<string, number> = { SIP_PORT: sipPort, WS_PORT: wsPort, NG_PORT: ngPort, NUMBERS_PORT: numbersPort };
  writeFileSync(
    config,
    template.replace(/127\.0\.0\.1:([A-Z]+_PORT)/g, (_, name: string) => `127.0.0.1:${ports[name]}`),
  );

  // rtpengine first: Kamailio asks for it once at its start and then leaves it alone for a minute.
  const rtpengine = new Daemon("rtpengine", [
    "--config-file=none",
    "--table=-1",
    "--interface=127.0.0.1",
    `--listen-ng=127.0.0.1:${ngPort}`,
    `--port-min=${firstMediaPort}`,
    `--port-max=${firstMediaPort + 399}`,
    "--foreground",
    "--log-stderr",
    "--log-level=4",
  ]);
  await rtpengine.until(() => answersPing(ngPort));
  const startKamailio = async (): Promise<Daemon> => {
    const daemon = new Daemon("kamailio", ["-DD", "-E", "-f", config, "-Y", folder, "-w", folder]);
    await daemon.until(() => accepts(wsPort));
    return daemon;
  };
  let kamailio: Daemon;
  try {
    kamailio = await startKamailio();
  } catch (error) {
    await rtpengine.stop();
    throw error;
  }
  return {
    proxy: `127.0.0.1:${wsPort}`,
    sipPort,
    numbersPort,
    restart: async () => {
      await kamailio.stop();
      kamailio = await startKamailio();
    },
    stop: async () => {
      await Promise.all([kamailio.stop(), rtpengine.stop()]);
    },
  };
}

class Daemon {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = "";

  constructor(name: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(findProgram(name) ?? name, args, { stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-4_000);
    };
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
  }

  async until(ready: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + STARTED_WITHIN_MS;
    while (!(await ready())) {
      if (this.#child.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.#name} did not start:\n${this.#output}`);
      }
      await pause(50);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill("SIGTERM");
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#ended;
    clearTimeout(patience);
  }
}

/** rtpengine's "ng" protocol: a cookie, a space, a bencoded dictionary. */
function answersPing(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    const done = (answered: boolean): void => {
      clearTimeout(patience);
      socket.close();
      resolve(answered);
    };
    const patience = setTimeout(() => done(false), 500);
    socket.once("message", (message) => done(message.toString().includes("pong")));
    socket.once("error", () => done(false));
    socket.send("e2e d7:command4:pinge", port, "127.0.0.1");
  });
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
