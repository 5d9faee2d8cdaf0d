import { expect, test } from "vitest";
import { createMemoryDrawer } from "./database.ts";
import { createSafe } from "./safe.ts";

test("what is kept is read by the next page, and by nobody who looks at the database", async () => {
  const drawer = createMemoryDrawer();
  await createSafe(drawer).set("call:1", { account: { password: "correct-horse" }, record: { callId: "abc" } });
  expect(await createSafe(drawer).get("call:1")).toEqual({ account: { password: "correct-horse" }, record: { callId: "abc" } });
  const raw = await drawer.get("call:1");
  const { key, data } = raw as { key: CryptoKey; data: ArrayBuffer };
  expect(key.extractable).toBe(false);
  expect(Buffer.from(data).toString("latin1")).not.toContain("correct-horse");
});

test("each write has an initialisation vector of its own, under one key", async () => {
  const drawer = createMemoryDrawer();
  const safe = createSafe(drawer);
  const read = async () => (await drawer.get("call:1")) as { iv: Uint8Array; key: CryptoKey };
  await safe.set("call:1", 1);
  const first = await read();
  await safe.set("call:1", 1);
  const second = await read();
  expect(second.iv).not.toEqual(first.iv);
});

test("what was damaged, and what is gone, is nothing", async () => {
  const drawer = createMemoryDrawer();
  const safe = createSafe(drawer);
  await safe.set("call:1", 1);
  const sealed = (await drawer.get("call:1")) as object;
  await drawer.put("call:1", { ...sealed, iv: new Uint8Array(12) });
  expect(await safe.get("call:1")).toBeUndefined();
  expect([...(await safe.all("call:"))]).toEqual([["call:1", undefined]]);
  await safe.delete("call:1");
  expect(await safe.get("call:1")).toBeUndefined();
  expect((await safe.all("call:")).size).toBe(0);
});
