/** CSV as RFC 4180 has it; also with bare line feeds, a byte order mark and blank lines, as spreadsheets write it. */

/** @returns rows of cells. Throws `BadCsv` where a quote is never closed or stands in the middle of a cell. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const { cell, next } = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell);
    const separator = text[next];
    at = separator === "\r" && text[next + 1] === "\n" ? next + 2 : next + 1;
    if (separator !== ",") {
      rows.push(row);
      row = [];
    } else if (at >= text.length) row.push("");
  }
  if (row.length > 0) rows.push(row);
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

export class BadCsv extends Error {
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.name = "BadCsv";
  }
}

function plain(text: string, from: number): { readonly cell: string; readonly next: number } {
  let next = from;
  while (next < text.length && !",\r\n".includes(text.charAt(next))) next += 1;
  const cell = text.slice(from, next);
  if (cell.includes('"')) throw new BadCsv(lineOf(text, from), "a quote stands in a cell that is not quoted");
  return { cell, next };
}

function quoted(text: string, from: number): { readonly cell: string; readonly next: number } {
  let cell = "";
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) throw new BadCsv(lineOf(text, from), "a quote is never closed");
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') {
      if (end + 1 < text.length && !",\r\n".includes(text.charAt(end + 1)))
        throw new BadCsv(lineOf(text, end), "text follows a closing quote");
      return { cell, next: end + 1 };
    }
    cell += '"';
    at = end + 2;
  }
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: string): string {
  return /[",\r\n]|^\s|\s$|^$/.test(cell) && cell !== "" ? `"${cell.replaceAll('"', '""')}"` : cell;
}
