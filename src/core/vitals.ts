import { type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { type Desk, codeOf } from "./desk.ts";
import type { Engine, LegStatistics } from "./ports.ts";
import { qualityOf } from "./quality.ts";
import type { QualityView } from "./view.ts";

const LEVEL_EVERY_MS = 250;
const QUALITY_WINDOW_MS = 5_000;
const SILENT_MEDIA_MS = 3_500;
const PROBE_IN_CALL_EVERY_MS = 1_500;
const PROBE_IN_CALL_MS = 2_000;
const PROBE_IDLE_EVERY_MS = 20_000;
const PROBE_IDLE_MS = 5_000;
/** An engine that forgets to answer counts as silent after this much more. */
const PROBE_GRACE_MS = 250;

/** What is watched now. `held`: no audio is expected, at least in one direction. */
export interface Watched {
  readonly ready: boolean;
  readonly call: { readonly leg: string; readonly held: boolean } | null;
}

/** Feels the pulse of the line and of the call that is up: nobody else says when a socket or a stream falls silent. */
export interface Vitals {
  readonly quality: ReadonlySignal<QualityView | null>;
  readonly inputLevel: ReadonlySignal<number>;
  watch(what: Watched): void;
  probeNow(): void;
}

export interface VitalsHooks {
  engine(): Engine | null;
  /** The registrar did not answer. */
  silent(): void;
  /** It did, to a question from after the last `probeNow`. */
  alive(): void;
  media(leg: string, ok: boolean): void;
}

export function createVitals(desk: Desk, hooks: VitalsHooks): Vitals {
  const { clock } = desk.ports;
  const ask = createQuestion(desk);
  const leg = createLegWatch(desk, hooks);
  let watched: Watched = { ready: false, call: null };
  let stopProbing = () => {};
  let probing = false;
  /** Asked for while another probe was out, whose answer may be from before a sleep. */
  let again = false;
  /** Counts registrations, so that no answer is taken for one about the next. */
  let registration = 0;
  desk.scope.add(() => stopProbing());

  const probe = async (): Promise<void> => {
    const engine = hooks.engine();
    if (probing || engine === null || !watched.ready) return;
    const asked = registration;
    probing = true;
    const answered = await ask(engine, watched.call === null ? PROBE_IDLE_MS : PROBE_IN_CALL_MS);
    probing = false;
    if (asked === registration && watched.ready && !desk.scope.isClosed()) {
      if (!answered) hooks.silent();
      else if (!again) hooks.alive();
    }
    if (!again) return;
    again = false;
    void probe();
  };
  const schedule = (): void => {
    stopProbing();
    if (!watched.ready) return;
    stopProbing = clock.after(watched.call === null ? PROBE_IDLE_EVERY_MS : PROBE_IN_CALL_EVERY_MS, () => {
      void probe();
      schedule();
    });
  };
  return {
    quality: leg.quality,
    inputLevel: leg.inputLevel,
    watch: (what) => {
      const before = watched;
      watched = what;
      if (before.ready !== what.ready) registration += 1;
      if (before.ready !== what.ready || (before.call === null) !== (what.call === null)) schedule();
      leg.watch(what.call);
    },
    probeNow: () => {
      again = probing;
      void probe();
    },
  };
}

/** Asks an engine whether the registrar answers within `ms`; never rejects. */
function createQuestion({ ports: { clock, log }, scope }: Desk): (engine: Engine, ms: number) => Promise<boolean> {
  let stopWaiting = () => {};
  scope.add(() => stopWaiting());
  return async (engine, ms) => {
    const late = new Promise<boolean>((resolve) => (stopWaiting = clock.after(ms + PROBE_GRACE_MS, () => resolve(false))));
    try {
      return await Promise.race([engine.probe(ms), late]);
    } catch (error) {
      log.write("warn", "vitals: probe failed", { code: codeOf(error) });
      return false;
    } finally {
      stopWaiting();
    }
  };
}

/** Level, quality and the stream of one leg. */
function createLegWatch(desk: Desk, hooks: VitalsHooks) {
  const quality = signal<QualityView | null>(null);
  const inputLevel = signal(0);
  let call: Watched["call"] = null;
  let stop = () => {};
  let window: LegStatistics[] = [];
  let heardAt = 0;
  let flows = true;
  desk.scope.add(() => stop());

  const judge = (now: LegStatistics, leg: string, held: boolean): void => {
    const last = window.at(-1);
    // A stream that never began is the exchange's affair (the customer's telephone still rings), not a loss.
    const waits = held || now.packetsReceived === 0;
    if (last === undefined || waits || now.packetsReceived !== last.packetsReceived) heardAt = now.at;
    const silent = now.at - heardAt >= SILENT_MEDIA_MS;
    if (silent === flows) {
      flows = !silent;
      hooks.media(leg, flows);
    }
    window = [...window.filter(({ at }) => at >= now.at - QUALITY_WINDOW_MS), now];
    const first = window[0];
    const heard = first === undefined ? null : qualityOf(first, now, held);
    if (heard !== null && !sameQuality(heard, quality.peek())) quality.value = heard;
    inputLevel.value = now.inputLevel;
  };
  const read = async (): Promise<void> => {
    const asked = call;
    if (asked === null) return;
    const now = await hooks
      .engine()
      ?.statistics(asked.leg)
      .catch(() => null);
    if (call?.leg !== asked.leg || desk.scope.isClosed()) return;
    if (now !== null && now !== undefined) judge(now, asked.leg, call.held);
    stop = desk.ports.clock.after(LEVEL_EVERY_MS, () => void read());
  };
  return {
    quality: quality as ReadonlySignal<QualityView | null>,
    inputLevel: inputLevel as ReadonlySignal<number>,
    watch: (next: Watched["call"]) => {
      const before = call;
      call = next;
      // What a held stream counted says nothing about the talk that goes on.
      if (before?.held !== next?.held) window = [];
      if (before?.leg === next?.leg) return;
      stop();
      // Put behind another call it is held: no stream is expected of it, and nobody would say that it came back.
      if (!flows && before !== null) untracked(() => hooks.media(before.leg, true));
      flows = true;
      quality.value = null;
      inputLevel.value = 0;
      if (next !== null) void read();
    },
  };
}

function sameQuality(a: QualityView, b: QualityView | null): boolean {
  return a.level === b?.level && a.reason === b.reason;
}
