import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";
import { PhoneError } from "../core/errors.ts";
import type { Log } from "../core/ports.ts";

/** One named set of values that outlive the page. Writes reject with `PhoneError("storage-full")`. */
export interface Drawer {
  get(key: string): Promise<unknown>;
  /** @param how  `isQuick`: resolves when the value outlives this page, not when it is on disk. */
  put(key: string, value: unknown, how?: { readonly isQuick?: boolean }): Promise<void>;
  delete(key: string): Promise<void>;
  /** As `Store.all`. */
  all(prefix: string): Promise<ReadonlyMap<string, unknown>>;
}

interface Schema extends DBSchema {
  records: { key: string; value: unknown };
  secrets: { key: string; value: unknown };
}
type DrawerName = "records" | "secrets";

/**
 * IndexedDB, or memory where the browser keeps storage from this frame: the phone then works, but forgets with the
 * page, which the log says once.
 */
export function openDatabase(log: Log): (name: DrawerName) => Drawer {
  let opening: Promise<IDBPDatabase<Schema> | null> | null = null;
  const open = (): Promise<IDBPDatabase<Schema> | null> => {
    opening ??= openOnce(() => (opening = null)).catch((error: unknown) => {
      log.write("warn", "storage is not available, records live in memory only", { error });
      return null;
    });
    return opening;
  };
  return (name) => {
    const memory = createMemoryDrawer();
    const inMemoryOr = async <T>(otherwise: (drawer: Drawer) => Promise<T>): Promise<T> => {
      const database = await open();
      if (!database) return otherwise(memory);
      try {
        return await otherwise(createIndexedDrawer(database, name));
      } catch (error) {
        // The browser may have closed the connection (storage cleared, another version of the page): open it once more.
        if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw asPhoneError(error);
        opening = null;
        const again = await open();
        return otherwise(again ? createIndexedDrawer(again, name) : memory);
      }
    };
    return {
      get: (key) => inMemoryOr((drawer) => drawer.get(key)),
      put: (key, value, how) => inMemoryOr((drawer) => drawer.put(key, value, how)),
      delete: (key) => inMemoryOr((drawer) => drawer.delete(key)),
      all: (prefix) => inMemoryOr((drawer) => drawer.all(prefix)),
    };
  };
}

/** Async, because a frame that may not use storage throws at the first touch of `indexedDB`. */
async function openOnce(closed: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("softphone", 1, {
    upgrade(database) {
      database.createObjectStore("records");
      database.createObjectStore("secrets");
    },
    blocking(_current, _blocked, event) {
      // A newer page wants to change the schema; this one would keep it waiting.
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
}

function createIndexedDrawer(database: IDBPDatabase<Schema>, name: DrawerName): Drawer {
  return {
    get: (key) => database.get(name, key),
    async put(key, value, how) {
      const change = database.transaction(name, "readwrite", { durability: how?.isQuick === true ? "relaxed" : "strict" });
      const written = change.store.put(value, key);
      // At once, not when the answer is there: a page that is being left gets no answer, and its open work is undone.
      change.commit();
      await Promise.all([written, change.done]);
    },
    delete: (key) => database.delete(name, key),
    async all(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      // One way to the database and back for both.
      const { store } = database.transaction(name);
      const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range).catch(() => null)]);
      // One damaged value fails them all.
      const valueOf = async (key: string, index: number) => values?.[index] ?? (await database.get(name, key).catch(() => undefined));
      return new Map(await Promise.all(keys.map(async (key, index) => [key, await valueOf(key, index)] as const)));
    },
  };
}

export function createMemoryDrawer(): Drawer {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key),
    // Copied as IndexedDB copies it, so that a later change of the object is no change of the record.
    put: async (key, value) => void values.set(key, structuredClone(value)),
    delete: async (key) => void values.delete(key),
    all: async (prefix) => new Map([...values].filter(([key]) => key.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Whatever the reason, the record is not on disk. */
function asPhoneError(error: unknown): PhoneError {
  return error instanceof PhoneError ? error : new PhoneError("storage-full", error);
}
