import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { responseHeaders } from "./headers.ts";

function headersOf(value: object): Record<string, string> {
  const result = readConfig(value);
  if (!result.ok) throw new Error(result.problems.join("; "));
  return responseHeaders(result.config);
}
const directive = (headers: Record<string, string>, name: string) =>
  headers["content-security-policy"]?.split("; ").find((each) => each.startsWith(`${name} `));

test("[H60] nobody may embed a phone that names nobody", () => {
  expect(directive(headersOf({ sip: {} }), "frame-ancestors")).toBe("frame-ancestors 'none'");
});

test("[H61] allowed pages, proxies, click-to-call and logo are what the configuration says, each once", () => {
  const headers = headersOf({
    brand: { logo: "https://cdn.example.com/logo.svg" },
    sip: {
      presets: [{ id: "a", label: "A", domain: "a.example.com", proxy: "voip.example.com:443" }],
      allowedProxies: ["voip.example.com:443", "*.exotel.com"],
      iceServersUrl: "https://turn.example.com/credentials",
    },
    host: { allowedOrigins: ["https://crm.example.com", "https://*.example.org"] },
    dialing: { via: "url", url: "https://calls.example.com/dial?x=1" },
    gateway: { url: "https://gateway.example.com:8443/phone" },
  });
  expect(directive(headers, "frame-ancestors")).toBe("frame-ancestors https://crm.example.com https://*.example.org");
  expect(directive(headers, "connect-src")).toBe(
    "connect-src 'self' wss://voip.example.com:443 wss://*.exotel.com https://turn.example.com https://calls.example.com https://gateway.example.com:8443",
  );
  expect(directive(headers, "img-src")).toBe("img-src 'self' data: https://cdn.example.com");
});

test("[H63] what was fetched with a token plays out of memory where agents sign in to the gateway, and nowhere else", () => {
  expect(directive(headersOf({ sip: {}, gateway: { url: "/api" } }), "media-src")).toBe("media-src 'self'");
  expect(directive(headersOf({ sip: {}, gateway: { url: "/api", signIn: true } }), "media-src")).toBe("media-src 'self' blob:");
});

test("[H62] nothing unsafe is allowed, and a value that could add a directive is no configuration", () => {
  const headers = headersOf({ sip: {} });
  expect(headers["content-security-policy"]).not.toMatch(/unsafe/);
  expect(directive(headers, "require-trusted-types-for")).toBe("require-trusted-types-for 'script'");
  expect(directive(headers, "trusted-types")).toBe("trusted-types softphone");
  expect(directive(headers, "worker-src")).toBe("worker-src 'self'");
  for (const value of ["https://crm.example.com;script-src", "https://crm.example.com *", "*"]) {
    expect(readConfig({ sip: {}, host: { allowedOrigins: [value] } }).ok).toBe(false);
  }
  expect(readConfig({ sip: { allowedProxies: ["voip.example.com; script-src *"] } }).ok).toBe(false);
  const readable = (url: string): boolean[] =>
    [{ dialing: { url } }, { brand: { logo: url } }].map((setting) => readConfig({ sip: {}, ...setting }).ok);
  const urls = ["https://a.example;script-src/", "https://a.example,x", "https://*/", "https://a@b.example/", "https://["];
  for (const url of [...urls, "//elsewhere.example/", "/\\elsewhere.example/"])
    expect([url, ...readable(url)]).toEqual([url, false, false]);
  for (const [url, ok] of [
    ["/turn", true],
    ["https://turn.example.com/", true],
    ["http://turn.example.com/", false],
    ["//turn.example.com/", false],
  ] as const) {
    expect([url, readConfig({ sip: { iceServersUrl: url } }).ok]).toEqual([url, ok]);
  }
  for (const url of ["/", "/api/dial?x=1", "https://calls.example.com", "http://127.0.0.1:5173/dial"]) {
    expect([url, ...readable(url)]).toEqual([url, true, true]);
  }
});

test("[H63] a gateway is https or on this origin, and its address can be added to", () => {
  const readable = (url: string): boolean => readConfig({ sip: {}, gateway: { url } }).ok;
  for (const url of ["/gateway", "/", "https://gw.example.com", "https://gw.example.com:8443/phone/"])
    expect([url, readable(url)]).toEqual([url, true]);
  for (const url of [
    "http://gw.example.com",
    "//gw.example.com",
    "/\\gw",
    "/a?b",
    "https://a/#b",
    "https://a;b/",
    "https://*/",
    "gw",
    "",
  ]) {
    expect([url, readable(url)]).toEqual([url, false]);
  }
  expect(directive(headersOf({ sip: {}, gateway: { url: "/gateway" } }), "connect-src")).toBe("connect-src 'self'");
});
