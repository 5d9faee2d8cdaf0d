import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { responseHeaders } from "../src/protocol/headers.ts";
import type { ConfigHolder } from "./config-holder.ts";
import { createRouter, json, type HttpRoute } from "./http/router.ts";
import { serveFiles } from "./http/static-files.ts";

export const builtWidget = fileURLToPath(new URL("../dist", import.meta.url));

/** What an integrator's page loads from another origin. */
const FOR_OTHER_ORIGINS = new Set(["/softphone.js", "/softphone.mjs"]);

/** What `/ice-servers` answers, for a `sip.iceServersUrl`; 404 until the control sets it. */
export interface IceServersAnswer {
  current: unknown;
}

/** Plays the deployment's server that knows the secret of its TURN server. */
export function iceServersRoute(answer: IceServersAnswer): HttpRoute {
  return ["GET", "/ice-servers", () => (answer.current === null ? json(404, { error: "none are set" }) : json(200, answer.current))];
}

/**
 * Static hosting of the built widget: the headers come from the configuration of the moment, and `/config.json` is that
 * configuration.
 *
 * @param root the folder of the build.
 * @param more what else is on the phone's origin.
 */
export function createPhoneServer(config: ConfigHolder, root: string = builtWidget, more: readonly HttpRoute[] = []): Server {
  const headersOf = (path: string): Record<string, string> => ({
    ...responseHeaders(config.get()),
    ...(FOR_OTHER_ORIGINS.has(path) ? { "access-control-allow-origin": "*" } : {}),
  });
  return createRouter([
    ...more,
    ["GET", "/config.json", () => json(200, config.get(), { ...headersOf("/config.json"), "cache-control": "no-cache" })],
    ["GET", "/*", serveFiles({ root, headers: headersOf })],
  ]);
}
