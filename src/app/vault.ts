import type { SipAccount, Vault } from "../core/ports.ts";
import type { Drawer } from "./database.ts";

interface Sealed {
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

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
      const sealed = readSealed(await drawer.get(KEY));
      if (!sealed) return null;
      const account = await open(subtle, sealed);
      if (account) hide(account.password);
      // What cannot be read any more is of no use to anybody.
      else await drawer.delete(KEY);
      return account;
    },
    save(account) {
      hide(account.password);
      return inTurn(async () => drawer.put(KEY, await seal(subtle, account)));
    },
    clear: () => inTurn(() => drawer.delete(KEY)),
  };
}

async function seal(subtle: SubtleCrypto, account: SipAccount): Promise<Sealed> {
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(account)));
  return { key, iv, data };
}

async function open(subtle: SubtleCrypto, { key, iv, data }: Sealed): Promise<SipAccount | null> {
  try {
    const text = new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, key, data));
    return readAccount(JSON.parse(text));
  } catch {
    return null;
  }
}

function readSealed(value: unknown): Sealed | null {
  if (typeof value !== "object" || value === null || !("key" in value && "iv" in value && "data" in value)) return null;
  const { key, iv, data } = value;
  if (!(key instanceof CryptoKey && iv instanceof Uint8Array && data instanceof ArrayBuffer)) return null;
  return { key, iv: new Uint8Array(iv), data };
}

function readAccount(value: unknown): SipAccount | null {
  if (typeof value !== "object" || value === null) return null;
  const { user, password, domain, proxy, displayName } = value as Partial<Record<keyof SipAccount, unknown>>;
  if (typeof user !== "string" || typeof password !== "string" || typeof domain !== "string") return null;
  if (typeof proxy !== "string" || typeof displayName !== "string") return null;
  return { user, password, domain, proxy, displayName };
}
