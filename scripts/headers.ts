import { readFileSync } from "node:fs";
import { readConfig } from "../src/protocol/config.ts";
import { responseHeaders } from "../src/protocol/headers.ts";

/** `npm run headers -- path/to/config.json`: what a static host must send with the page, one header a line. */
const file = process.argv[2] ?? "public/config.json";
const result = readConfig(JSON.parse(readFileSync(file, "utf8")));
if (!result.ok) {
  process.stderr.write(`${file} is not a valid configuration:\n  ${result.problems.join("\n  ")}\n`);
  process.exit(1);
}
for (const [name, value] of Object.entries(responseHeaders(result.config))) process.stdout.write(`${name}: ${value}\n`);
