import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestGateway, type TestGateway } from "./fakes/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway();
}, 60_000);
afterAll(() => gateway.close());

const get = (path: string, headers: Record<string, string> = {}) => gateway.app.request(path, { headers });

test("[G3] the widget comes with the headers of its configuration", async () => {
  const page = await get("/");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors https://run.leadsquared.com");
  expect(page.headers.get("permissions-policy")).toContain("camera=()");
  expect(page.headers.get("strict-transport-security")).toBe("max-age=31536000");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(await page.text()).toContain("<title>phone</title>");
});

test("[G3] a file whose name carries its hash is kept for ever, and comes compressed", async () => {
  const file = await get("/assets/main-AbCd1234.js", { "accept-encoding": "gzip, deflate, br;q=1.0" });
  expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(file.headers.get("content-encoding")).toBe("br");
  expect(file.headers.get("vary")).toBe("accept-encoding");
  const plain = await get("/assets/main-AbCd1234.js", { "accept-encoding": "br;q=0" });
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(await plain.text()).toContain("console.log(1);");
});

test("[G3] what the browser has already is not sent again", async () => {
  const tag = (await get("/softphone.js")).headers.get("etag") ?? "";
  const again = await get("/softphone.js", { "if-none-match": `"x", W/${tag}` });
  expect(again.status).toBe(304);
  expect(again.headers.get("access-control-allow-origin")).toBe("*");
});

test.each(["/../package.json", "/%2e%2e/package.json", "/assets/..%2f..%2fpackage.json", "/assets", "/nothing"])(
  "[G4] %s is not a file of the widget",
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

test("[G5] the process lives, serves while its database answers, and says when it is stopping", async () => {
  expect(await (await get("/healthz")).text()).toBe("ok");
  expect((await get("/readyz")).status).toBe(200);
  gateway.state.stopping = true;
  const stopping = await get("/readyz");
  gateway.state.stopping = false;
  expect(stopping.status).toBe(503);
  expect(await stopping.json()).toEqual({ error: { code: "not-ready", message: "stopping" } });
});

test("[G5] metrics count requests by route and status, without a path in them", async () => {
  await get("/readyz");
  const text = await (await get("/metrics")).text();
  expect(text).toMatch(/gateway_http_requests_total\{route="\/readyz",status="2xx"\} \d+/);
  expect(text).not.toContain("package.json");
});
