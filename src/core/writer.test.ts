import { expect, test } from "vitest";
import { settled } from "./fakes/clock.ts";
import { FakeStore } from "./fakes/store.ts";
import { createWriter } from "./writer.ts";

test("[P99] of many values for one key the newest is written last, and few in between", async () => {
  const store = new FakeStore();
  const writer = createWriter(store, () => {});
  await Promise.all(Array.from({ length: 100 }, (_, n) => writer.put("draft:1", n)));
  expect(await store.get("draft:1")).toBe(99);
  expect(store.writes).toBe(2);
});

test("[P99] a deletion is not overtaken by what came before it", async () => {
  const store = new FakeStore();
  const writer = createWriter(store, () => {});
  void writer.put("draft:1", "a");
  await writer.put("draft:1", undefined);
  expect(store.records.size).toBe(0);
});

test("[P99] it is well again only when nothing is left unwritten", async () => {
  const store = new FakeStore();
  const health: boolean[] = [];
  const writer = createWriter(store, (durable) => health.push(durable));
  store.isFull = true;
  expect(await writer.put("a", 1)).toBe(false);
  store.isFull = false;
  expect(await writer.put("b", 1)).toBe(true);
  expect(await writer.put("a", 2)).toBe(true);
  await settled();
  expect(health).toEqual([false, false, true]);
});

class StuckStore extends FakeStore {
  readonly handed: unknown[] = [];
  override set(_key: string, value: unknown): Promise<void> {
    this.handed.push(value);
    return new Promise(() => {});
  }
}

test("[P99] a page that is being left hands over what waits without waiting for what is being written", () => {
  const store = new StuckStore();
  const writer = createWriter(store, () => {});
  void writer.put("draft:1", "a");
  void writer.put("draft:1", "ab");
  expect(store.handed).toEqual(["a"]);
  writer.hurry();
  expect(store.handed).toEqual(["a", "ab"]);
});
