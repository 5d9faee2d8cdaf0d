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

const HEADERS = [
  ["From", '"Ravi" <sip:+919845000012@sbc.example:5060;transport=ws>;tag=a1'],
  ["Via", "SIP/2.0/WS sbc.example;branch=z9hG4bK7;received=192.0.2.1;rport=5060"],
  ["CSeq", "4711 INVITE"],
  ["Contact", "<sip:asha@192.0.2.4:8443;transport=ws>;expires=600;q=0.5"],
  ["WWW_Authenticate", 'Digest realm="exotel", nonce="n", qop="auth", algorithm=MD5'],
] as const;

interface Grammar {
  parse(text: string, options: { startRule: string; data: object }): unknown;
}

test("[E1] the grammar decodes each of its rules once, and reads what it read", async () => {
  const file = "grammar/pegjs/dist/grammar.js";
  expect(lean(file)).toContain("peg$decoded[s] ??=");
  const load = (code: string): Promise<Grammar> => {
    const absolute = code.replaceAll('from "../../', `from "${ROOT.href}grammar/`);
    return import(`data:text/javascript,${encodeURIComponent(absolute)}`) as Promise<Grammar>;
  };
  const [theirs, ours] = [await load(source(file)), await load(lean(file))];
  for (const [startRule, text] of HEADERS) {
    const read = ({ parse }: Grammar): unknown => {
      const options = { startRule, data: {} };
      parse(text, options);
      return JSON.parse(JSON.stringify(options.data));
    };
    expect(read(ours)).toEqual(read(theirs));
    // From what it kept of the first time.
    expect(read(ours)).toEqual(read(theirs));
  }
});

test("[E1] a log line that is the only statement of an if stays, and so do other packages", () => {
  const bare = 'if (a)\n  logger.warn("b");\nc();\nlogger.log(`d`);\n';
  expect(leanSipjs("/x/sip.js/lib/y.js", bare)).toBe('if (a)\n  logger.warn("b");\nc();\n\n');
  expect(leanSipjs("/x/other/y.js", bare)).toBe(bare);
});
