import { ORPHAN_GRACE_MS, type GatewayPayload, type OrphanState } from "../../src/protocol/gateway.ts";

/** Who looks after which call. The messages may come in any order and more than once: the epochs decide. */
export interface Orphans {
  /** @param sid the call as the network knows it. */
  orphaned(message: GatewayPayload<"orphaned">, sid: string): OrphanState;
  /** Of a call that was never heard of as well: the news that it is orphaned may be on its way. */
  owned(message: GatewayPayload<"owned">): OrphanState;
  close(): void;
}

interface OrphansOptions {
  /** Milliseconds; returns the undo. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly hangUp: (sid: string) => void;
}

interface Entry {
  /** Highest epochs heard of; -1 before the first. */
  owned: number;
  orphaned: number;
  /** Undo of the grace, while it runs. */
  stop: (() => void) | null;
  ended: boolean;
}

/** Anybody can name calls that never were; what is kept of them must end somewhere. */
const MOST_CALLS = 10_000;

export function createOrphans({ after, hangUp }: OrphansOptions): Orphans {
  const entries = new Map<string, Entry>();
  const entryOf = (callId: string): Entry => {
    const entry = entries.get(callId) ?? { owned: -1, orphaned: -1, stop: null, ended: false };
    // The newest last: the oldest is the first to go.
    entries.delete(callId);
    entries.set(callId, entry);
    const oldest = entries.size > MOST_CALLS ? [...entries].find(([, { stop }]) => stop === null) : undefined;
    if (oldest) entries.delete(oldest[0]);
    return entry;
  };
  const stateOf = ({ owned, orphaned, ended }: Entry): OrphanState => {
    if (ended) return "ended";
    return orphaned >= owned && orphaned >= 0 ? "waiting" : "owned";
  };
  return {
    orphaned({ callId, epoch }, sid) {
      const entry = entryOf(callId);
      if (entry.ended || epoch < entry.owned || epoch <= entry.orphaned) return stateOf(entry);
      entry.orphaned = epoch;
      entry.stop?.();
      entry.stop = after(ORPHAN_GRACE_MS, () => {
        entry.stop = null;
        entry.ended = true;
        hangUp(sid);
      });
      return "waiting";
    },
    owned({ callId, epoch }) {
      const entry = entryOf(callId);
      entry.owned = Math.max(entry.owned, epoch);
      if (entry.owned > entry.orphaned) {
        entry.stop?.();
        entry.stop = null;
      }
      return stateOf(entry);
    },
    close() {
      for (const { stop } of entries.values()) stop?.();
      entries.clear();
    },
  };
}
