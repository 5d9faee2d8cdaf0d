import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

const served = (body: string, status = 200) => loadConfig("/config.json", async () => new Response(body, { status }));

test("[P97] the configuration that ships is valid", async () => {
  expect(await served(readFileSync("public/config.json", "utf8"))).toMatchObject({ ok: true });
});

test.each([
  ["", 404, "/config.json could not be loaded: the server answered 404"],
  ["{", 200, "/config.json is not valid JSON"],
  ['{"sip":{},"colour":"red"}', 200, "colour"],
])("[P97] %j with status %i is told in a sentence", async (body, status, sentence) => {
  const result = await served(body, status);
  expect(result.ok ? "" : result.problems.join("\n")).toContain(sentence);
});

test("[P97] a server that does not answer is told in a sentence", async () => {
  const result = await loadConfig("/config.json", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(result).toEqual({ ok: false, problems: ["/config.json could not be loaded: the server did not answer"] });
});
