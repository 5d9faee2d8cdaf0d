import { expect, test } from "vitest";

/**
 * Who may import whom. Arrows point one way: app -> ui and adapters -> core -> protocol and lib.
 * A folder may always import from itself. Adapters see the core only through its ports, and never one another.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: ["npm:valibot"],
  lib: [],
  "core/call": ["protocol"],
  "core/line": [],
  core: ["protocol", "lib", "npm:@preact/signals-core"],
  "engines/exotel": [
    "engines/shared",
    "core/ports",
    "core/engine-port",
    "core/errors",
    "protocol",
    "lib",
    "npm:@exotel-npm-dev/webrtc-client-sdk",
    "npm:@exotel-npm-dev/webrtc-core-sdk",
  ],
  "engines/sipjs": ["engines/shared", "core/ports", "core/engine-port", "core/errors", "protocol", "lib", "npm:sip.js"],
  "engines/shared": ["core/ports", "core/engine-port", "core/errors", "protocol", "lib"],
  "engines/fake": ["core/ports", "core/engine-port", "core/errors", "protocol", "lib"],
  hosts: ["core/ports", "core/errors", "protocol", "lib"],
  tabs: ["core/ports", "core/errors", "protocol", "lib"],
  audio: ["core/ports", "core/errors", "protocol", "lib"],
  diagnostics: ["core/ports", "core/errors", "protocol", "lib"],
  "gateway-client": ["core/ports", "core/errors", "protocol", "lib", "npm:valibot"],
  ui: ["core", "protocol", "lib", "npm:preact", "npm:@preact/signals"],
  sdk: ["protocol", "lib"],
  app: ["*"],
  "main.tsx": ["*"],
};
/** `headers.ts` is what servers send: the sandbox, the gateway and `npm run headers` use it; `gateway-*.ts` and `ownership.ts` is what a gateway says and decides. */
const ENTRIES = [
  "main.tsx",
  "sdk/index.ts",
  "protocol/headers.ts",
  "protocol/gateway-errors.ts",
  "protocol/gateway-agents.ts",
  "protocol/gateway-calls.ts",
  "protocol/gateway-lease.ts",
  "protocol/ownership.ts",
  "protocol/gateway-legs.ts",
];

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const imports = new Map(Object.entries(sources).map(([path, source]) => [path.slice(2), importsOf(path.slice(2), source)]));
const forTests = (file: string) => /\.test\.tsx?$|\/contract\.ts$/.test(file);
const forPlay = (file: string) =>
  /^engines\/fake\/|\/(fakes|stories)\/|\/fake-[^/]+$|\/memory\.ts$|\/([a-z]+-double|played-engine)\.ts$/.test(file);
const files = [...imports.keys()].filter((file) => !forTests(file));

test.each(files)("%s imports only what its folder may", (file) => {
  const home = folderOf(file);
  const allowed = MAY_IMPORT[home] ?? [];
  for (const target of imports.get(file) ?? []) {
    const legal = allowed.includes("*") || inside(target, home) || allowed.some((a) => inside(target, a));
    expect(legal, `${file} must not import ${target}; ${home} may import: ${allowed.join(", ") || "nothing"}`).toBe(true);
  }
});

test("no two files need each other, however far round", () => {
  const trail: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): void => {
    expect(trail.includes(file) ? [...trail.slice(trail.indexOf(file)), file].join(" -> ") : "", "import cycle").toBe("");
    if (done.has(file)) return;
    done.add(file);
    trail.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    trail.pop();
  };
  for (const file of files) visit(file);
});

test("nothing that ships imports what tests play", () => {
  const shipped = files.filter((file) => !forPlay(file));
  const wrong = shipped.flatMap((file) => (imports.get(file) ?? []).filter(forPlay).map((target) => `${file} -> ${target}`));
  expect(wrong).toEqual([]);
});

test("every file is used", () => {
  // Looked for here because the glob above makes every file look used to knip.
  const used = new Set([...imports.values()].flat());
  expect(files.filter((file) => !used.has(file) && !ENTRIES.includes(file))).toEqual([]);
});

function importsOf(file: string, source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, s = ""]) =>
    s.startsWith(".") ? join(file, s.replace(/\?.*$/, "")) : `npm:${s}`,
  );
}
function folderOf(file: string): string {
  const homes = Object.keys(MAY_IMPORT).filter((folder) => inside(file, folder));
  expect(homes, `${file} is in no folder of the table`).not.toEqual([]);
  return homes.reduce((a, b) => (b.length > a.length ? b : a));
}
function inside(target: string, folder: string): boolean {
  return target === folder || target.startsWith(`${folder}/`) || target.startsWith(`${folder}.`);
}
function join(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
