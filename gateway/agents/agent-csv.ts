import * as v from "valibot";
import type { AgentChanges, AgentDetails } from "./agent-store.ts";
import { formatCsv, parseCsv } from "./csv.ts";

/** The columns of the mapping screens that the CRMs' Exotel apps have, with the two that a gateway needs besides. */
const COLUMNS = {
  "CRM User ID": "crmUser",
  "CRM User": "name",
  "Exotel User": "agentIdentifier",
  "Caller Id": "callerId",
  "Device Type": "device",
  "SIP User Name": "sipUser",
  "Mobile Number": "phoneNumber",
  Click2Call: "clickToCall",
  "Sign-in Name": "signInName",
  Role: "role",
  Active: "active",
} as const satisfies Readonly<Record<string, keyof AgentDetails>>;

const HEADINGS = Object.keys(COLUMNS);
const REQUIRED: readonly (keyof AgentDetails)[] = ["crmUser", "name"];
const text = (max: number) => v.pipe(v.string(), v.maxLength(max, `at most ${max} characters`));
const optional = (max: number) =>
  v.pipe(
    text(max),
    v.transform((value) => value || null),
  );
const yesNo = (empty: boolean) =>
  v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist(["yes", "no", "true", "false", "1", "0", ""], "yes or no"),
    v.transform((word) => (word === "" ? empty : ["yes", "true", "1"].includes(word))),
  );
const number = v.pipe(
  v.string(),
  v.transform((value) => value.replaceAll(/[\s()-]/g, "")),
  v.regex(/^(\+?\d{4,15})?$/, "a telephone number"),
  v.transform((value) => value || null),
);

const rowSchema = v.object({
  crmUser: v.pipe(text(200), v.minLength(1, "is empty")),
  name: v.pipe(text(200), v.minLength(1, "is empty")),
  agentIdentifier: v.exactOptional(optional(200)),
  callerId: v.exactOptional(number),
  device: v.exactOptional(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.picklist(["sip", "phone", ""], "SIP or Phone"),
      v.transform((device) => (device === "phone" ? "phone" : "sip")),
    ),
  ),
  sipUser: v.exactOptional(
    v.pipe(
      text(200),
      v.transform((user) => user.replace(/^sip:/i, "").split("@")[0] || null),
    ),
  ),
  phoneNumber: v.exactOptional(number),
  clickToCall: v.exactOptional(yesNo(true)),
  signInName: v.exactOptional(optional(200)),
  role: v.exactOptional(
    v.pipe(v.string(), v.toLowerCase(), v.picklist(["agent", "supervisor", ""], "agent or supervisor"), v.transform(asRole)),
  ),
  active: v.exactOptional(yesNo(true)),
});

function asRole(word: string): AgentDetails["role"] {
  return word === "supervisor" ? "supervisor" : "agent";
}

/** One line of a file: an agent, or what is wrong with it. */
export type AgentLine = { readonly line: number; readonly changes: AgentChanges } | { readonly line: number; readonly problem: string };

/**
 * Reads the file that an administrator has edited. Columns may come in any order; those that are missing change nothing, nor
 * does an empty `SIP User Name`: the gateway writes that one itself, and the file may be older.
 * Throws `BadCsv` where it is no CSV, or its first row names no `CRM User ID`.
 */
export function readAgentCsv(file: string): readonly AgentLine[] {
  const [heading = [], ...rows] = parseCsv(file);
  const columns = heading.map((name) => name.trim());
  const unknown = columns.find((name) => name !== "" && !HEADINGS.includes(name));
  if (unknown !== undefined) throw new UnknownColumn(unknown);
  if (!columns.includes("CRM User ID")) throw new UnknownColumn("CRM User ID is missing");
  return rows.map((cells, index) => readRow(columns, cells, index + 2));
}

export class UnknownColumn extends Error {
  constructor(name: string) {
    super(`columns are ${HEADINGS.join(", ")}; found: ${name}`);
    this.name = "UnknownColumn";
  }
}

function readRow(columns: readonly string[], cells: readonly string[], line: number): AgentLine {
  const given = Object.entries(COLUMNS).flatMap(([name, field]) => {
    const cell = cells[columns.indexOf(name)];
    const value = disarmed(cell ?? "").trim();
    const isLeft = cell === undefined || (field === "sipUser" && value === "");
    return isLeft && !REQUIRED.includes(field) ? [] : [[field, value] as const];
  });
  const result = v.safeParse(rowSchema, Object.fromEntries(given));
  if (!result.success) {
    const field = v.getDotPath(result.issues[0]);
    const column = Object.entries(COLUMNS).find(([, name]) => name === field)?.[0] ?? "the row";
    return { line, problem: `${column}: ${result.issues[0].message}` };
  }
  return { line, changes: result.output };
}

/** "Download CSV with existing data": what it holds can be uploaded again as it is. */
export function formatAgentCsv(agents: readonly AgentDetails[]): string {
  return formatCsv([HEADINGS, ...agents.map((agent) => Object.values(COLUMNS).map((field) => armed(cellOf(agent[field]))))]);
}

function cellOf(value: string | boolean | null): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : (value ?? "");
}

/** A spreadsheet runs a cell that begins with one of these; an apostrophe makes it text. A `+` before digits is a number. */
const FORMULA = /^(['=@\t\r-]|\+(?!\d))/;
function armed(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
function disarmed(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}
