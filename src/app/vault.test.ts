import { describe, expect, test } from "vitest";
import type { SipAccount } from "../core/engine-port.ts";
import { createMemoryDrawer } from "./database.ts";
import { createVault } from "./vault.ts";

const asha: SipAccount = {
  user: "asha",
  password: "hunter22",
  domain: "acme1.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};
const setUp = () => {
  const drawer = createMemoryDrawer();
  const hidden: string[] = [];
  return { drawer, hidden, vault: createVault(drawer, (secret) => hidden.push(secret)) };
};

describe("the vault", () => {
  test("[P90] gives back what it was given, also to the next page", async () => {
    const { drawer, vault } = setUp();
    await vault.save(asha);
    expect(await createVault(drawer, () => undefined).load()).toEqual(asha);
  });

  test("[P91] nothing readable is stored, and the key cannot be exported", async () => {
    const { drawer, vault } = setUp();
    await vault.save(asha);
    const stored = (await drawer.get("account")) as { key: CryptoKey; iv: Uint8Array; data: ArrayBuffer };
    expect(stored.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", stored.key)).rejects.toThrow("extractable");
    expect(Buffer.from(stored.data).includes("hunter22")).toBe(false);
    expect(Buffer.from(stored.data).includes("asha")).toBe(false);
  });

  test("[P91] two saves of the same account look different", async () => {
    const { drawer, vault } = setUp();
    const data: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      await vault.save(asha);
      data.push(Buffer.from(((await drawer.get("account")) as { data: ArrayBuffer }).data).toString("hex"));
    }
    expect(data[0]).not.toBe(data[1]);
  });

  test("[P92] the log is told each password before anything else can write it", async () => {
    const { drawer, vault, hidden } = setUp();
    await vault.save(asha);
    await createVault(drawer, (secret) => hidden.push(secret)).load();
    expect(hidden).toEqual(["hunter22", "hunter22"]);
  });

  test("[P93] what cannot be opened any more is gone, and no error", async () => {
    const { drawer, vault } = setUp();
    await vault.save(asha);
    const stored = (await drawer.get("account")) as { key: CryptoKey; iv: Uint8Array; data: ArrayBuffer };
    new Uint8Array(stored.data)[0]! ^= 1;
    await drawer.put("account", stored);
    expect(await vault.load()).toBe(null);
    expect(await drawer.get("account")).toBe(undefined);
  });

  test("[P93] a record of another shape is no account", async () => {
    const { drawer, vault } = setUp();
    for (const value of [null, 1, {}, { key: 1, iv: 2, data: 3 }]) {
      await drawer.put("account", value);
      expect(await vault.load()).toBe(null);
    }
  });

  test("[P94] cleared is cleared, also while a save is on its way", async () => {
    const { vault, drawer } = setUp();
    await Promise.all([vault.save(asha), vault.clear()]);
    expect(await drawer.get("account")).toBe(undefined);
  });

  test("[P94] cleared is cleared", async () => {
    const { vault } = setUp();
    await vault.save(asha);
    await vault.clear();
    expect(await vault.load()).toBe(null);
  });
});
