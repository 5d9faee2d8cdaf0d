import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { AbandonedDials } from "./abandoned-dials.ts";
import type { CallEffect, CallEvent, CallRules, CallState } from "./call/state.ts";
import { transition } from "./call/transition.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import { createEventQueue } from "./event-queue.ts";
import type { LegCommands } from "./leg-commands.ts";

/** Feeds one call machine, one event after the other, and carries out what it says. */
export interface CallKeeper {
  readonly state: ReadonlySignal<CallState>;
  /** Resolves when what the event asked of engine and host went out; rejects with `PhoneError` where it could not. */
  ask(event: CallEvent): Promise<void>;
  feed(event: CallEvent): void;
}

export interface CallHooks {
  /** Before the effects of the step are carried out. */
  stepped(before: CallState, after: CallState, by: CallEvent["type"]): void;
  missed(effect: Extract<CallEffect, { type: "missed" }>): void;
}

export interface CallKeeperParts extends CallHooks {
  readonly commands: LegCommands;
  readonly abandoned: AbandonedDials;
  /** After the effects of a step have begun: what was hung up is silent by now. */
  effected(): void;
  /** What sounds may be different now. */
  sound(): void;
}

export function createCallKeeper(desk: Desk, parts: CallKeeperParts): CallKeeper {
  const { clock, log } = desk.ports;
  const { abandoned } = parts;
  const rules: CallRules = {
    autoAnswerMs: desk.config.dialing.autoAnswerSeconds * 1_000,
    wrapUpForUnanswered: desk.config.wrapUp.forUnanswered,
    dialsDirect: desk.config.dialing.via === "sip",
  };
  const state = signal<CallState>({ phase: "idle" });
  const step = async (event: CallEvent): Promise<void> => {
    if (desk.scope.isClosed()) throw new PhoneError("internal");
    const before = state.peek();
    const { state: after, effects } = transition(before, event, rules);
    if (event.type === "dial-accepted") abandoned.accepted(event.callId, event.exotelCallSid);
    // A dial that was refused was never placed: nothing will ring for it.
    if (event.type !== "dial-refused") abandoned.step(before, after, clock.now());
    // Before anything is drawn or told: from a click to the message that leaves somebody waits.
    const commanded = effects.filter(isUrgent).map(async (effect) => carryOut(effect));
    state.value = after;
    if (before.phase !== after.phase) log.write("info", `call: ${after.phase}`, { from: before.phase, by: event.type });
    // Whatever goes wrong in telling of a step, its effects are carried out: a leg must be answered, a ringer stopped.
    const told = before === after ? null : attempt(() => parts.stepped(before, after, event.type));
    const done = effects.filter((effect) => !isUrgent(effect)).map(async (effect) => carryOut(effect));
    parts.effected();
    await Promise.all([told, ...commanded, ...done]);
  };
  const { ask, feed } = createEventQueue(step, (error) => {
    if (!(error instanceof PhoneError)) log.write("error", "call: step failed", { error: String(error) });
  });
  const carryOut = createEffects(desk, parts, feed);
  return { state, ask, feed };
}

/** What the far end waits for. */
function isUrgent({ type }: CallEffect): boolean {
  return type === "answer-leg" || type === "hang-up-leg" || type === "reject-leg" || type === "set-muted";
}

async function attempt(run: () => void): Promise<void> {
  run();
}

function createEffects(desk: Desk, parts: CallKeeperParts, feed: (event: CallEvent) => void) {
  const { clock } = desk.ports;
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());
  return (effect: CallEffect): Promise<void> | void => {
    switch (effect.type) {
      case "start-ringer":
      case "stop-ringer":
        return parts.sound();
      case "timer":
        stopTimer();
        stopTimer = effect.ms === null ? () => {} : clock.after(effect.ms, () => feed({ type: "time-out", at: clock.now() }));
        return;
      case "missed":
        return parts.missed(effect);
      default:
        return parts.commands.carryOut(effect, feed);
    }
  };
}
