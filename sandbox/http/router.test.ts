import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createRouter, HttpError, json, jsonBody, type HttpRoute } from "./router.ts";
import { serveOnFreePort } from "./serve-on-free-port.ts";

const routes: readonly HttpRoute[] = [
  ["GET", "/things/:id", ({ params, query }) => json(200, { id: params["id"], q: query.get("q") })],
  ["POST", "/things/:id", async (given) => json(201, await jsonBody(given))],
  [
    "GET",
    "/broken",
    () => {
      throw new HttpError(418, "a teapot");
    },
  ],
  ["GET", "/files/*", ({ path }) => ({ status: 200, body: path })],
];
let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function serve(): Promise<string> {
  const served = await serveOnFreePort(createRouter(routes));
  ({ close } = served);
  return served.base;
}

test("[X40] names in a pattern are decoded, the query is read, and HEAD is a GET without its body", async () => {
  const base = await serve();
  expect(await (await fetch(`${base}/things/a%20b?q=%2B91`)).json()).toEqual({ id: "a b", q: "+91" });
  const head = await fetch(`${base}/things/a`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "19", ""]);
  expect(await (await fetch(`${base}/files/a/b`)).text()).toBe("/files/a/b");
});

test.each([
  ["GET", "/nothing", undefined, 404, "nothing is here"],
  ["DELETE", "/things/a", undefined, 405, "use GET or POST"],
  ["POST", "/things/a", "{", 400, "the body must be JSON"],
  ["POST", "/things/a", `"${"x".repeat(1_000_001)}"`, 413, "the body is larger than 1 MB"],
  ["GET", "/broken", undefined, 418, "a teapot"],
  ["GET", "/things/%ff", undefined, 400, "the address is not readable"],
])("[X41] %s %s is answered with what is wrong", async (method, path, body, status, error) => {
  const base = await serve();
  const response = await fetch(`${base}${path}`, { method, ...(body === undefined ? {} : { body }) });
  expect([response.status, await response.json()]).toEqual([status, { error }]);
});

test("[X42] a page of another origin cannot change anything, and a foreign name for this machine reads nothing", async () => {
  const base = await serve();
  const post = (origin: string) => fetch(`${base}/things/a`, { method: "POST", body: "{}", headers: { origin } });
  expect((await post("https://evil.example.com")).status).toBe(403);
  expect((await post("null")).status).toBe(403);
  expect((await post(base)).status).toBe(201);
  const status = await new Promise((resolve, reject) => {
    // `fetch` may not set the Host header.
    request(`${base}/things/a`, { headers: { host: "evil.example.com" } }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(421);
});
