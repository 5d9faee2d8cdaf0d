import { cpus, totalmem } from "node:os";
import { show, type Spread } from "./statistics.ts";

export interface Row {
  readonly what: string;
  readonly bare: string;
  readonly widget: string;
  readonly ratio: string;
  readonly target: string;
  readonly reached: boolean;
}

/** A row for two medians that have a target as a ratio. */
export function ratioRow(what: string, bare: Spread, widget: Spread, atMost: number): Row {
  const ratio = widget.median / bare.median;
  return { what, bare: show(bare), widget: show(widget), ratio: ratio.toFixed(2), target: `≤ ${atMost} ×`, reached: ratio <= atMost };
}

export function limitRow(what: string, bare: string, widget: number, limit: number, unit: string, digits = 1): Row {
  return {
    what,
    bare,
    widget: `${widget.toFixed(digits)} ${unit}`,
    ratio: "–",
    target: `≤ ${limit.toFixed(digits)} ${unit}`,
    reached: widget <= limit,
  };
}

/** A figure without a target, for the reader. */
export function plainRow(what: string, bare: string, widget: string): Row {
  return { what, bare, widget, ratio: "–", target: "–", reached: true };
}

export function machine(browser: string): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${browser}, headless, loopback only`;
}

/** Any columns, first of all what was measured. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function table(rows: readonly Row[]): string {
  const head = "| measured | bare SDK page | widget in its CRM page | ratio | to reach | |\n|---|---|---|---|---|---|";
  const body = rows.map((row) => `| ${row.what} | ${row.bare} | ${row.widget} | ${row.ratio} | ${row.target} | ${verdict(row)} |`);
  return [head, ...body].join("\n");
}

function verdict({ target, reached }: Row): string {
  if (target === "–") return "";
  return reached ? "reached" : "**missed**";
}
