import { expect, test } from "vitest";
import { isAllowedOrigin } from "./allowed-origin.ts";

const patterns = ["https://crm.example.com", "https://*.leadsquared.com", "http://crm.localhost:5171", "https://*.Corp.example:8443"];

test.each([
  "https://crm.example.com",
  "https://in21.leadsquared.com",
  "https://a.b.leadsquared.com",
  "http://crm.localhost:5171",
  "https://crm.corp.example:8443",
])("[H6] %s is allowed", (origin) => {
  expect(isAllowedOrigin(origin, patterns)).toBe(true);
});

test.each([
  "https://evil.example.com",
  "http://crm.example.com",
  "https://crm.example.com:8443",
  "https://crm.example.com.evil.com",
  "https://evilcrm.example.com",
  "https://leadsquared.com",
  "https://evilleadsquared.com",
  "https://leadsquared.com.evil.com",
  "https://crm.corp.example",
  "https://crm.example.com/",
  "https://asha@crm.example.com",
  "https://.leadsquared.com",
  "HTTPS://CRM.EXAMPLE.COM",
  "http://crm.localhost:5170",
  "null",
  "*",
  "",
  "file://",
  "chrome-extension://abcdef",
])("[H6] %s is not", (origin) => {
  expect(isAllowedOrigin(origin, patterns)).toBe(false);
});

test("[H6] with an empty list nobody is allowed, and a default port may be written out", () => {
  expect(isAllowedOrigin("https://crm.example.com", [])).toBe(false);
  expect(isAllowedOrigin("https://crm.example.com", ["https://crm.example.com:443"])).toBe(true);
  expect(isAllowedOrigin("https://crm.example.com", ["*", "https://", "https://*", "crm.example.com"])).toBe(false);
});
