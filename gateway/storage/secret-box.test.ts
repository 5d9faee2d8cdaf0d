import { expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const box = createSecretBox(key);

test("[G7] what is sealed opens with the same key and owner, and looks different each time", () => {
  const sealed = box.seal("pässword", "asha");
  expect(box.open(sealed, "asha")).toBe("pässword");
  expect(box.seal("pässword", "asha")).not.toBe(sealed);
  expect(sealed).not.toContain("word");
});

test("[G7] another owner, another key or a changed byte does not open", () => {
  const sealed = box.seal("password", "asha");
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
  expect(() => box.open(sealed, "ravi")).toThrow("authenticate");
  expect(() => createSecretBox(Buffer.alloc(32, 8).toString("base64")).open(sealed, "asha")).toThrow("authenticate");
  expect(() => box.open(changed, "asha")).toThrow("authenticate");
  expect(() => box.open("1.AAAA", "asha")).toThrow("not a sealed text");
});
