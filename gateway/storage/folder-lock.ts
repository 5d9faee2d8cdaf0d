import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Another gateway has this folder open: two processes on one PGlite destroy it. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}. One gateway per folder; several share a PostgreSQL (DATABASE_URL).`);
    this.name = "FolderInUse";
  }
}

/**
 * Takes the folder for this process and resolves to the undo. A lock whose process is gone (SIGKILL, power) is taken over;
 * so is one with our own number, which a container gives to every process in turn.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "gateway.pid");
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
    const pid = Number(await readFile(file, "utf8").catch(() => "0"));
    if (pid !== process.pid && isAlive(pid)) throw new FolderInUse(folder, pid);
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
