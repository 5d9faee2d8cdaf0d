import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Session } from "./devtools.ts";

export interface Loaded {
  /** gzip -9, bytes. */
  readonly scriptsAndStyles: number;
  readonly sounds: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/**
 * What the document has asked its own origin for, sized from the files that were built.
 *
 * @param before an expression: only what was asked for before that time (ms) counts.
 */
export async function loadedUntilNow(session: Session, folder: string, before = "Infinity"): Promise<Loaded> {
  const paths = await session.evaluate<string[]>(
    `performance.getEntriesByType("resource").filter((entry) => entry.startTime < ${before} && entry.name.startsWith(location.origin)).map((entry) => new URL(entry.name).pathname)`,
  );
  const files = [...new Set(paths)]
    .filter((path) => /\.(js|css|wav|mp3|ogg|webm)$/.test(path))
    .map((path) => ({ path, size: gzipSync(readFileSync(join(folder, path)), { level: 9 }).length }));
  const size = (endings: RegExp) => files.filter(({ path }) => endings.test(path)).reduce((sum, file) => sum + file.size, 0);
  return { scriptsAndStyles: size(/\.(js|css)$/), sounds: size(/\.(wav|mp3|ogg|webm)$/), files };
}
