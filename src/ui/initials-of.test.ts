import { expect, it } from "vitest";
import { initialsOf } from "./initials-of.ts";

it.each([
  ["Ravi Kumar", "RK"],
  ["Venkata Subramaniam and Sons", "VS"],
  ["asha", "A"],
  ["  Ümit   (new) ", "ÜN"],
  ["रवि कुमार", "र"],
  ["क्षिति शर्मा", "क्षि"],
  ["முருகன்", "மு"],
  ["محمد علي", "م"],
  ["+91 98450 00012", null],
  ["•••••• 0012", null],
  ["", null],
])("[U12] %s is %s", (name, initials) => expect(initialsOf(name)).toBe(initials));
