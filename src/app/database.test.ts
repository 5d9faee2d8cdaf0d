import { expect, test } from "vitest";
import { createMemoryDrawer, openDatabase } from "./database.ts";
import { createStore } from "./store.ts";

test("[P87] where the browser keeps storage from this frame, records live in memory and the log says so once", async () => {
  const written: string[] = [];
  const drawers = openDatabase({ write: (level, event) => void written.push(`${level} ${event}`), text: () => "" });
  const store = createStore(drawers("records"));
  await store.set("draft:1", { notes: "hello" });
  await store.set("draft:2", { notes: "world" });
  expect(await store.get("draft:1")).toEqual({ notes: "hello" });
  expect(await drawers("secrets").get("draft:1")).toBe(undefined);
  expect(written).toEqual(["warn storage is not available, records live in memory only"]);
});

test("[P88] records come by the prefix of their keys and in order; what is deleted is gone", async () => {
  const store = createStore(createMemoryDrawer());
  for (const key of ["log:2", "log:1", "draft:1"]) await store.set(key, 1);
  expect([...(await store.all("log:"))]).toEqual([
    ["log:1", 1],
    ["log:2", 1],
  ]);
  await store.delete("log:1");
  expect([...(await store.all("log:"))]).toEqual([["log:2", 1]]);
});

test("[P88] a record is a copy: a later change of the object changes nothing", async () => {
  const store = createStore(createMemoryDrawer());
  const note = { text: "first" };
  await store.set("draft:1", note);
  note.text = "second";
  expect(await store.get("draft:1")).toEqual({ text: "first" });
});
