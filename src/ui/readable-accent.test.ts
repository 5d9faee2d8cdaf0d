import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GROUNDS } from "./apply-brand.ts";
import { contrast, readableAccent } from "./readable-accent.ts";

const theme = readFileSync(new URL("./styles/theme.css", import.meta.url), "utf8");
const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

it("[U50] any accent can be read on either ground, and text of the ground on it", () => {
  fc.assert(
    fc.property(colour, fc.constantFrom(...Object.values(GROUNDS)), (accent, ground) => {
      const readable = readableAccent(accent, ground);
      expect(readable).toMatch(/^#[0-9a-f]{6}$/);
      expect(contrast(readable, ground)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

it("[U50] an accent that can be read already is left as it is", () => {
  expect(readableAccent("#1f5fd0", GROUNDS.light)).toBe("#1f5fd0");
});

describe.each([
  ["light", theme.slice(0, theme.indexOf("@media"))],
  ["dark", theme.slice(theme.indexOf("@media"), theme.indexOf(':root[data-theme="dark"]'))],
  ["dark by choice", theme.slice(theme.indexOf(':root[data-theme="dark"]'))],
])("the %s theme", (name, css) => {
  const light = theme.slice(0, theme.indexOf("@media"));
  const value = (token: string): string => {
    const found = new RegExp(`--color-${token}: (?:var\\(--[\\w-]+, )?(#[0-9a-f]{6})`);
    return (found.exec(css) ?? found.exec(light))?.[1] ?? "";
  };

  it.each([
    ["text", "bg"],
    ["text", "sunken"],
    ["text", "hover"],
    ["muted", "bg"],
    ["muted", "sunken"],
    ["muted", "hover"],
    ["accent", "bg"],
    ["accent", "sunken"],
    ["on-accent", "accent"],
    ["on-good", "good"],
    ["on-bad", "bad"],
    ["good-text", "bg"],
    ["bad-text", "bg"],
    ["bad-text", "bad-soft"],
    ["warn-text", "bg"],
    ["warn-text", "warn-soft"],
  ])("[U51] %s can be read on %s", (text, ground) => expect(contrast(value(text), value(ground))).toBeGreaterThanOrEqual(4.5));

  it.each([
    ["edge", "bg"],
    ["good", "bg"],
    ["bad", "bg"],
    ["warn", "bg"],
    ["warn", "warn-soft"],
  ])("[U51] %s can be seen on %s", (shape, ground) => expect(contrast(value(shape), value(ground))).toBeGreaterThanOrEqual(3));

  it("[U50] the ground that accents are made for is the harder of the theme's", () => {
    const ground = name === "light" ? GROUNDS.light : GROUNDS.dark;
    const harder = (against: string) => contrast(ground, against) <= contrast(value("sunken"), against) + 0.01;
    expect(harder(name === "light" ? "#000000" : "#ffffff")).toBe(true);
  });
});
