/** A value at rest: AES-GCM under a key that scripts can use but not read out. */
interface Sealed {
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** Lives beside what it protects: whoever can copy the file still cannot read the key out of it. */
export function createKey(subtle: SubtleCrypto): Promise<CryptoKey> {
  return subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Encrypts JSON. A new initialisation vector every time (NIST SP 800-38D section 8.2). */
export async function seal(subtle: SubtleCrypto, key: CryptoKey, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
  return { key, iv, data };
}

/** @returns the value; `undefined` where it is not sealed by this code, or cannot be opened any more. */
export async function unseal(subtle: SubtleCrypto, value: unknown): Promise<unknown> {
  const sealed = readSealed(value);
  if (sealed === null) return undefined;
  const { key, iv, data } = sealed;
  try {
    return JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
  } catch {
    return undefined;
  }
}

function readSealed(value: unknown): Sealed | null {
  if (typeof value !== "object" || value === null || !("key" in value && "iv" in value && "data" in value)) return null;
  const { key, iv, data } = value;
  if (!(key instanceof CryptoKey && iv instanceof Uint8Array && data instanceof ArrayBuffer)) return null;
  return { key, iv: new Uint8Array(iv), data };
}
