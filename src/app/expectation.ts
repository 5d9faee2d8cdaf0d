/** What the last page of this browser needed at once. No secret: the name of an engine. */
export interface Expectation {
  /** Somebody was signed in, over this engine; `null` where nobody was, or where it is not known. */
  readonly engine: string | null;
  /** For the next page. */
  remember(engine: string | null): void;
}

const KEY = "softphone-engine";

/**
 * Read before anything else, because a database takes its time to open, and meanwhile the code of a phone that somebody is
 * signed in to can be on its way. Wrong, it costs a download that nobody needed.
 */
export function createExpectation(storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">): Expectation {
  // A frame that may not use storage throws at the first touch of it.
  const attempt = <T>(use: (place: ReturnType<typeof storage>) => T): T | null => {
    try {
      return use(storage());
    } catch {
      return null;
    }
  };
  const engine = attempt((place) => place.getItem(KEY));
  let last = engine;
  return {
    engine,
    remember: (next) => {
      if (next === last) return;
      last = next;
      attempt((place) => (next === null ? place.removeItem(KEY) : place.setItem(KEY, next)));
    },
  };
}
