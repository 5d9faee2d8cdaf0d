import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VENDOR_TRANSFORMS, transformVendor } from "./vendor-transforms.ts";

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
