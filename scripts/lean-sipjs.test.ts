import { readFileSync, readdirSync } from "node:fs";
import { parseAst } from "vite";
import { expect, test } from "vitest";
import { leanSipjs } from "./lean-sipjs.ts";

const ROOT = new URL("../node_modules/sip.js/lib/", import.meta.url);
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
const source = (file: string): string => readFileSync(new URL(file, ROOT), "utf8");
const lean = (file: string): string => leanSipjs(`/anywhere/node_modules/sip.js/lib/${file}`, source(file));

test("[E1] sip.js is the version whose texts are known", () => {
  expect(JSON.parse(readFileSync(new URL("../package.json", ROOT), "utf8"))).toMatchObject({ version: "0.21.2" });
});

const exportsOf = (code: string): string[] => [...code.matchAll(/^export (?:class|function|var|const|\*) ?[\w{]*/gm)].map(([text]) => text);

test.each(files.filter((name) => !name.startsWith("platform")))(
  "[E1] %s without its log lines is still a program and exports what it did",
  (file) => {
    expect(() => parseAst(lean(file))).not.toThrow();
    expect(exportsOf(lean(file))).toEqual(exportsOf(source(file)));
  },
);

test("[E1] the defaults that the engine replaces are gone, under the names by which the user agent asks for them", () => {
  expect(source("api/user-agent.js")).toContain(
    'import { defaultSessionDescriptionHandlerFactory } from "../platform/web/session-description-handler/session-description-handler-factory-default.js";',
  );
  expect(source("api/user-agent.js")).toContain('import { Transport as WebTransport } from "../platform/web/transport/transport.js";');
  expect(lean("platform/web/transport/transport.js")).toBe("export class Transport {}");
  expect(lean("platform/web/session-description-handler/session-description-handler-factory-default.js")).toBe(
    "export function defaultSessionDescriptionHandlerFactory() {}",
  );
});

test("[E1] a log line that is the only statement of an if stays, and so do other packages", () => {
  const bare = 'if (a)\n  logger.warn("b");\nc();\nlogger.log(`d`);\n';
  expect(leanSipjs("/x/sip.js/lib/y.js", bare)).toBe('if (a)\n  logger.warn("b");\nc();\n\n');
  expect(leanSipjs("/x/other/y.js", bare)).toBe(bare);
});
