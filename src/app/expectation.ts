/** What the last page of this browser, or of this tab, needed at once. No secret: the name of an engine, and public settings. */
export interface Expectation {
  /** Somebody was signed in, over this engine; `null` where nobody was, or where it is not known. */
  readonly engine: string | null;
  /** The page before this one in this tab had a call that was answered: the text of the `config.json` it had it with. */
  readonly settings: string | null;
  /** For the next page. */
  remember(engine: string | null): void;
  /** `null`: there is no call. */
  rememberCall(settings: string | null): void;
}

type Place = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const ENGINE = "softphone-engine";
const CALL = "softphone-in-call";

/**
 * Read before anything else, because a database takes its time to open, and meanwhile the code of a phone that somebody is
 * signed in to can be on its way. Wrong, it costs a download that nobody needed.
 *
 * @param browser  shared by all tabs.
 * @param tab  ends with its tab.
 */
export function createExpectation(browser: () => Place, tab: () => Place): Expectation {
  const engine = createRemembered(browser, ENGINE);
  const call = createRemembered(tab, CALL);
  return {
    engine: engine.found,
    settings: call.found,
    remember: engine.remember,
    rememberCall: call.remember,
  };
}

function createRemembered(place: () => Place, key: string) {
  // A frame that may not use storage throws at the first touch of it.
  const attempt = <T>(use: (storage: Place) => T): T | null => {
    try {
      return use(place());
    } catch {
      return null;
    }
  };
  const found = attempt((storage) => storage.getItem(key));
  let last = found;
  return {
    found,
    remember: (next: string | null): void => {
      if (next === last) return;
      last = next;
      attempt((storage) => (next === null ? storage.removeItem(key) : storage.setItem(key, next)));
    },
  };
}
