import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Weighs the built page: what must arrive before the sign-in screen works, then the engine, then the integrators'
 * library. The last figure has no budget: everything a signed-in agent's panel loads in a CRM page until it can ring.
 */

const DIST = "dist";
const KB = 1_000;

interface Line {
  readonly what: string;
  readonly files: readonly string[];
  /** Bytes, gzip. */
  readonly size: number;
  readonly budget: number;
}

if (!existsSync(join(DIST, "index.html"))) fail("there is no dist/index.html: run `npm run build` first");

const all = readdirSync(DIST, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
const first = staticClosure(filesOf(readFileSync(join(DIST, "index.html"), "utf8")));
const engineEntry = all.filter((file) => /^assets\/engine[^/]*\.js$/.test(file));
const engine = staticClosure(engineEntry).filter((file) => !first.includes(file));
const sipjs = staticClosure(all.filter((file) => /^assets\/sipjs-engine[^/]*\.js$/.test(file))).filter((file) => !first.includes(file));
const inCrm = staticClosure(all.filter((file) => /^assets\/(start-phone|screen|host|timer-worker)-[^/]*\.(js|css)$/.test(file)));
const library = all.filter((file) => file === "softphone.js");
const sounds = all.filter((file) => /\.(wav|mp3|ogg)$/.test(file));

const lines: Line[] = [
  { what: "until the sign-in screen works", files: first, size: weigh(first), budget: 40 * KB },
  { what: "with the engine", files: engine, size: weigh([...first, ...engine]), budget: 110 * KB },
  { what: "with the engine sipjs instead", files: sipjs, size: weigh([...first, ...sipjs]), budget: 100 * KB },
  { what: "softphone.js", files: library, size: weigh(library), budget: 3 * KB },
  { what: "sound files", files: sounds, size: weigh(sounds), budget: 0 },
];
for (const { what, files, size, budget } of lines) {
  process.stdout.write(`${what.padEnd(32)} ${kilobytes(size)} of ${kilobytes(budget)} kB gzip\n`);
  for (const file of files) process.stdout.write(`  ${file.padEnd(50)} ${kilobytes(weigh([file]))}\n`);
}
const everything = [...new Set([...first, ...engine, ...inCrm])];
process.stdout.write(`${"until it can ring in a CRM page".padEnd(32)} ${kilobytes(weigh(everything))} kB gzip\n`);
if (engineEntry.length === 0) fail("no engine chunk was found (assets/engine*.js): the engine must be a chunk of its own");
if (library.length === 0) fail("dist/softphone.js is missing: run `vite build --mode sdk`");
const heavy = lines.filter(({ size, budget }) => size > budget);
if (heavy.length > 0) fail(`over budget: ${heavy.map(({ what }) => what).join(", ")}`);

function filesOf(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file = ""]) => file);
}

/** A chunk and everything it imports before it can run, each once. */
function staticClosure(entries: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith(".js")) return;
    const source = readFileSync(join(DIST, file), "utf8");
    for (const [, imported = ""] of source.matchAll(/(?:^|[;}\s])(?:import|export)(?:[\w{}$*,\s]*?from)?\s*["']\.\/([^"']+\.js)["']/g)) {
      visit(`assets/${imported}`);
    }
  };
  entries.forEach(visit);
  return [...found];
}

function weigh(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length, 0);
}

function kilobytes(bytes: number): string {
  return (bytes / KB).toFixed(1).padStart(6);
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
