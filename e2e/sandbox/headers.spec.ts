import { servePage } from "../support/serve-page.ts";
import { expect, test } from "../support/test.ts";

test("the page's policy allows nothing unsafe, demands Trusted Types, and names who may embed it", async ({ page, sandbox }) => {
  const response = await page.goto(sandbox.phone);
  const policy = (await response?.headerValue("content-security-policy")) ?? "";
  expect(policy).not.toContain("unsafe-");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("trusted-types softphone");
  expect(policy).toContain(`frame-ancestors ${sandbox.crm}`);
  expect(policy).toContain(`ws://${sandbox.proxy}`);
  expect(policy).not.toContain("*");
});

test("a page of another origin cannot embed the phone", async ({ page, sandbox }) => {
  const evil = await servePage("evil.localhost", `<!doctype html><iframe src="${sandbox.phone}/"></iframe>`);
  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(evil.url);
  await refused;
  expect(page.frames().some((frame) => frame.url().startsWith(sandbox.phone))).toBe(false);
  await evil.stop();
});
