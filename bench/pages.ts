import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { createRouter } from "../sandbox/http/router.ts";
import { serveFiles } from "../sandbox/http/static-files.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** Builds `bench/<name>` into a new folder and returns it. */
export async function buildPage(name: "bare" | "minimal" | "limit"): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `softphone-${name}-`));
  await build({
    configFile: false,
    root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
    logLevel: "error",
    assetsInclude: ["**/*.wav"],
    // Vite makes a module object of `require("x.wav")`; without this the page would ask for `/[object Object]`.
    plugins: [
      {
        name: "sounds-as-addresses",
        transform: (code, id) =>
          id.endsWith("sipjsphone.js") ? code.replaceAll(/require\(("\.\/static\/\w+\.wav")\)/g, "require($1).default") : null,
      },
    ],
    build: { outDir: folder, emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  return folder;
}

export async function servePage(folder: string): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const server = createRouter([["GET", "/*", serveFiles({ root: folder, headers: () => ({}) })]]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** This engine, and nothing to fill in after a call: what is measured is the telephone. */
export async function configure({ addresses }: Sandbox, engine: "exotel" | "sipjs"): Promise<void> {
  const config = (await (await fetch(`${addresses.control}/config`)).json()) as { sip: object };
  const reply = await fetch(`${addresses.control}/config`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...config, sip: { ...config.sip, engine }, wrapUp: { seconds: 0, fields: [], followUp: false } }),
  });
  if (!reply.ok) throw new Error(`the sandbox refused the configuration: ${await reply.text()}`);
}
