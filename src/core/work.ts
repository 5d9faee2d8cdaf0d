import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import type { CallSnapshot, Disposition } from "../protocol/call.ts";
import type { Config } from "../protocol/config.ts";
import type { Desk } from "./desk.ts";
import { steady } from "./steady.ts";
import { type StoredDraft, readDraft } from "./stored.ts";
import type { WorkView } from "./view.ts";

const PREFIX = "draft:";

/**
 * What is being written about calls: one draft a call, stored at every keystroke, until it is handed to the outbox.
 * A wrap-up that another call pushes aside keeps its draft and its countdown here.
 */
export interface Work {
  readonly view: ReadonlySignal<WorkView | null>;
  /** Wrap-ups that are not on the screen, the one that has waited longest first. */
  readonly aside: ReadonlySignal<readonly CallSnapshot[]>;
  /** Puts this one in front; the one in front until now has then waited shortest. `null`: it does not wait. */
  bringUp(callId: string): CallSnapshot | null;
  /** A call that is up may be written about from now on; later its newest facts. */
  follow(call: CallSnapshot): void;
  /** The call is over and waits for its words. */
  wrapUp(call: CallSnapshot): void;
  /** What was typed, and the end of its draft. */
  take(callId: string): Disposition;
  /** The draft is kept elsewhere now. */
  forget(callId: string): void;
  write(change: Partial<Disposition>): void;
  /** Ids of required fields that are empty; also shown. `null`: there is no wrap-up to save. */
  check(): { readonly callId: string; readonly missing: readonly string[] } | null;
  /** The newest wrap-up that waits, to be shown when the desk is free. */
  waiting(): CallSnapshot | null;
  callOf(callId: string): CallSnapshot | null;
  /** Writes all drafts down once more, as of now. */
  touch(): void;
  /** While the agent is signed out their work is on nobody's screen; its countdowns run on. */
  show(shown: boolean): void;
  /** Drafts that an earlier page left of the agent of now, oldest first. */
  load(): Promise<readonly StoredDraft[]>;
  adopt(draft: StoredDraft): void;
  /** What an earlier page wrote about a call that goes on here: before the call is written about again. */
  recall(callId: string): Promise<void>;
  /** Another tab, or the same agent later, takes them up from the store. */
  release(): void;
}

interface Draft {
  readonly agent: string;
  readonly call: CallSnapshot;
  readonly disposition: Disposition;
  readonly deadlineAt: number | null;
  readonly written: boolean;
  readonly missing: readonly string[];
}

export const NOTHING_WRITTEN: Disposition = { fields: {}, notes: "", followUp: null };

/**
 * @param onDeadline  the countdown of a wrap-up is over.
 * @param inFront     the call that the agent sees and writes about.
 */
export function createWork(desk: Desk, onDeadline: (callId: string) => void, inFront: () => string | null): Work {
  const drafts = signal<ReadonlyMap<string, Draft>>(new Map());
  const countdowns = createCountdowns(desk, onDeadline);
  const isShown = signal(true);
  const shown = computed(() => (isShown.value ? shownOf(drafts.value, inFront()) : null));
  const empty = () => ({ ...EMPTY, agent: desk.owner.peek() });

  const set = (draft: Draft): void => {
    drafts.value = new Map(drafts.peek()).set(draft.call.callId, draft);
    store(desk, draft);
  };
  const adopt = (draft: StoredDraft): void => set({ ...EMPTY, ...draft, written: true });
  const end = (callId: string): void => {
    countdowns.stop(callId);
    drafts.value = without(drafts.peek(), callId);
  };
  return {
    view: computed(() => (shown.value === null ? null : viewOf(shown.value))),
    aside: steady(() => asideOf(drafts.value, shown.value), sameCalls),
    bringUp: (callId) => {
      const draft = drafts.peek().get(callId);
      if (draft === undefined || !isOver(draft)) return null;
      drafts.value = new Map(without(drafts.peek(), callId)).set(callId, draft);
      return draft.call;
    },
    follow: (call) => set({ ...(drafts.peek().get(call.callId) ?? empty()), call }),
    wrapUp: (call) => {
      const draft = drafts.peek().get(call.callId) ?? empty();
      const deadlineAt = draft.deadlineAt ?? deadline(desk);
      set({ ...draft, call, deadlineAt });
      if (deadlineAt !== null) countdowns.start(call.callId, deadlineAt);
    },
    take: (callId) => {
      const words = drafts.peek().get(callId)?.disposition ?? NOTHING_WRITTEN;
      end(callId);
      return words;
    },
    forget: (callId) => void desk.writer.put(PREFIX + callId, undefined),
    write: (change) => {
      const draft = shown.peek();
      if (draft === null) return;
      set(written(draft, change));
    },
    check: () => {
      const checked = checkedBy(desk, shown.peek());
      if (checked !== null && checked.missing.length > 0) set(checked);
      return checked === null ? null : { callId: checked.call.callId, missing: checked.missing };
    },
    waiting: () => (isShown.peek() ? ([...drafts.peek().values()].findLast(isOver)?.call ?? null) : null),
    callOf: (callId) => drafts.peek().get(callId)?.call ?? null,
    touch: () => drafts.peek().forEach((draft) => store(desk, draft)),
    show: (next) => void (isShown.value = next),
    load: () => load(desk, drafts.peek()),
    recall: async (callId) => {
      const draft = await stored(desk, callId);
      if (draft !== null && !drafts.peek().has(callId)) adopt(draft);
    },
    release: () => [...drafts.peek().keys()].forEach(end),
    adopt,
  };
}

