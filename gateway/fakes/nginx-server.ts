import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./gateway-process.ts";

const PROGRAM = "/usr/sbin/nginx";
const OPENSSL = "/usr/bin/openssl";

/** Debian's nginx, with openssl for its certificate. */
export const hasNginx = existsSync(PROGRAM) && existsSync(OPENSSL);

/** nginx with the `server { … }` of the document, on a port of its own. */
export interface NginxServer {
  readonly port: number;
  /** Everything it has logged. */
  logged(): string;
  close(): Promise<void>;
}

/**
 * @param example the text from the document; its ports, files and certificate are replaced, and nothing else.
 * @param upstream where the gateway listens.
 */
export async function createNginxServer(example: string, upstream: number): Promise<NginxServer> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-nginx-"));
  const file = (name: string): string => join(folder, name);
  const subject = ["-subj", "/CN=phone.example.com", "-keyout", file("key.pem"), "-out", file("cert.pem")];
  execFileSync(OPENSSL, ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...subject], {
    stdio: "ignore",
  });
  const port = await freePort();
  const server = example
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replaceAll("127.0.0.1:5175", `127.0.0.1:${upstream}`)
    .replaceAll("/var/log/nginx", folder)
    .replace("/etc/ssl/phone.example.com.pem", file("cert.pem"))
    .replace("/etc/ssl/phone.example.com.key", file("key.pem"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${file(name)};`);
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const http = `http { ${temporary.join(" ")} types { } ${server} }`;
  writeFileSync(file("nginx.conf"), `${user} daemon off; pid ${file("pid")}; error_log stderr; events { } ${http}`);
  execFileSync(PROGRAM, ["-t", "-q", "-c", file("nginx.conf"), "-e", "stderr"]);
  const child = spawn(PROGRAM, ["-c", file("nginx.conf"), "-e", "stderr"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  while (!existsSync(file("pid"))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${output}`);
    await setTimeout(20);
  }
  const read = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  return {
    port,
    logged: () => output + read("phone.error.log") + read("phone.access.log"),
    async close() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
