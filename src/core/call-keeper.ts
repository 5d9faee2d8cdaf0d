import { type ReadonlySignal, signal } from "@preact/signals-core";
import { createAbandonedDials } from "./abandoned-dials.ts";
import { looksLikeNumber } from "./call/number.ts";
import type { CallEffect, CallEvent, CallRules, CallState } from "./call/state.ts";
import { transition } from "./call/transition.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import { createEventQueue } from "./event-queue.ts";
import type { LegCommands } from "./leg-commands.ts";
import type { LegInvitation, NumberReader } from "./ports.ts";

/** Feeds the call machine, one event after the other, and carries out what it says. */
export interface CallKeeper {
  readonly state: ReadonlySignal<CallState>;
  /** Resolves when what the event asked of engine and host went out; rejects with `PhoneError` where it could not. */
  ask(event: CallEvent): Promise<void>;
  feed(event: CallEvent): void;
  rings(invitation: LegInvitation): void;
  /** The engine itself refused a leg because one is up. */
  refused(invitation: LegInvitation): void;
}

export interface CallHooks {
  /** Before the effects of the step are carried out. */
  stepped(before: CallState, after: CallState, by: CallEvent["type"]): void;
  missed(effect: Extract<CallEffect, { type: "missed" }>): void;
}

export function createCallKeeper(desk: Desk, commands: LegCommands, hooks: CallHooks): CallKeeper {
  const { clock, log, newId } = desk.ports;
  const rules: CallRules = {
    autoAnswerMs: desk.config.dialing.autoAnswerSeconds * 1_000,
    wrapUpForUnanswered: desk.config.wrapUp.forUnanswered,
  };
  const state = signal<CallState>({ phase: "idle" });
  const abandoned = createAbandonedDials();
  const step = async (event: CallEvent): Promise<void> => {
    if (desk.scope.isClosed()) throw new PhoneError("internal");
    const before = state.peek();
    const { state: after, effects } = transition(before, event, rules);
    if (event.type === "dial-accepted") abandoned.accepted(event.callId, event.exotelCallSid);
    // A dial that was refused was never placed: nothing will ring for it.
    if (event.type !== "dial-refused") abandoned.step(before, after, clock.now());
    state.value = after;
    if (before.phase !== after.phase) log.write("info", `call: ${after.phase}`, { from: before.phase, by: event.type });
    // Whatever goes wrong in telling of a step, its effects are carried out: a leg must be answered, a ringer stopped.
    const told = before === after ? null : attempt(() => hooks.stepped(before, after, event.type));
    await Promise.all([told, ...effects.map(async (effect) => carryOut(effect))]);
  };
  const { ask, feed } = createEventQueue(step, (error) => {
    if (!(error instanceof PhoneError)) log.write("error", "call: step failed", { error: String(error) });
  });
  const carryOut = createEffects(desk, commands, hooks, feed);
  return {
    state,
    ask,
    feed,
    refused: (invitation) => {
      feed({ type: "leg-refused-busy", leg: tidy(invitation, desk.ports.numbers), callId: newId(), at: clock.now() });
    },
    rings: (invitation) => {
      const at = clock.now();
      const leg = tidy(invitation, desk.ports.numbers);
      if (!abandoned.claims(leg, at)) return feed({ type: "leg-ringing", leg, callId: newId(), at });
      log.write("info", "call: leg of a dial that was taken back");
      void commands.carryOut({ type: "reject-leg", leg: leg.leg }, feed);
    },
  };
}

async function attempt(run: () => void): Promise<void> {
  run();
}

function createEffects(desk: Desk, commands: LegCommands, hooks: CallHooks, feed: (event: CallEvent) => void) {
  const { audio, clock } = desk.ports;
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());
  desk.scope.add(() => audio.stopRinging());
  return (effect: CallEffect): Promise<void> | void => {
    switch (effect.type) {
      case "start-ringer":
        return audio.startRinging();
      case "stop-ringer":
        return audio.stopRinging();
      case "timer":
        stopTimer();
        stopTimer = effect.ms === null ? () => {} : clock.after(effect.ms, () => feed({ type: "time-out", at: clock.now() }));
        return;
      case "missed":
        return hooks.missed(effect);
      default:
        return commands.carryOut(effect, feed);
    }
  };
}

/** Numbers as E.164 where they can be understood, wherever the exchange put them. */
function tidy(invitation: LegInvitation, numbers: NumberReader): LegInvitation {
  const e164 = (text: string) => numbers.toE164(text) ?? text;
  const name = invitation.name?.trim() ?? "";
  const shown = looksLikeNumber(name) ? e164(name) : name;
  return { ...invitation, number: e164(invitation.number), name: shown === "" ? null : shown };
}
