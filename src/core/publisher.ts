import { effect } from "@preact/signals-core";
import type { SharedEvent } from "../protocol/tabs.ts";
import type { Desk } from "./desk.ts";
import { SHOWN_KEYS, type Shown, type ShownKey, type ShownView } from "./shown.ts";

/** Sends what this phone shows and tells to the tabs that follow. */
export interface Publisher {
  /** This tab leads from now on. */
  begin(): void;
  end(): void;
  isOn(): boolean;
  /** Somebody follows, and knows nothing yet. */
  sendAll(): void;
  /** What waits to be sent goes now. */
  flush(): void;
}

/**
 * - [M1] Nothing is sent before a tab says that it follows.
 * - [M2] What changed in one go is one message; what did not change is in none. The microphone's level changes four times a
 *   second at most (`vitals.ts`).
 */
export function createPublisher(desk: Desk, shown: Shown): Publisher {
  const { tabs, newId } = desk.ports;
  const changed = new Set<ShownKey>();
  let told: SharedEvent[] = [];
  let leader: string | null = null;
  let sequence = 0;
  let isWatched = false;
  let isPlanned = false;
  let isFull = false;

  const flush = (): void => {
    isPlanned = false;
    if (leader !== null && isWatched && (isFull || changed.size + told.length > 0)) {
      sequence += 1;
      tabs.post({ type: "state", leader, sequence, full: isFull, view: viewOf(shown, isFull ? SHOWN_KEYS : [...changed]), told });
    }
    changed.clear();
    told = [];
    isFull = false;
  };
  const plan = (): void => {
    if (isPlanned || !isWatched) return;
    isPlanned = true;
    void Promise.resolve().then(() => isPlanned && flush());
  };
  desk.scope.add(
    watchKeys(shown, (key) => {
      changed.add(key);
      plan();
    }),
  );
  desk.scope.add(
    desk.teller.onShared((event) => {
      if (isWatched) told.push(event);
      plan();
    }),
  );
  return {
    begin: () => {
      leader = newId();
      sequence = 0;
      isWatched = false;
      tabs.post({ type: "leads", leader });
    },
    end: () => {
      leader = null;
      isWatched = false;
    },
    isOn: () => leader !== null,
    sendAll: () => {
      isWatched = true;
      isFull = true;
      plan();
    },
    flush,
  };
}

function watchKeys(shown: Shown, changed: (key: ShownKey) => void): () => void {
  const undo = SHOWN_KEYS.map((key) =>
    effect(() => {
      void shown[key].value;
      changed(key);
    }),
  );
  return () => undo.forEach((run) => run());
}

function viewOf(shown: Shown, keys: readonly ShownKey[]): Partial<ShownView> {
  return Object.fromEntries(keys.map((key) => [key, shown[key].peek()]));
}
