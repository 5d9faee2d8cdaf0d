import { ORPHAN_GRACE_MS, type GatewayPayload, type OrphanState } from "../../src/protocol/gateway.ts";
import { hearOwner, type Ownership, ownershipState, UNHEARD } from "../../src/protocol/ownership.ts";

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
  ownership: Ownership;
  /** Undo of the grace, while it runs. */
  stop: (() => void) | null;
}

/** Anybody can name calls that never were; what is kept of them must end somewhere. */
const MOST_CALLS = 10_000;

export function createOrphans({ after, hangUp }: OrphansOptions): Orphans {
  const entries = new Map<string, Entry>();
  const entryOf = (callId: string): Entry => {
    const entry = entries.get(callId) ?? { ownership: UNHEARD, stop: null };
    // The newest last: the oldest is the first to go.
    entries.delete(callId);
    entries.set(callId, entry);
    const oldest = entries.size > MOST_CALLS ? [...entries].find(([, { stop }]) => stop === null) : undefined;
    if (oldest) entries.delete(oldest[0]);
    return entry;
  };
  const hear = (callId: string, message: "orphaned" | "owned", epoch: number, end: (entry: Entry) => void): OrphanState => {
    const entry = entryOf(callId);
    const { after: next, grace } = hearOwner(entry.ownership, message, epoch);
    entry.ownership = next;
    if (grace !== "as-it-was") entry.stop?.();
    if (grace === "stops") entry.stop = null;
    if (grace === "begins") entry.stop = after(ORPHAN_GRACE_MS, () => end(entry));
    return ownershipState(next);
  };
  return {
    orphaned: ({ callId, epoch }, sid) =>
      hear(callId, "orphaned", epoch, (entry) => {
        entry.stop = null;
        entry.ownership = { ...entry.ownership, ended: true };
        hangUp(sid);
      }),
    owned: ({ callId, epoch }) => hear(callId, "owned", epoch, () => {}),
    close() {
      for (const { stop } of entries.values()) stop?.();
      entries.clear();
    },
  };
}
