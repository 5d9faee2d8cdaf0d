import { addressOf } from "./account.ts";
import { createCallRecord } from "./call-record.ts";
import { isUp } from "./call/allowed.ts";
import type { CallState } from "./call/state.ts";
import { type Desk, codeOf } from "./desk.ts";
import type { Engine, LegId, LegRecord, LegToResume, SipAccount } from "./engine-port.ts";
import { createDeferred } from "../lib/deferred.ts";
import type { Calls } from "./two-calls.ts";
import { PREFIX, RESUMABLE_MS, type SurvivingCall, asTakenUp, readSurvivingCall } from "./surviving-call.ts";

/** Calls outlive their page: kept at every step, taken up by the next page or another tab, deleted at their end. */
export interface Survival {
  /** The engine's newest record of a leg. */
  recorded(leg: LegId, record: LegRecord): void;
  stepped(before: CallState, after: CallState): void;
  /** This tab leads: takes up what an earlier page left. Resolves to the account of a call that goes on. */
  takeUp(): Promise<SipAccount | null>;
  /** The call is kept: another page can go on with it. */
  isKept(state: CallState): boolean;
  /** The legs to be taken up with the next registration. */
  legs(): readonly LegToResume[];
  /** A leg of the page before that the engine does not know yet: when it does. `null`: there is nothing to wait for. */
  whenTakenUp(leg: LegId): Promise<void> | null;
  /** The engine knows these from now on. */
  resumed(known: readonly LegId[]): void;
  /**
   * Another page has the calls, or will have them: nothing is kept or deleted here any more. Where this page goes without
   * knowing of another, the gateway is told: it ends the call unless somebody takes it up in time.
   */
  release(isLast: boolean): void;
}

export interface SurvivalParts {
  readonly calls: Pick<Calls, "all" | "consultation" | "feed" | "askOf" | "restore">;
  account(): SipAccount | null;
  engine(): Engine | null;
  /** Fetches what was written about the call. */
  recall(callId: string): Promise<void>;
}

export function createSurvival(desk: Desk, parts: SurvivalParts): Survival {
  const { calls, account, engine } = parts;
  const record = createCallRecord(desk, {
    account,
    states: calls.all,
    isConsultation: (callId) => callId === calls.consultation.peek(),
    canSurvive: () => engine()?.capabilities.canSurviveReload === true,
  });
  const pending = createPending();
  const claims = createClaims(desk);
  let isHere = false;
  const begin = (call: SurvivingCall): void => {
    const { state, seenAt } = call;
    if (state.phase === "idle") return;
    const { callId } = state.facts;
    // By the clock: a page that went before it had written its epoch down is older all the same.
    const epoch = Math.max(call.epoch + 1, desk.ports.clock.now());
    record.begin(callId, epoch);
    claims.open(callId, epoch);
    if (call.record !== null && "leg" in state) record.leg(state.leg, call.record);
    desk.ports.log.write("info", "call: taken up", { phase: state.phase, epoch, awayMs: desk.ports.clock.now() - seenAt });
    calls.restore(asTakenUp(state, seenAt), call.isConsultation);
    if (call.record === null) conclude(desk, parts, call, []);
  };
  return {
    recorded: record.leg,
    stepped: (before, after) => {
      if (after.phase === "active") claims.make(after.facts.callId);
      if (isHere && isUp(after)) record.write();
      else if (isHere && isUp(before)) record.end(before);
    },
    takeUp: async () => {
      isHere = true;
      const found = await read(desk);
      const [newest] = found;
      if (newest === undefined || calls.all().some(isUp) || !isHere) return null;
      pending.set(ofOneAgent(found, newest));
      // Before anything is written about them: what is nobody's is shown to nobody.
      desk.owner.value = addressOf(newest.account);
      await Promise.all(pending.calls().map(({ state }) => (state.phase === "idle" ? null : parts.recall(state.facts.callId))));
      for (const call of pending.calls()) begin(call);
      return newest.account;
    },
    isKept: (state) => isHere && record.has(state),
    legs: () => pending.calls().flatMap(({ record: leg, state }) => (leg === null ? [] : [{ record: leg, ...wishesOf(state) }])),
    whenTakenUp: pending.whenCleared,
    resumed: (known) => {
      for (const call of pending.calls()) conclude(desk, parts, call, known);
      pending.clear();
    },
    release: (isLast) => {
      if (isLast && isHere) orphan(desk, calls.all().filter(record.has), record.epochOf);
      isHere = false;
      pending.clear();
      claims.clear();
      record.release();
    },
  };
}

