import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended. */
  readonly ended: number;
}

/** `proc(5)`; null: the process is gone. */
function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may contain spaces, so fields are counted behind its bracket: state is the first of them.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = (index: number): number => Number(fields[index] ?? 0) / TICKS_PER_SECOND;
    return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
  } catch {
    return null;
  }
}

/** Processor time of a process and all its children, seconds. */
export function processorSeconds(pid: number): number {
  const root = stat(pid);
  const children = readdirSync("/proc").flatMap((name) => {
    const found = /^\d+$/.test(name) ? stat(Number(name)) : null;
    return found?.parent === pid ? [found.own + found.ended] : [];
  });
  return children.reduce((sum, seconds) => sum + seconds, (root?.own ?? 0) + (root?.ended ?? 0));
}

/** Resident memory, bytes. */
export function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1_024;
}
