import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals-core";
import type { CallSnapshot, CrmRecord } from "../protocol/call.ts";
import { type Agent, createAgent } from "./agent.ts";
import { type Attendance, createAttendance } from "./attendance.ts";
import { createCallSteps } from "./call-steps.ts";
import { isTalking, isUp } from "./call/allowed.ts";
import { snapshotOf } from "./call/facts.ts";
import type { Desk } from "./desk.ts";
import { createEngineEvents } from "./engine-events.ts";
import { type EngineSlot, createEngineSlot } from "./engine-slot.ts";
import { type History, createHistory } from "./history.ts";
import { createLegCommands } from "./leg-commands.ts";
import { type LineKeeper, createLineKeeper } from "./line-keeper.ts";
import type { LineState } from "./line/state.ts";
import { type Outbox, createOutbox } from "./outbox.ts";
import { type Paperwork, type PaperworkParts, createPaperwork } from "./paperwork.ts";
import { type Reachability, createReachability } from "./reachability.ts";
import { type Preferences, createPreferences } from "./preferences.ts";
import type { EngineCapabilities } from "./engine-port.ts";
import { createScreenPop } from "./screen-pop.ts";
import { type Survival, createSurvival } from "./survival.ts";
import { type Calls, createCalls, isDialled, writtenAbout } from "./two-calls.ts";
import { type Vitals, createVitals } from "./vitals.ts";
import { type Work, createWork } from "./work.ts";

/** The parts of one phone, each knowing only what it needs of the others. */
export interface Parts {
  readonly desk: Desk;
  readonly context: Signal<Context>;
  readonly engine: EngineSlot;
  readonly line: LineKeeper;
  /** What the engine can do, once it is loaded. */
  readonly abilities: ReadonlySignal<EngineCapabilities | null>;
  readonly calls: Calls;
  readonly agent: Agent;
  readonly work: Work;
  readonly history: History;
  readonly outbox: Outbox;
  readonly paperwork: Paperwork;
  readonly attendance: Attendance;
  readonly vitals: Vitals;
  readonly reach: Reachability;
  readonly preferences: Preferences;
  readonly survival: Survival;
}

interface Context {
  readonly record: CrmRecord | null;
  readonly number: string | null;
}

export function createParts(desk: Desk): Parts {
  const context = signal<Context>({ record: null, number: null });
  const abilities = signal<EngineCapabilities | null>(null);
  const history = createHistory(desk);
  const shown = () => writtenAbout(calls);
  const work: Work = createWork(desk, (callId) => void paperwork.finish(callId), shown);
  const outbox = createOutbox(desk, (logId) => {
    history.change(logId, { delivered: true });
    work.forget(logId);
  });
  const engine: EngineSlot = createEngineSlot(
    desk.ports.engine,
    createEngineEvents(desk, () => ({ line, calls, survival })),
    (loaded) => {
      abilities.value = loaded.capabilities;
      preferences.applyTo(loaded);
    },
  );
  const preferences = createPreferences(desk, engine.current);
  const inCall = () => isUp(calls.state.peek());
  const calls: Calls = createCalls(desk, {
    commands: createLegCommands(desk, {
      engine: engine.current,
      isDialing: (callId) => isDialled(calls, callId),
      whenTakenUp: (leg) => survival.whenTakenUp(leg),
    }),
    holdsTwo: () => abilities.peek()?.canHoldTwoCalls ?? false,
    stepped: createCallSteps(desk, () => ({ work, paperwork, survival, screenPop, calls: () => calls })),
    missed: (effect) => paperwork.missed(effect),
  });
  const survival: Survival = createSurvival(desk, { calls, account: () => agent.account(), engine: engine.current, recall: work.recall });
  const screenPop = createScreenPop(desk, { context, feed: calls.feed, upNow: (callId) => upNow(calls, callId) });
  const paperworkParts: PaperworkParts = { work, history, outbox, callState: () => calls.state.peek(), feed: calls.feed };
  const paperwork: Paperwork = createPaperwork(desk, paperworkParts);
  const attendance: Attendance = createAttendance(desk, paperworkParts, paperwork.finish);
  const agent: Agent = createAgent(desk, { line: () => line, inCall, came: attendance.agentCame, left: attendance.agentLeft });
  const reach = createReachability(desk, () => line.told());
  const vitals: Vitals = createVitals(desk, {
    engine: engine.current,
    silent: () => line.lost("server-unreachable"),
    alive: reach.confirm,
    media: (leg, ok) => calls.feed({ type: "leg-media", leg, ok }),
  });
  const line: LineKeeper = createLineKeeper(desk, engine, {
    reach: reach.facts,
    account: agent.account,
    inCall,
    probe: vitals.probeNow,
    legs: () => survival.legs(),
    resumed: (known) => survival.resumed(known),
    registered: reach.confirm,
    changed: (before, after) => {
      loseSignalling(calls, before, after);
      agent.lineChanged(after);
    },
  });
  const papers = { work, history, outbox, paperwork };
  return { desk, context, engine, line, calls, abilities, agent, ...papers, attendance, vitals, reach, preferences, survival };
}

/** What a call needs watched: told to the vitals whenever line or call change. */
export function watchedBy({ line, calls }: Parts) {
  return computed(() => {
    const state = calls.state.value;
    const talk = isTalking(state) ? state : null;
    const held = talk !== null && (talk.hold.confirmed || talk.hold.wanted || talk.heldThere);
    return { ready: line.view.value.state === "ready", call: talk === null ? null : { leg: talk.leg, held } };
  });
}

/** Where the phone is meant to ring, it is looked after, but not while a call is up or the line on its way ([L25]). */
export function reachedFor({ line, calls }: Parts) {
  const leads = computed(() => !["signed-out", "off", "taken-elsewhere", "connecting"].includes(line.view.value.state));
  const inCall = computed(() => isUp(calls.state.value));
  return computed(() => ({ leads: leads.value, inCall: inCall.value }));
}

/** A line that is lost under a call takes the call's signalling with it. That it is back, the engine says of each leg. */
function loseSignalling(calls: Calls, before: LineState, after: LineState): void {
  if (before.phase.name !== "ready" || after.phase.name === "ready") return;
  for (const { leg } of calls.all().filter(isTalking)) calls.feed({ type: "leg-signalling", leg, ok: false });
}

function upNow(calls: Calls, callId: string): CallSnapshot | null {
  const up = calls.all().filter(isUp).map(snapshotOf);
  return up.find((call) => call?.callId === callId) ?? null;
}
