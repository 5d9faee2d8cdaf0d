import { Hono, type Context } from "hono";
import type { Config } from "../../src/protocol/config.ts";
import { responseHeaders } from "../../src/protocol/headers.ts";
import { GatewayError } from "../errors.ts";
import { prepare, type Encoding, type WidgetFile } from "./widget-files.ts";

/** What an integrator's page loads from another origin. */
const FOR_OTHER_ORIGINS = new Set(["/softphone.js", "/softphone.mjs"]);

export interface WidgetOptions {
  readonly files: ReadonlyMap<string, WidgetFile>;
  readonly config: Config;
  /** Browsers reach us by TLS: they may insist on it (RFC 6797). */
  readonly secure: boolean;
}

/** The built widget with the headers of its configuration, entity tags, brotli and gzip. */
export async function widgetRoutes({ files, config, secure }: WidgetOptions): Promise<Hono> {
  const headers: Record<string, string> = {
    ...responseHeaders(config),
    ...(secure ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
  const settings = await prepare("/config.json", new TextEncoder().encode(JSON.stringify(config)));
  const served = new Map(files).set("/config.json", settings);
  return new Hono().get("/*", (context) => {
    const file = served.get(context.req.path);
    if (!file) throw new GatewayError("not-found", "nothing is here");
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    if (FOR_OTHER_ORIGINS.has(context.req.path)) context.header("access-control-allow-origin", "*");
    context.header("cache-control", file.forEver ? "public, max-age=31536000, immutable" : "no-cache");
    return send(context, file);
  });
}

function send(context: Context, file: WidgetFile): Response {
  const encoding = chosen(context.req.header("accept-encoding") ?? "", file);
  const tag = `"${file.tag}${encoding?.[0] ?? ""}"`;
  context.header("etag", tag);
  if (file.encoded.size > 0) context.header("vary", "accept-encoding");
  if (knows(context.req.header("if-none-match"), tag)) return context.body(null, 304);
  context.header("content-type", file.contentType);
  if (encoding) context.header("content-encoding", encoding);
  return context.body((encoding && file.encoded.get(encoding)) ?? file.bytes);
}

function chosen(accepted: string, file: WidgetFile): Encoding | null {
  const wanted = accepted.split(",").map((part) => part.trim());
  const taken = (name: Encoding): boolean =>
    file.encoded.has(name) && wanted.some((part) => part.split(";")[0] === name && !/;\s*q=0(\.0*)?$/.test(part));
  return taken("br") ? "br" : taken("gzip") ? "gzip" : null;
}

/** `If-None-Match` (RFC 9110 section 13.1.2): compared weakly. */
function knows(header: string | undefined, tag: string): boolean {
  return header !== undefined && header.split(",").some((known) => known.trim() === "*" || known.trim().replace(/^W\//, "") === tag);
}
