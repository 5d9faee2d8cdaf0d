import { markdown } from "../report.ts";

export interface SoakFigures {
  readonly calls: number;
  readonly heapBytesPerCall: number;
  /** What is there at the end and was not at the beginning, by name. Each must be 0. */
  readonly left: Readonly<Record<string, number>>;
  /** What is on the screen and waits at the end and did not at the beginning; empty: nothing. */
  readonly hint?: string;
}

const MOST_BYTES_PER_CALL = 2_000;

export function isClean({ heapBytesPerCall, left }: SoakFigures): boolean {
  return heapBytesPerCall <= MOST_BYTES_PER_CALL && Object.values(left).every((count) => count <= 0);
}

export function soakTable(name: string, { calls, heapBytesPerCall, left, hint = "" }: SoakFigures): string {
  const verdict = (reached: boolean) => (reached ? "reached" : "**missed**");
  const rows = Object.entries(left).map(([what, count]) => [`${what} left`, String(count), "0", verdict(count <= 0)]);
  const table = markdown(
    [`${name}, ${calls} calls`, "", "to reach", ""],
    [
      ["heap growth a call", `${Math.round(heapBytesPerCall)} bytes`, "≤ 2,000 bytes", verdict(heapBytesPerCall <= MOST_BYTES_PER_CALL)],
      ...rows,
    ],
  );
  return hint === "" ? table : `${table}\n${hint}`;
}
