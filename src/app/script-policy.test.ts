import { expect, test } from "vitest";
import { createScriptPolicy } from "./script-policy.ts";

const location = { href: "https://phone.example.com/panel/?x=1", origin: "https://phone.example.com" };
const page = (more: object = {}) => ({ ...globalThis, location, ...more }) as unknown as typeof globalThis;

test("[P142] the page's one policy lets scripts of its own origin through and no other", () => {
  const names: string[] = [];
  const trustedTypes = {
    createPolicy: (name: string, rules: { createScriptURL(url: string): string }) => {
      names.push(name);
      return { createScriptURL: (url: string) => `trusted ${rules.createScriptURL(url)}` };
    },
  };
  const policy = createScriptPolicy(page({ trustedTypes }));
  expect(names).toEqual(["softphone"]);
  expect(policy.createScriptURL("/assets/timers.js")).toBe("trusted https://phone.example.com/assets/timers.js");
  for (const url of [
    "https://elsewhere.example/x.js",
    "//elsewhere.example/x.js",
    "data:text/javascript,1",
    "blob:https://elsewhere.example/1",
  ]) {
    expect(() => policy.createScriptURL(url)).toThrow(TypeError);
  }
});

test("[P142] where there are no Trusted Types the rule is the same", () => {
  const policy = createScriptPolicy(page({ trustedTypes: undefined }));
  expect(policy.createScriptURL("assets/timers.js")).toBe("https://phone.example.com/panel/assets/timers.js");
  expect(() => policy.createScriptURL("https://elsewhere.example/x.js")).toThrow(TypeError);
});
