import { PhoneError } from "../errors.ts";
import type { SipAccount } from "../engine-port.ts";
import type { Store, Vault } from "../ports.ts";

/** A store that outlives phones: give it to a second one and the page was reloaded. */
export class FakeStore implements Store {
  readonly records = new Map<string, string>();
  isFull = false;
  writes = 0;

  async get(key: string): Promise<unknown> {
    const text = this.records.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }
  async set(key: string, value: unknown): Promise<void> {
    this.writes += 1;
    if (this.isFull) throw new PhoneError("storage-full");
    this.records.set(key, JSON.stringify(value));
  }
  async delete(key: string): Promise<void> {
    this.records.delete(key);
  }
  async all(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    const keys = [...this.records.keys()].filter((key) => key.startsWith(prefix));
    return new Map(await Promise.all(keys.map(async (key) => [key, await this.get(key)] as const)));
  }
}

export class FakeVault implements Vault {
  account: SipAccount | null = null;

  async load(): Promise<SipAccount | null> {
    return this.account;
  }
  async save(account: SipAccount): Promise<void> {
    this.account = account;
  }
  async clear(): Promise<void> {
    this.account = null;
  }
}
