import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findProgram } from "../runner/find-browser.ts";
import { RtpParty } from "./rtp-party.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";

export interface CallerOptions {
  readonly agent: string;
  /** UDP port of the SIP proxy. */
  readonly sipPort: number;
  readonly scenario: ScenarioName;
  /** For scenarios that wait: how long. */
  readonly pauseMs?: number;
  /** Where sipp writes its files. */
  readonly folder: string;
  readonly callSid?: string;
  /** SIP display name. */
  readonly name?: string;
}

/**
 * One port for SIP and, behind it, one for the media socket that sipp opens without using it. Below the ports that a
 * system hands out by itself, because Chromium takes one of those for every call.
 */
let portsTaken = 0;
function nextPorts(): number {
  portsTaken += 1;
  return 20_000 + Number(process.env["TEST_PARALLEL_INDEX"] ?? 0) * 4_000 + (portsTaken % 400) * 10;
}

/** One customer: sipp signals, an `RtpParty` talks and listens. */
export class Caller {
  readonly #child: ChildProcess;
  readonly #messages: string;
  readonly #rtp: RtpParty;
  readonly #status: Promise<number>;
  #output = "";

  private constructor(child: ChildProcess, messages: string, rtp: RtpParty) {
    this.#child = child;
    this.#messages = messages;
    this.#rtp = rtp;
    this.#status = new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-2_000);
    };
    // Its screen goes to stdout; what went wrong is on stderr.
    child.stdout?.resume();
    child.stderr?.on("data", keep);
  }

  static async call(options: CallerOptions): Promise<Caller> {
    const rtp = new RtpParty();
    const rtpPort = await rtp.open();
    const port = nextPorts();
    const mediaPort = port + 2;
    mkdirSync(options.folder, { recursive: true });
    const name = join(options.folder, `${options.scenario}-${port}`);
    writeFileSync(`${name}.xml`, scenarios[options.scenario]);
    const args = [
      ["-sf", `${name}.xml`, "-s", options.agent, `127.0.0.1:${options.sipPort}`],
      ["-i", "127.0.0.1", "-p", String(port), "-mi", "127.0.0.1", "-mp", String(mediaPort)],
      ["-m", "1", "-nostdin", "-timeout", "40s", "-d", String(options.pauseMs ?? 0)],
      [
        "-key",
        "callsid",
        options.callSid ?? `sid-${port}`,
        "-key",
        "rtp_port",
        String(rtpPort),
        "-key",
        "name",
        options.name ?? "Ravi Kumar",
      ],
      ["-trace_msg", "-message_file", `${name}.messages`, "-message_overwrite", "true"],
    ].flat();
    const child = spawn(findProgram("sipp") ?? "sipp", args, { cwd: options.folder, stdio: ["ignore", "pipe", "pipe"] });
    const caller = new Caller(child, `${name}.messages`, rtp);
    await caller.#started().catch(async (error: unknown) => {
      await caller.dispose();
      throw error;
    });
    return caller;
  }

  /** Until the INVITE is out: a sipp that cannot begin is told apart from a phone that does not ring. */
  async #started(): Promise<void> {
    let ended = false;
    void this.#status.then(() => (ended = true));
    while (!this.messages().includes("INVITE")) {
      if (ended) await this.finished();
      await pause(20);
    }
  }

  get packets(): number {
    return this.#rtp.packets;
  }
  /** Mean square of what the customer heard in the last second; `null` where packets are missing. */
  heard(): number | null {
    return this.#rtp.heard();
  }
  quietFor(): number {
    return this.#rtp.quietFor();
  }

  /** Digits that arrived by SIP INFO, in order. */
  digits(): string {
    return [...this.messages().matchAll(/^Signal\s*=\s*([0-9A-D*#])/gm)].map(([, digit]) => digit).join("");
  }

  messages(): string {
    return existsSync(this.#messages) ? readFileSync(this.#messages, "utf8") : "";
  }

  /** Resolves when sipp has gone through its scenario as written; throws with its last words where it has not. */
  async finished(): Promise<void> {
    const status = await this.#status;
    if (status !== 0) throw new Error(`sipp ended with status ${status}:\n${this.#output}\n${this.messages().slice(-3_000)}`);
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
    await this.#status;
    this.#rtp.close();
  }
}
