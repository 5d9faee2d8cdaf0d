import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { leads } from "../crm/leads.ts";
import { BEHAVIOUR_BY_LAST_DIGITS, customerForNumber } from "./customer-for-number.ts";

test("[X14] the README's table of endings is the one that is used", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| (\d\d) \| ([\w-]+) \|$/gm)].map(([, ending, behaviour]) => [ending, behaviour]);
  expect(Object.fromEntries(rows)).toEqual(BEHAVIOUR_BY_LAST_DIGITS);
});

test.each([
  ["+91 80000 00004", "busy"],
  ["09052161105", "no-answer"],
  ["98450 00099", "speaks"],
  ["4", "speaks"],
])("[X14] the customer at %s: %s", (number, behaviour) => {
  expect(customerForNumber(number).behaviour).toBe(behaviour);
});

test("[X14] every behaviour that a number can have has a lead to click", () => {
  const behaviours = new Set(leads.map((lead) => customerForNumber(lead.number).behaviour));
  expect([...behaviours].sort()).toEqual(Object.values(BEHAVIOUR_BY_LAST_DIGITS).sort());
});
