import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { createRouter } from "../../sandbox/http/router.ts";
import { serveFiles } from "../../sandbox/http/static-files.ts";

export interface EnginePage {
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds and serves the page that holds one engine and nothing else. It must be stopped. */
export async function serveEnginePage(): Promise<EnginePage> {
  const folder = mkdtempSync(join(tmpdir(), "softphone-engine-page-"));
  await build({
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    root: fileURLToPath(new URL("../engine-page", import.meta.url)),
    logLevel: "error",
    publicDir: false,
    build: { outDir: folder, emptyOutDir: true },
  });
  const server = createRouter([["GET", "/*", serveFiles({ root: folder, headers: () => ({}) })]]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      rmSync(folder, { recursive: true });
    },
  };
}
