import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Session } from "./devtools.ts";

export interface Loaded {
  /** gzip -9, bytes. */
  readonly scriptsAndStyles: number;
  readonly sounds: number;
  readonly requests: number;
}

/** What the document has asked its own origin for until now, sized from the files that were built. */
export async function loadedUntilNow(session: Session, folder: string): Promise<Loaded> {
  const paths = await session.evaluate<string[]>(
    `performance.getEntriesByType("resource").filter((entry) => entry.name.startsWith(location.origin)).map((entry) => new URL(entry.name).pathname)`,
  );
  const unique = [...new Set(paths)];
  const size = (endings: RegExp) =>
    unique
      .filter((path) => endings.test(path))
      .reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path)), { level: 9 }).length, 0);
  return { scriptsAndStyles: size(/\.(js|css)$/), sounds: size(/\.(wav|mp3|ogg|webm)$/), requests: unique.length };
}
