import { expect, test } from "vitest";

/** The gateway shares words with the widget and nothing else; the widget knows nothing of the gateway's packages. */
const SHARED = /^(\.\.\/)+src\/protocol\//;
const SERVER_PACKAGES = /["'](hono|@hono|kysely|pg|pino|jose|@electric-sql)(\/[^"']*)?["']/;

const gateway = import.meta.glob<string>("./**/*.ts", { query: "?raw", import: "default", eager: true });
const widget = import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

const files = Object.entries(gateway).filter(([path]) => !path.endsWith(".test.ts"));

test.each(files)("%s imports nothing of the project but the protocol", (path, source) => {
  // A fake may be a part of the sandbox.
  const allowed = path.startsWith("./fakes/") ? /^(\.\.\/)+(src\/protocol|sandbox)\// : SHARED;
  const outside = importsOf(source).filter((target) => leaves(path, target));
  expect(outside.filter((target) => !allowed.test(target))).toEqual([]);
});

test.each(files.filter(([path]) => !path.startsWith("./fakes/")))("%s imports no fake", (_path, source) => {
  expect(importsOf(source).filter((target) => target.includes("/fakes/"))).toEqual([]);
});

test("no file of the widget imports the gateway or its packages", () => {
  const wrong = Object.entries(widget).filter(
    ([, source]) =>
      importsOf(source).some((target) => target.includes("/gateway/")) || importLines(source).some((line) => SERVER_PACKAGES.test(line)),
  );
  expect(wrong.map(([path]) => path)).toEqual([]);
});

function importLines(source: string): string[] {
  return source.match(/(?:from|import)\s*\(?\s*["'][^"']+["']/g) ?? [];
}
function importsOf(source: string): string[] {
  return importLines(source).map((line) => /["']([^"']+)["']/.exec(line)?.[1] ?? "");
}
function leaves(path: string, target: string): boolean {
  if (!target.startsWith("..")) return false;
  const depth = path.split("/").length - 2;
  return (target.match(/\.\.\//g) ?? []).length > depth;
}
