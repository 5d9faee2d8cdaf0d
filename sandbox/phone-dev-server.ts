import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { build, createServer as createVite } from "vite";
import { responseHeaders } from "../src/protocol/headers.ts";
import type { ConfigHolder } from "./config-holder.ts";
import { createRouter, type HttpRoute } from "./http/router.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Vite's server in the place of the built widget: changes show at once. Its client needs inline styles and its own socket,
 * so the policy is the real one with those two let in and Trusted Types left out.
 *
 * @param more what else is on the phone's origin, below `/gateway/`.
 * @returns the server, not listening yet, and the undo for Vite.
 */
export async function createPhoneDevServer(
  config: ConfigHolder,
  more: readonly HttpRoute[],
): Promise<{ server: Server; close: () => Promise<void> }> {
  const server = createServer();
  const others = createRouter(more);
  const vite = await createVite({ root, appType: "spa", server: { middlewareMode: true, hmr: { server }, allowedHosts: [".localhost"] } });
  server.on("request", (incoming, outgoing) => {
    const path = (incoming.url ?? "/").split("?")[0];
    for (const [name, value] of Object.entries(devHeaders(config))) outgoing.setHeader(name, value);
    if (path?.startsWith("/gateway/")) others.emit("request", incoming, outgoing);
    else if (path === "/config.json") {
      outgoing.setHeader("content-type", "application/json; charset=utf-8");
      outgoing.end(JSON.stringify(config.get()));
    } else if (path === "/softphone.js") {
      outgoing.setHeader("content-type", "text/javascript; charset=utf-8");
      void buildLibrary().then(
        (code) => outgoing.end(code),
        (error: unknown) => outgoing.writeHead(500).end(String(error)),
      );
    } else vite.middlewares(incoming, outgoing);
  });
  return { server, close: () => vite.close() };
}

function devHeaders(config: ConfigHolder): Record<string, string> {
  const headers = responseHeaders(config.get());
  const policy = (headers["content-security-policy"] ?? "")
    .split("; ")
    .filter((directive) => !directive.includes("trusted-types"))
    .map((directive) => {
      if (directive.startsWith("style-src")) return `${directive} 'unsafe-inline'`;
      return directive.startsWith("connect-src") ? `${directive} ws:` : directive;
    });
  return { ...headers, "content-security-policy": policy.join("; "), "cache-control": "no-cache" };
}

/** The integrators' library as a build would make it, from the source of this moment. */
async function buildLibrary(): Promise<string> {
  const result = await build({ root, mode: "sdk", logLevel: "error", build: { write: false } });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ("output" in one ? one.output : []));
  const library = outputs.find((output) => output.fileName === "softphone.js");
  if (library?.type !== "chunk") throw new Error("the library build made no softphone.js");
  return library.code;
}
