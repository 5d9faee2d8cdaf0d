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
  const open = (tab = new StorageDouble()) =>
    createExpectation(
      () => storage,
      () => tab,
    );
  const first = open();
  expect(first.engine).toBeNull();
  first.remember("sipjs");
  first.remember("sipjs");
  expect(storage.writes).toBe(1);
  const next = open();
  expect(next.engine).toBe("sipjs");
  next.remember(null);
  expect(open().engine).toBeNull();
});

test("a call is known to the next page of its tab alone, until it is over", () => {
  const storage = new StorageDouble();
  const tab = new StorageDouble();
  const open = (place = tab) =>
    createExpectation(
      () => storage,
      () => place,
    );
  open().rememberCall("{}");
  expect(open().settings).toBe("{}");
  expect(open(new StorageDouble()).settings).toBeNull();
  open().rememberCall(null);
  expect(open().settings).toBeNull();
});

test("a frame without storage expects nothing and breaks nothing", () => {
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  const denied = createExpectation(refuse, refuse);
  expect(denied.engine).toBeNull();
  expect(denied.settings).toBeNull();
  denied.remember("sipjs");
  denied.rememberCall("{}");
});
