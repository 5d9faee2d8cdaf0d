import { expect, test } from "vitest";
import fc from "fast-check";
import { asciiOnly } from "./ascii-only.ts";

const text = fc.string({ unit: "binary" });

test("a text says the same, and is ASCII", () => {
  fc.assert(
    fc.property(text, (said) => {
      // As a minifier writes it: only what must be escaped is.
      const written = asciiOnly(JSON.stringify(said));
      expect(written).toMatch(/^[\0-\x7f]*$/);
      expect(JSON.parse(written)).toBe(said);
    }),
  );
});

test("a pattern finds the same", () => {
  const pattern = new Function(`return ${asciiOnly("/^[À-ÿ😀]+…$/u")}`)() as RegExp;
  expect(pattern.test("Éé😀…")).toBe(true);
  expect(pattern.test("e…")).toBe(false);
});
