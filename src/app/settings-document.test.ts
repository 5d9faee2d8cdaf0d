import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configSchema, readConfig } from "../protocol/config.ts";

/** The part of a valibot schema that is walked here. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly item?: Schema;
  readonly pipe?: readonly Schema[];
}

const DOCUMENT = readFileSync("docs/settings.md", "utf8");
const rows = new Map(
  [...DOCUMENT.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)].map(([, name = "", preset = ""]) => [
    name,
    preset.trim(),
  ]),
);
const settings = new Map(walk(configSchema as unknown as Schema, ""));

test("every setting is documented, and nothing else", () => {
  expect([...rows.keys()].toSorted()).toEqual([...settings.keys()].toSorted());
});

test("each default in the document is the one in force", () => {
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(settings));
});

test("the example is a valid configuration", () => {
  const [, example = ""] = /```json\n(.*?)```/s.exec(DOCUMENT) ?? [];
  expect(readConfig(JSON.parse(example))).toMatchObject({ ok: true });
});

/** A leaf is a setting; so is a list, whose entries follow. Groups have no row of their own. */
function walk(schema: Schema, name: string, preset = "*required*"): [string, string][] {
  if (schema.type === "optional") {
    const { wrapped } = schema;
    if (!wrapped) return [];
    return walk(wrapped, name, schema.default === undefined ? "–" : `\`${JSON.stringify(schema.default)}\``);
  }
  const inner = schema.pipe?.[0] ?? schema;
  if (inner.entries) {
    return Object.entries(inner.entries).flatMap(([key, entry]) => walk(entry, name === "" ? key : `${name}.${key}`));
  }
  if (inner.type === "array" && inner.item) {
    const item = inner.item.pipe?.[0] ?? inner.item;
    return [[name, preset], ...(item.entries ? walk(item, `${name}[]`) : [])];
  }
  return [[name, preset]];
}
