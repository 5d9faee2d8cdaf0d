import { expect, test } from "vitest";
import { createExpectation } from "./expectation.ts";

class StorageDouble {
  readonly values = new Map<string, string>();
  writes = 0;
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => {
    this.writes += 1;
    this.values.set(key, value);
  };
  removeItem = (key: string): void => void this.values.delete(key);
}

test("the next page knows at once what the last one needed", () => {
  const storage = new StorageDouble();
  const first = createExpectation(() => storage);
  expect(first.engine).toBeNull();
  first.remember("sipjs");
  first.remember("sipjs");
  expect(storage.writes).toBe(1);
  const next = createExpectation(() => storage);
  expect(next.engine).toBe("sipjs");
  next.remember(null);
  expect(createExpectation(() => storage).engine).toBeNull();
});

test("a frame without storage expects nothing and breaks nothing", () => {
  const denied = createExpectation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(denied.engine).toBeNull();
  denied.remember("sipjs");
});