function orphan({ ports: { gateway } }: Desk, left: readonly CallState[], epochOf: (callId: string) => number): void {
  for (const state of left) {
    if (state.phase === "idle") continue;
    const { callId, exotelCallSid, exotelLegSid } = state.facts;
    gateway?.orphaned({ callId, exotelCallSid, exotelLegSid, epoch: epochOf(callId) });
  }
}

/** The gateway gives five seconds, and pages that die one after the other share them. */
const CLAIMED_AFTER_MS = 500;

/** What the gateway has not heard yet: that a call is here. The customer goes first, so it is told when the call is back. */
function createClaims({ ports: { clock, gateway } }: Desk) {
  /** Epochs by call id. */
  const open = new Map<string, number>();
  const make = (callId: string): void => {
    const epoch = open.get(callId);
    open.delete(callId);
    if (epoch !== undefined) void gateway?.owned({ callId, epoch });
  };
  return {
    open: (callId: string, epoch: number) => {
      open.set(callId, epoch);
      clock.after(CLAIMED_AFTER_MS, () => make(callId));
    },
    make,
    clear: () => open.clear(),
  };
}

/** What was found and the engine does not know yet. */
function createPending() {
  let calls: readonly SurvivingCall[] = [];
  let cleared = createDeferred<void>();
  return {
    calls: () => calls,
    set: (found: readonly SurvivingCall[]) => void (calls = found),
    whenCleared: (leg: LegId) => (calls.some(({ state }) => "leg" in state && state.leg === leg) ? cleared.promise : null),
    clear: () => {
      calls = [];
      cleared.resolve();
      cleared = createDeferred();
    },
  };
}

/** Ends a call that cannot go on, or not any more. */
function conclude(desk: Desk, { calls, engine }: SurvivalParts, { state, seenAt: at }: SurvivingCall, known: readonly LegId[]): void {
  const isStale = desk.ports.clock.now() - at > RESUMABLE_MS;
  const timeOut = (): void => {
    if (state.phase !== "idle") calls.askOf(state.facts.callId, { type: "time-out", at }).catch(() => undefined);
  };
  if (!("leg" in state)) return isStale ? timeOut() : undefined;
  const { leg, phase } = state;
  const isKnown = known.includes(leg);
  if (isKnown && !isStale) return;
  // Hung up here, so that the far end is told as soon as there is a way.
  if (isKnown && phase !== "ringing") return timeOut();
  const late = (error: unknown): void => desk.ports.log.write("info", "call: stale ring", { code: codeOf(error) });
  if (isKnown) engine()?.reject(leg).catch(late);
  calls.feed({ type: "leg-ended", leg, reason: phase === "ringing" ? "missed" : "connection-lost", sipCode: null, at });
}

/** Newest first. */
async function read({ ports: { safe, log } }: Desk): Promise<readonly SurvivingCall[]> {
  try {
    const found = [...(await safe.all(PREFIX))].map(([key, value]) => ({ key, call: readSurvivingCall(value) }));
    // What this version cannot read, nobody will.
    await Promise.all(found.filter(({ call }) => call === null).map(({ key }) => safe.delete(key)));
    return found
      .map(({ call }) => call)
      .filter((call) => call !== null)
      .sort((a, b) => b.seenAt - a.seenAt);
  } catch (error) {
    log.write("warn", "call: what was kept cannot be read", { code: codeOf(error) });
    return [];
  }
}

/** Two at the most; the one that is held is put behind the other. */
function ofOneAgent(calls: readonly SurvivingCall[], { account: { user, domain } }: SurvivingCall): readonly SurvivingCall[] {
  const own = calls.filter(({ account }) => user === account.user && domain === account.domain).slice(0, 2);
  return own.toSorted((a, b) => Number(isHeld(a.state)) - Number(isHeld(b.state)));
}

function isHeld(state: CallState): boolean {
  return ("hold" in state && state.hold.wanted) || state.phase === "ringing";
}

function wishesOf(state: CallState): Pick<LegToResume, "muted" | "held"> {
  return { muted: "mute" in state && state.mute.wanted, held: "hold" in state && state.hold.wanted };
}
