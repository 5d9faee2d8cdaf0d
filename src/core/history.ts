import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { CallSnapshot, Disposition } from "../protocol/call.ts";
import type { Desk } from "./desk.ts";
import { readHistory } from "./stored.ts";
import type { HistoryEntry } from "./view.ts";

const KEY = "history";
const MOST_ENTRIES = 500;
const DAY_MS = 86_400_000;

/** Past calls of this device, newest first, as long as the deployment keeps them. */
export interface History {
  readonly list: ReadonlySignal<readonly HistoryEntry[]>;
  load(): Promise<void>;
  add(call: CallSnapshot, disposition: Disposition | null, delivered: boolean): void;
  change(callId: string, change: Partial<Pick<HistoryEntry, "disposition" | "delivered" | "record">>): void;
  markSeen(): void;
}

export function createHistory(desk: Desk): History {
  const list = signal<readonly HistoryEntry[]>([]);
  const prune = (entries: readonly HistoryEntry[]) => {
    const oldest = desk.ports.clock.now() - desk.config.history.keepDays * DAY_MS;
    return entries.filter((entry) => entry.startedAt >= oldest).slice(0, MOST_ENTRIES);
  };
  const set = (entries: readonly HistoryEntry[]): void => {
    list.value = prune(entries);
    void desk.writer.put(KEY, list.peek());
  };
  return {
    list,
    load: async () => {
      const stored = readHistory(await desk.ports.store.get(KEY).catch(() => null));
      const known = new Set(list.peek().map(({ callId }) => callId));
      const both = [...list.peek(), ...stored.filter(({ callId }) => !known.has(callId))];
      list.value = prune(both.sort((a, b) => b.startedAt - a.startedAt));
    },
    add: (call, disposition, delivered) => {
      set([entryOf(call, disposition, delivered), ...list.peek().filter(({ callId }) => callId !== call.callId)]);
    },
    change: (callId, change) => {
      set(list.peek().map((entry) => (entry.callId === callId ? { ...entry, ...change } : entry)));
    },
    markSeen: () => {
      if (list.peek().some(({ unseen }) => unseen)) set(list.peek().map((entry) => ({ ...entry, unseen: false })));
    },
  };
}

function entryOf(call: CallSnapshot, disposition: Disposition | null, delivered: boolean): HistoryEntry {
  const { callId, direction, remoteNumber, remoteName, record, startedAt } = call;
  const endReason = call.endReason ?? "failed";
  const unseen = direction === "incoming" && endReason === "missed";
  return {
    callId,
    direction,
    remoteNumber,
    remoteName,
    record,
    startedAt,
    talkSeconds: talkSeconds(call),
    endReason,
    disposition,
    delivered,
    unseen,
  };
}

export function talkSeconds({ answeredAt, endedAt }: CallSnapshot): number {
  return answeredAt === null || endedAt === null ? 0 : Math.max(0, Math.round((endedAt - answeredAt) / 1_000));
}
