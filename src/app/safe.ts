import type { Store } from "../core/ports.ts";
import type { Drawer } from "./database.ts";
import { createKey, seal, unseal } from "./sealed.ts";

/**
 * Encrypted records, written many times a call: one key for each page. Written without waiting for the disk, so that they
 * survive a page and its process, not a power cut; a call survives neither.
 */
export function createSafe(drawer: Drawer): Store {
  const { subtle } = crypto;
  let key: Promise<CryptoKey> | null = null;
  return {
    get: async (name) => unseal(subtle, await drawer.get(name)),
    async set(name, value) {
      key ??= createKey(subtle);
      await drawer.put(name, await seal(subtle, await key, value), { isQuick: true });
    },
    delete: (name) => drawer.delete(name),
    async all(prefix) {
      const sealed = [...(await drawer.all(prefix))];
      return new Map(await Promise.all(sealed.map(async ([name, value]) => [name, await unseal(subtle, value)] as const)));
    },
  };
}
