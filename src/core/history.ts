import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { CallSnapshot, Disposition } from "../protocol/call.ts";
import type { Desk } from "./desk.ts";
import { type StoredEntry, readHistory } from "./stored.ts";
import type { HistoryEntry } from "./view.ts";

const KEY = "history";
/** Of one agent. */
const MOST_ENTRIES = 500;
const DAY_MS = 86_400_000;

/** Past calls of this device, newest first, as long as the deployment keeps them. Each agent sees their own. */
export interface History {
  readonly list: ReadonlySignal<readonly HistoryEntry[]>;
  load(): Promise<void>;
  add(call: CallSnapshot, disposition: Disposition | null, delivered: boolean): void;
  change(callId: string, change: Partial<Pick<HistoryEntry, "disposition" | "delivered" | "record">>): void;
  markSeen(): void;
}

export function createHistory(desk: Desk): History {
  const all = signal<readonly StoredEntry[]>([]);
  const isOwn = ({ agent }: StoredEntry): boolean => agent === desk.owner.value;
  const prune = (entries: readonly StoredEntry[]) => {
    const oldest = desk.ports.clock.now() - desk.config.history.keepDays * DAY_MS;
    const counts = new Map<string, number>();
    return entries.filter(({ agent, startedAt }) => {
      counts.set(agent, (counts.get(agent) ?? 0) + 1);
      return startedAt >= oldest && (counts.get(agent) ?? 0) <= MOST_ENTRIES;
    });
  };
  const set = (entries: readonly StoredEntry[]): void => {
    all.value = prune(entries);
    void desk.writer.put(KEY, all.peek());
  };
  return {
    list: computed(() => all.value.filter(isOwn)),
    load: async () => {
      const stored = readHistory(await desk.ports.store.get(KEY).catch(() => null));
      const known = new Set(all.peek().map(({ callId }) => callId));
      const both = [...all.peek(), ...stored.filter(({ callId }) => !known.has(callId))];
      all.value = prune(both.sort((a, b) => b.startedAt - a.startedAt));
    },
    add: (call, disposition, delivered) => {
      set([
        { agent: desk.owner.peek(), ...entryOf(call, disposition, delivered) },
        ...all.peek().filter(({ callId }) => callId !== call.callId),
      ]);
    },
    change: (callId, change) => {
      set(all.peek().map((entry) => (entry.callId === callId ? { ...entry, ...change } : entry)));
    },
    markSeen: () => {
      const isNews = (entry: StoredEntry): boolean => entry.unseen && isOwn(entry);
      if (all.peek().some(isNews)) set(all.peek().map((entry) => (isNews(entry) ? { ...entry, unseen: false } : entry)));
    },
  };
}

function entryOf(call: CallSnapshot, disposition: Disposition | null, delivered: boolean): HistoryEntry {
  const { callId, direction, remoteNumber, remoteName, record, startedAt, sipCode, sipCallId, exotelCallSid } = call;
  const endReason = call.endReason ?? "failed";
  const unseen = isMissed(call);
  return {
    callId,
    direction,
    remoteNumber,
    remoteName,
    record,
    startedAt,
    answered: call.answeredAt !== null,
    talkSeconds: talkSeconds(call),
    endReason,
    sipCode,
    sipCallId,
    exotelCallSid,
    disposition,
    delivered,
    unseen,
  };
}

/** Nobody took it here, and the agent had no say in that: the caller gave up, or the way to this phone was lost while it rang. */
export function isMissed({ direction, endReason, answeredAt }: CallSnapshot): boolean {
  return direction === "incoming" && answeredAt === null && (endReason === "missed" || endReason === "connection-lost");
}

export function talkSeconds({ answeredAt, endedAt }: CallSnapshot): number {
  return answeredAt === null || endedAt === null ? 0 : Math.max(0, Math.round((endedAt - answeredAt) / 1_000));
}
