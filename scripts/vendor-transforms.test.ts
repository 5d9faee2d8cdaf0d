import { readFileSync, readdirSync } from "node:fs";
import { parseAst } from "vite";
import { expect, test } from "vitest";
import { UNUSED_CLASSES, VENDOR_TRANSFORMS, transformVendor } from "./vendor-transforms.ts";

const source = (file: string) => readFileSync(new URL(`../node_modules/@exotel-npm-dev${file}`, import.meta.url), "utf8");

test.each(VENDOR_TRANSFORMS)("[E1] the vendor's text is there exactly once: $why, $find", ({ file, find }) => {
  expect(source(file).split(find)).toHaveLength(2);
});

test("[E1] after the transforms no sound is asked for, and no wait of 500 ms stands before the registration", () => {
  const file = "/webrtc-core-sdk/src/sipjsphone.js";
  const code = transformVendor(`/anywhere/node_modules/@exotel-npm-dev${file}?v=1`, source(file));
  expect(code).not.toMatch(/require\("[^"]*\.wav"\)/);
  expect(code).toMatch(/var oInitializeCompleteTimer = setTimeout\(function \(\) \{[^}]*\}\s*\}, 0\);/);
  for (const sound of ["beeptone", "ringtone", "ringbacktone", "dtmftone"]) expect(code).toMatch(new RegExp(`var ${sound} = \\{ play`));
});

test("[E1] other files, and text that has changed, pass as they are", () => {
  expect(transformVendor("/src/main.ts", "	ctxSip.phone.start();")).toBe("	ctxSip.phone.start();");
  expect(transformVendor("/webrtc-core-sdk/src/sipjsphone.js", "another version")).toBe("another version");
});

test.each(UNUSED_CLASSES)("[E1] of sip.js, %s is never made by the SDK, and what is left of it is an empty class", (name) => {
  const file = "/webrtc-core-sdk/src/sip-0.20.0.js";
  expect(source("/webrtc-core-sdk/src/sipjsphone.js")).not.toMatch(new RegExp(`\\b${name}\\b`));
  expect(transformVendor(file, source(file))).toMatch(new RegExp(`^class ${name}(?: extends [^{]+)? \\{\\n\\}$`, "m"));
});

test("[E1] sip.js without what is cut out is still a program, and still traces each message", () => {
  const file = "/webrtc-core-sdk/src/sip-0.20.0.js";
  const code = transformVendor(file, source(file));
  expect(() => parseAst(code)).not.toThrow();
  expect(code).toContain('this.logger.log("Sending WebSocket message:\\n\\n" + message');
  expect(code).toContain('this.logger.log("Received WebSocket text message:\\n\\n" + finishedData');
  expect(code).toContain("peg$decoded[s] ??=");
  expect(code.length).toBeLessThan(source(file).length - 100_000);
});

test("[E1] the vendor's diagnostics keep every function that the client names", () => {
  const file = "/webrtc-client-sdk/src/api/omAPI/DiagnosticsListener.js";
  const code = transformVendor(file, source(file));
  const named =
    /import \{([^}]+)\} from '\.\.\/api\/omAPI\/DiagnosticsListener'/.exec(
      source("/webrtc-client-sdk/src/listeners/ExWebClient.js"),
    )?.[1] ?? "";
  const names = [...named.matchAll(/(\w+) as/g)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(code).toContain(`export function ${name}() {}`);
});

const modules = ["/webrtc-client-sdk/src", "/webrtc-core-sdk/src"].flatMap((folder) =>
  readdirSync(new URL(`../node_modules/@exotel-npm-dev${folder}`, import.meta.url), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => `${folder}/${file}`),
);

test.each(modules.filter((file) => source(file).includes("localStorage")))("[E1] %s reaches no storage of the browser", (file) => {
  const code = transformVendor(file, source(file));
  expect(() => parseAst(code)).not.toThrow();
  expect(code).not.toMatch(/(?:window|globalThis|self)\.localStorage/);
  expect(code.includes("localStorage")).toBe(code.startsWith("const localStorage = "));
});
