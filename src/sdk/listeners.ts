import type { Phone } from "./softphone.d.ts";

export interface Listeners {
  readonly on: Phone["on"];
  /** A listener that throws does not keep the others from hearing. */
  tell(type: string, event: unknown): void;
  clear(): void;
}

export function createListeners(): Listeners {
  let entries: readonly { readonly type: string; readonly listener: (event: never) => void }[] = [];
  return {
    on(type, listener) {
      const entry = { type, listener };
      entries = [...entries, entry];
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    tell(type, event) {
      for (const entry of entries) {
        if (entry.type !== type) continue;
        try {
          entry.listener(event as never);
        } catch (error) {
          reportError(error);
        }
      }
    },
    clear() {
      entries = [];
    },
  };
}
