import { expect, test } from "../support/test.ts";

test("the page's policy allows nothing unsafe, demands Trusted Types, and names who may embed it", async ({ page, sandbox }) => {
  const response = await page.goto(sandbox.phone);
  const policy = (await response?.headerValue("content-security-policy")) ?? "";
  expect(policy).not.toContain("unsafe-");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain(`frame-ancestors ${sandbox.crm}`);
  expect(policy).toContain(`ws://${sandbox.proxy}`);
  expect(policy).not.toContain("*");
});

test("a page of another origin cannot embed the phone", async ({ page, sandbox }) => {
  const other = sandbox.crm.replace("crm.localhost", "evil.localhost");
  await page.route(`${other}/`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><iframe src="${sandbox.phone}/"></iframe>` }),
  );
  await page.goto(`${other}/`);
  await expect.poll(() => page.frames().length).toBe(2);
  await expect(page.frameLocator("iframe").getByRole("button", { name: "Sign in" })).toHaveCount(0);
  expect(page.frames().some((frame) => frame.url().startsWith(sandbox.phone))).toBe(false);
});
