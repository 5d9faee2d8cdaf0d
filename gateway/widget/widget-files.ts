import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mts": "text/plain; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export type Encoding = "br" | "gzip";

export interface WidgetFile {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Strong entity tag of the content; an encoding adds its own letter. */
  readonly tag: string;
  /** Its name carries a hash of its content: it never changes. */
  readonly forEver: boolean;
  readonly encoded: ReadonlyMap<Encoding, Uint8Array<ArrayBuffer>>;
}

/**
 * Reads the built widget once, compressed beforehand. Requests are then looked up by name in this map, so no path of a
 * request ever reaches the file system.
 *
 * @returns path (`/assets/x.js`, and `/` for `index.html`) to file. Throws where the folder has no `index.html`.
 */
export async function readWidgetFiles(folder: string): Promise<ReadonlyMap<string, WidgetFile>> {
  const files = new Map<string, WidgetFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".map")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).replaceAll(sep, "/")}`;
    files.set(path, await prepare(path, new Uint8Array(await readFile(file))));
  }
  const index = files.get("/index.html");
  if (!index) throw new Error(`${folder} has no index.html: build the widget first (npm run build)`);
  return files.set("/", index);
}

/** For content that is made and not read: the configuration. */
export async function prepare(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<WidgetFile> {
  const contentType = CONTENT_TYPES[extname(path)] ?? "application/octet-stream";
  const encoded = new Map<Encoding, Uint8Array<ArrayBuffer>>();
  if (/^text|json|svg/.test(contentType)) {
    const brotli = promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    encoded.set("br", new Uint8Array(await brotli)).set("gzip", new Uint8Array(await promisify(gzip)(bytes)));
  }
  return {
    contentType,
    bytes,
    tag: createHash("sha256").update(bytes).digest("base64url").slice(0, 20),
    forEver: /^\/assets\/.+-[\w-]{8}\.\w+$/.test(path),
    encoded,
  };
}
