import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { partOf } from "./ranges.ts";
import { HttpError, type HttpHandler, type HttpReply, type HttpRequest } from "./router.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const compress = promisify(gzip);

export interface StaticFiles {
  readonly root: string;
  /** Headers beside the content's own, by path. */
  readonly headers: (path: string) => Readonly<Record<string, string>>;
  /** Changes a text before it is sent, for example to fill in an address. */
  readonly rewrite?: (path: string, text: string) => string;
}

interface Prepared {
  readonly changedAt: number;
  readonly bytes: Buffer;
  readonly zipped: Buffer | null;
  readonly tag: string;
}

/**
 * Serves the files under `root` as a good static host does: gzip, entity tags, ranges for sounds, files whose name carries
 * a hash of their content for ever and everything else asked for again each time.
 */
export function serveFiles(files: StaticFiles): HttpHandler {
  const prepared = new Map<string, Prepared>();
  return async (request) => {
    const path = request.path.endsWith("/") ? `${request.path}index.html` : request.path;
    const file = normalize(join(files.root, path));
    if (!file.startsWith(normalize(files.root) + sep) || path.includes("\0")) throw new HttpError(404, "nothing is here");
    const found = await prepare(file, path, files, prepared);
    if (!found) throw new HttpError(404, "nothing is here");
    return reply(request, found, {
      "content-type": CONTENT_TYPES[extname(file)] ?? "application/octet-stream",
      "cache-control": /^\/assets\/.+-[\w-]{8}\.\w+$/.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      etag: found.tag,
      ...files.headers(path),
    });
  };
}

function reply(request: HttpRequest, file: Prepared, headers: Readonly<Record<string, string>>): HttpReply {
  if (request.headers["if-none-match"] === file.tag) return { status: 304, headers };
  if (!file.zipped) return partOf(file.bytes, request.headers.range, headers);
  const accepted = String(request.headers["accept-encoding"] ?? "").includes("gzip");
  return {
    status: 200,
    headers: { ...headers, vary: "accept-encoding", ...(accepted ? { "content-encoding": "gzip" } : {}) },
    body: accepted ? file.zipped : file.bytes,
  };
}

async function prepare(file: string, path: string, files: StaticFiles, prepared: Map<string, Prepared>): Promise<Prepared | null> {
  const facts = await stat(file).catch(() => null);
  if (!facts?.isFile()) return null;
  const known = prepared.get(file);
  if (known?.changedAt === facts.mtimeMs) return known;
  const raw = await readFile(file);
  const type = CONTENT_TYPES[extname(file)] ?? "";
  const isText = /^text|json|svg/.test(type);
  const bytes = isText && files.rewrite ? Buffer.from(files.rewrite(path, raw.toString("utf8"))) : raw;
  const made: Prepared = {
    changedAt: facts.mtimeMs,
    bytes,
    zipped: isText ? await compress(bytes) : null,
    tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 20)}"`,
  };
  prepared.set(file, made);
  return made;
}
