import { signal } from "@preact/signals-core";
import type { Disposition } from "../protocol/call.ts";
import type { WorkView } from "./view.ts";
import { merge } from "./work.ts";

type Change = Partial<Disposition>;

/** What was typed about one call in a tab that follows. */
interface Typed {
  /** Not known to have arrived. */
  readonly pending: Change | null;
  /** Acknowledged by the leader that is. */
  readonly known: Change;
  /** Counts keystrokes. */
  readonly version: number;
}

/** Words of a tab that follows: shown at once, sent to the leading tab, sent again where they may not have arrived. */
export interface TypedWords {
  /** What is typed lies over what the leader says, until the leader has it. Reads a signal. */
  over(work: WorkView | null): WorkView | null;
  type(callId: string, change: Change): void;
  /** Whoever has the phone shows this call's work: what is not known to have arrived is written again. */
  resend(callId: string): void;
  /**
   * The leader is gone, and what it had acknowledged may be lost with it: unless somebody wrote over it since (`last`: the
   * leader's last word), it counts as not arrived.
   */
  leaderGone(last: WorkView | null): void;
  /** That call's work is finished. */
  finished(callId: string): void;
  /** Calls about which something was typed here. */
  calls(): readonly string[];
}

/**
 * - [M40] Words are there at once, and in every other tab when the leader has them.
 * - [M41] They never jump back: an older echo does not overwrite what was typed since.
 * - [M42] Of two tabs the last one to write a field wins; other fields stay.
 * - [M43] What is not known to have arrived is written again when the leader is heard.
 * - [M44] It survives the leader: whoever leads next gets it.
 * - [M45] So does what the leader had acknowledged and perhaps not written down, unless somebody wrote over it.
 *
 * @param write  resolves when whoever has the phone has it.
 */
export function createTypedWords(write: (callId: string, change: Change) => Promise<unknown>): TypedWords {
  const typed = signal<ReadonlyMap<string, Typed>>(new Map());
  const of = (callId: string): Typed => typed.peek().get(callId) ?? { pending: null, known: {}, version: 0 };
  const set = (callId: string, next: Typed): void => void (typed.value = new Map(typed.peek()).set(callId, next));
  const send = async (callId: string): Promise<void> => {
    const { pending, version } = of(callId);
    if (pending === null) return;
    try {
      // All that is not known to have arrived: a keystroke that was lost is made good by the next.
      await write(callId, pending);
    } catch {
      return;
    }
    const now = of(callId);
    // An older acknowledgement says nothing about what was typed since.
    if (now.version === version) set(callId, { ...now, pending: null, known: both(now.known, pending) });
  };
  return {
    over: (work) => {
      const pending = work === null ? null : (typed.value.get(work.callId)?.pending ?? null);
      if (work === null || pending === null) return work;
      const disposition = merge(work.disposition, pending);
      return { ...work, disposition, missing: work.missing.filter((id) => disposition.fields[id] === undefined) };
    },
    type: (callId, change) => {
      const before = of(callId);
      set(callId, { ...before, pending: both(before.pending ?? {}, change), version: before.version + 1 });
      void send(callId);
    },
    resend: (callId) => void send(callId),
    leaderGone: (last) => {
      if (last === null) return;
      const before = of(last.callId);
      const lost = stillSaid(before.known, last.disposition);
      if (lost !== null) set(last.callId, { ...before, pending: both(lost, before.pending ?? {}), known: {} });
    },
    finished: (callId) => {
      const left = new Map(typed.peek());
      if (left.delete(callId)) typed.value = left;
    },
    calls: () => [...typed.peek().keys()],
  };
}

function both(before: Change, change: Change): Change {
  const fields = { ...before.fields, ...change.fields };
  return { ...before, ...change, ...(Object.keys(fields).length > 0 && { fields }) };
}

/** What of a change nobody has written over since; `null` where there is nothing. */
function stillSaid(change: Change, said: Disposition): Change | null {
  const fields = Object.entries(change.fields ?? {}).filter(([id, value]) => (said.fields[id] ?? "") === value);
  const { notes, followUp } = change;
  const still: Change = {
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
    ...(notes !== undefined && notes === said.notes && { notes }),
    ...(followUp !== undefined && JSON.stringify(followUp) === JSON.stringify(said.followUp) && { followUp }),
  };
  return Object.keys(still).length > 0 ? still : null;
}
