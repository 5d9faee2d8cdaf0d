import { expect, test } from "vitest";
import operate from "../../docs/operate.md?raw";
import { gatewayConfigSchema } from "./gateway-config.ts";
import { SECRET_NAMES } from "./secrets.ts";

/** Keys of the first column: `signIn.token.issuer` · `.audience` stands for two. */
const tables = operate.slice(operate.indexOf("## gateway.json"), operate.indexOf("## Looking at it"));
const documented = new Set(
  tables.split("\n").flatMap((line) => {
    const cell = /^\| (`[^|]+) \|/.exec(line)?.[1] ?? "";
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    const parent = (names[0] ?? "").split(".").slice(0, -1).join(".");
    return names.map((name) => (name.startsWith(".") ? `${parent}${name}` : name));
  }),
);

test("[G1] docs/operate.md names every key of gateway.json and every variable, and no others", () => {
  const wanted = [...keysOf(gatewayConfigSchema), ...SECRET_NAMES].filter((key) => key !== "$schema");
  expect([...documented].toSorted()).toEqual(wanted.toSorted());
});

interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
}

function keysOf(schema: Schema, prefix = ""): string[] {
  if (schema.wrapped) return keysOf(schema.wrapped, prefix);
  if (!schema.entries) return [prefix];
  return Object.entries(schema.entries).flatMap(([key, inner]) => keysOf(inner, prefix === "" ? key : `${prefix}.${key}`));
}
