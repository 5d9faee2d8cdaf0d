import type { HistoryEntry } from "../core/view.ts";
import type { EndReason } from "../protocol/call.ts";
import type { HistoryFilter } from "./screen-state.ts";

/** A call that rang here and was taken by nobody here, also because the way to this phone was lost while it rang. */
export function isMissed({ direction, endReason, answered }: Pick<HistoryEntry, "direction" | "endReason" | "answered">): boolean {
  return direction === "incoming" && !answered && MISSED.has(endReason);
}
const MISSED: ReadonlySet<EndReason> = new Set(["missed", "cancelled", "connection-lost"]);

/** Words are looked for in names, records and notes; digits in the number, but not where numbers are masked. */
export function filterHistory(
  entries: readonly HistoryEntry[],
  filter: HistoryFilter,
  search: string,
  isMasked: boolean,
): readonly HistoryEntry[] {
  const words = search.trim().toLocaleLowerCase();
  const digits = words.replace(/\D/g, "");
  // "98450 00012" is a number; "flat 12" is not.
  const isNumber = digits.length >= 3 && /^[\d\s()+.-]+$/.test(words);
  return entries.filter((entry) => {
    if (filter === "missed" && !isMissed(entry)) return false;
    if ((filter === "incoming" || filter === "outgoing") && entry.direction !== filter) return false;
    if (words === "") return true;
    if (isNumber && !isMasked && entry.remoteNumber.replace(/\D/g, "").includes(digits.replace(/^0/, ""))) return true;
    const text = [entry.remoteName, entry.record?.name, entry.record?.detail, entry.disposition?.notes].join(" ");
    return text.toLocaleLowerCase().includes(words);
  });
}

/** `Today`, `Yesterday`, `Wed 18 Nov`, with the year where it is another one. */
export function dayOf(at: number, now: number): string {
  const day = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  const isThisYear = day.getFullYear() === today.getFullYear();
  return day.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
}

/** `14:05`, the agent's time. */
export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** Calls under the name of their day, in the order in which they came. */
export function groupByDay(entries: readonly HistoryEntry[], now: number): [string, readonly HistoryEntry[]][] {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.startedAt, now);
    const calls = days.get(day);
    if (calls) calls.push(entry);
    else days.set(day, [entry]);
  }
  return [...days];
}