function deadline({ config: { wrapUp }, ports: { clock } }: Desk): number | null {
  return wrapUp.seconds === 0 ? null : clock.now() + wrapUp.seconds * 1_000;
}

function sameCalls(a: readonly CallSnapshot[], b: readonly CallSnapshot[]): boolean {
  return a.length === b.length && a.every((call, index) => call === b[index]);
}

function asideOf(drafts: ReadonlyMap<string, Draft>, shown: Draft | null): readonly CallSnapshot[] {
  return [...drafts.values()].filter((draft) => draft !== shown && isOver(draft)).map(({ call }) => call);
}

/** `null`: nothing is to be saved. */
function checkedBy({ config }: Desk, draft: Draft | null): Draft | null {
  return draft === null || !isOver(draft) ? null : { ...draft, missing: missingIn(draft.disposition, config) };
}

function createCountdowns({ ports: { clock }, scope }: Desk, onDeadline: (callId: string) => void) {
  const running = new Map<string, () => void>();
  const stop = (callId: string): void => {
    running.get(callId)?.();
    running.delete(callId);
  };
  scope.add(() => [...running.keys()].forEach(stop));
  return {
    stop,
    start: (callId: string, deadlineAt: number) => {
      stop(callId);
      running.set(
        callId,
        clock.after(Math.max(0, deadlineAt - clock.now()), () => onDeadline(callId)),
      );
    },
  };
}

async function load(desk: Desk, known: ReadonlyMap<string, Draft>): Promise<readonly StoredDraft[]> {
  const { store: records } = desk.ports;
  const agent = desk.owner.peek();
  const read = await records.all(PREFIX).catch(() => new Map<string, unknown>());
  const found = [...read.values()].map(readDraft).filter((draft) => draft !== null);
  const own = found.filter((draft) => draft.agent === agent && agent === desk.owner.peek());
  return own.filter((draft) => !known.has(draft.call.callId)).sort((a, b) => a.call.startedAt - b.call.startedAt);
}

async function stored({ ports }: Desk, callId: string): Promise<StoredDraft | null> {
  return readDraft(await ports.store.get(PREFIX + callId).catch(() => null));
}

/** A ring that nobody took yet has nothing worth keeping. */
function store(desk: Desk, draft: Draft): void {
  const { agent, call, disposition, deadlineAt } = draft;
  if (call.answeredAt === null && !draft.written && !isOver(draft)) return;
  const record: StoredDraft = { agent, call, disposition, deadlineAt, seenAt: desk.ports.clock.now() };
  void desk.writer.put(PREFIX + call.callId, record);
}

/** The call in front, else one that is up before the wrap-ups; of those the newest. */
function shownOf(drafts: ReadonlyMap<string, Draft>, inFront: string | null): Draft | null {
  const all = [...drafts.values()];
  return drafts.get(inFront ?? "") ?? all.findLast((draft) => !isOver(draft)) ?? all.at(-1) ?? null;
}

function without(drafts: ReadonlyMap<string, Draft>, callId: string): ReadonlyMap<string, Draft> {
  return new Map([...drafts].filter(([id]) => id !== callId));
}

function missingIn({ fields }: Disposition, { wrapUp }: Config): readonly string[] {
  return wrapUp.fields.filter(({ id, required }) => required && fields[id] === undefined).map(({ id }) => id);
}

function isOver({ call }: Draft): boolean {
  return call.endedAt !== null;
}

function written(draft: Draft, change: Partial<Disposition>): Draft {
  const disposition = merge(draft.disposition, change);
  const missing = draft.missing.filter((id) => disposition.fields[id] === undefined);
  return { ...draft, disposition, missing, written: true };
}

export function merge(before: Disposition, change: Partial<Disposition>): Disposition {
  const fields = Object.entries({ ...before.fields, ...change.fields }).filter(([, value]) => value.trim() !== "");
  return { ...before, ...change, fields: Object.fromEntries(fields) };
}

function viewOf({ call: { callId }, disposition, deadlineAt, missing }: Draft): WorkView {
  return { callId, disposition, deadlineAt, missing, saving: false };
}

const EMPTY = { disposition: NOTHING_WRITTEN, deadlineAt: null, written: false, missing: [] };
