import type { SipAccount } from "../core/engine-port.ts";
import type { Vault } from "../core/ports.ts";
import type { Drawer } from "./database.ts";
import { createKey, seal, unseal } from "./sealed.ts";

const KEY = "account";

/**
 * Keeps the account encrypted (AES-GCM) under a key that scripts can use but not read out. A new key and a new
 * initialisation vector for every save.
 *
 * @param hide  told each password, so that the log never shows one.
 */
export function createVault(drawer: Drawer, hide: (secret: string) => void): Vault {
  const { subtle } = crypto;
  // Encrypting takes a moment: a sign-out within it must be what stays.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    async load() {
      const sealed = await drawer.get(KEY);
      if (sealed === undefined) return null;
      const account = readAccount(await unseal(subtle, sealed));
      if (account) hide(account.password);
      // What cannot be read any more is of no use to anybody.
      else await drawer.delete(KEY);
      return account;
    },
    save(account) {
      hide(account.password);
      return inTurn(async () => drawer.put(KEY, await seal(subtle, await createKey(subtle), account)));
    },
    clear: () => inTurn(() => drawer.delete(KEY)),
  };
}

function readAccount(value: unknown): SipAccount | null {
  if (typeof value !== "object" || value === null) return null;
  const { user, password, domain, proxy, displayName } = value as Partial<Record<keyof SipAccount, unknown>>;
  if (typeof user !== "string" || typeof password !== "string" || typeof domain !== "string") return null;
  if (typeof proxy !== "string" || typeof displayName !== "string") return null;
  return { user, password, domain, proxy, displayName };
}
