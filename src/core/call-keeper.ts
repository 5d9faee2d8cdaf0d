import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Deferred, createDeferred } from "../lib/deferred.ts";
import { createAbandonedDials } from "./abandoned-dials.ts";
import type { CallEffect, CallEvent, CallRules, CallState } from "./call/state.ts";
import { transition } from "./call/transition.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LegCommands } from "./leg-commands.ts";
import type { LegInvitation } from "./ports.ts";

/** Feeds the call machine, one event after the other, and carries out what it says. */
export interface CallKeeper {
  readonly state: ReadonlySignal<CallState>;
  /** Resolves when what the event asked of engine and host went out; rejects with `PhoneError` where it could not. */
  ask(event: CallEvent): Promise<void>;
  feed(event: CallEvent): void;
  rings(invitation: LegInvitation): void;
}

export interface CallHooks {
  /** Before the effects of the step are carried out. */
  stepped(before: CallState, after: CallState): void;
  missed(effect: Extract<CallEffect, { type: "missed" }>): void;
}

export function createCallKeeper(desk: Desk, commands: LegCommands, hooks: CallHooks): CallKeeper {
  const { clock, audio, log, numbers, newId } = desk.ports;
  const rules: CallRules = {
    autoAnswerMs: desk.config.dialing.autoAnswerSeconds * 1_000,
    wrapUpForUnanswered: desk.config.wrapUp.forUnanswered,
  };
  const state = signal<CallState>({ phase: "idle" });
  const abandoned = createAbandonedDials();
  const queue: { readonly event: CallEvent; readonly done: Deferred<void> }[] = [];
  let draining = false;
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());
  desk.scope.add(() => audio.stopRinging());

  const carryOut = (effect: CallEffect): Promise<void> | void => {
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
  const step = (event: CallEvent): Promise<unknown> => {
    const before = state.peek();
    const { state: after, effects } = transition(before, event, rules);
    if (event.type === "dial-accepted") abandoned.accepted(event.callId, event.exotelCallSid);
    // A dial that was refused was never placed: nothing will ring for it.
    if (event.type !== "dial-refused") abandoned.step(before, after, clock.now());
    state.value = after;
    if (before.phase !== after.phase) log.write("info", `call: ${after.phase}`, { from: before.phase, by: event.type });
    if (before !== after) hooks.stepped(before, after);
    return Promise.all(effects.map(carryOut));
  };
  // An event that comes while effects are carried out waits, so that no effect meets a state it was not meant for.
  const drain = (): void => {
    draining = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { done } = next;
      step(next.event).then(() => done.resolve(), done.reject);
    }
    draining = false;
  };
  const ask = (event: CallEvent): Promise<void> => {
    if (desk.scope.isClosed()) return Promise.reject(new PhoneError("internal"));
    const done = createDeferred<void>();
    queue.push({ event, done });
    if (!draining) drain();
    return done.promise;
  };
  const feed = (event: CallEvent): void => {
    ask(event).catch(() => {
      // Told already by the event that the failed command led to.
    });
  };
  return {
    state,
    ask,
    feed,
    rings: (invitation) => {
      const at = clock.now();
      const e164 = (text: string) => numbers.toE164(text) ?? text;
      const leg = { ...invitation, number: e164(invitation.number), name: invitation.name?.trim() || null };
      if (!abandoned.claims(leg, at)) return feed({ type: "leg-ringing", leg, callId: newId(), at });
      log.write("info", "call: leg of a dial that was taken back");
      void commands.carryOut({ type: "reject-leg", leg: leg.leg }, feed);
    },
  };
}
