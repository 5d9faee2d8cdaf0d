import type { Store } from "../core/ports.ts";
import type { Drawer } from "./database.ts";

/** The phone's records: drafts, undelivered call logs, history, choices. Never a secret. */
export function createStore(drawer: Drawer): Store {
  return {
    get: (key) => drawer.get(key),
    set: (key, value) => drawer.put(key, value),
    delete: (key) => drawer.delete(key),
    all: (prefix) => drawer.all(prefix),
  };
}
