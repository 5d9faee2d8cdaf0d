import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

const served = (body: string, status = 200) => loadConfig("/config.json", async () => new Response(body, { status }));

test("[P97] the configuration that ships is valid", async () => {
  expect(await served(readFileSync("public/config.json", "utf8"))).toMatchObject({ kind: "loaded" });
});

test.each([
  ["{", "not valid JSON"],
  ['{"sip":{},"colour":"red"}', "colour: "],
])("[P97] %j is broken, and the problem is named", async (body, start) => {
  const result = await served(body);
  expect(result).toMatchObject({ kind: "broken" });
  expect(result.kind === "broken" && result.problems.some((problem) => problem.startsWith(start))).toBe(true);
});

test("[P97] a file that is not there and a server that does not answer are worth another try", async () => {
  expect(await served("", 404)).toEqual({ kind: "missing", problem: "the server answered 404" });
  const dead = loadConfig("/config.json", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await dead).toEqual({ kind: "missing", problem: "the server did not answer" });
});
