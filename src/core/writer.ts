import type { Store } from "./ports.ts";

/** Writes records; of several values waiting for one key only the newest is written, never two at once. */
export interface Writer {
  /** `undefined` deletes. Resolves to whether it, or something newer under that key, is durable; never rejects. */
  put(key: string, value: unknown): Promise<boolean>;
  /** The page is going: hands over what waits now, behind what is being written (the store keeps the order). */
  hurry(): void;
}

/** @param onHealth  told after every write whether everything that was put is durable. */
export function createWriter(store: Store, onHealth: (durable: boolean) => void): Writer {
  const waiting = new Map<string, unknown>();
  const running = new Map<string, Promise<boolean>>();
  const failed = new Set<string>();
  const once = async (key: string): Promise<void> => {
    const value = waiting.get(key);
    waiting.delete(key);
    try {
      await (value === undefined ? store.delete(key) : store.set(key, value));
      failed.delete(key);
    } catch {
      failed.add(key);
    }
    onHealth(failed.size === 0);
  };
  const write = async (key: string): Promise<boolean> => {
    while (waiting.has(key)) await once(key);
    running.delete(key);
    return !failed.has(key);
  };
  return {
    put: (key, value) => {
      waiting.set(key, value);
      const promise = running.get(key) ?? write(key);
      running.set(key, promise);
      return promise;
    },
    hurry: () => {
      for (const key of waiting.keys()) void once(key);
    },
  };
}
