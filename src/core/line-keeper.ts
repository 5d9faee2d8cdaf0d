import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import { type Desk, codeOf } from "./desk.ts";
import type { EngineSlot } from "./engine-slot.ts";
import { type LineEffect, type LineEvent, type LineState, type LostReason, START } from "./line/state.ts";
import { transition } from "./line/transition.ts";
import type { Engine, LegId, LegToResume, SipAccount } from "./engine-port.ts";
import { type ReachFacts, missingOf, reasonOf } from "./reachability.ts";
import type { LineView } from "./view.ts";

/** Feeds the line machine and carries out what it says. */
export interface LineKeeper {
  readonly view: ReadonlySignal<LineView>;
  state(): LineState;
  send(event: LineEvent): void;
  lost(reason: LostReason): void;
  /** Tells the host where the view has become another. */
  told(): void;
}

export interface LineHooks {
  readonly reach: ReadonlySignal<ReachFacts>;
  account(): SipAccount | null;
  inCall(): boolean;
  /** Asks the registrar now and reports what is lost. */
  probe(): void;
  /** Registered anew, before anybody is told. */
  registered(): void;
  changed(before: LineState, after: LineState): void;
  /** Legs of an earlier page, to be taken up with the registration. */
  legs(): readonly LegToResume[];
  resumed(known: readonly LegId[]): void;
}

export function createLineKeeper(desk: Desk, engine: EngineSlot, hooks: LineHooks): LineKeeper {
  const { clock, random, log } = desk.ports;
  const state = signal<LineState>(START);
  const view = computed(() => viewOf(state.value, hooks.reach.value));
  let shown = view.peek();
  let stopTimer = () => {};
  desk.scope.add(() => stopTimer());

  const now = () => ({ at: clock.now(), random: random(), inCall: hooks.inCall() });
  const register = async () => {
    try {
      const loaded = await engine.load();
      const account = hooks.account();
      // While the engine was loading the agent may have signed out or another tab taken the lead.
      if (account === null || state.peek().phase.name !== "connecting") return;
      if (hooks.legs().length > 0) await takeUp(desk, hooks, loaded, account);
      else await loaded.register(account);
    } catch (error) {
      log.write("warn", "line: register failed", { code: codeOf(error) });
      send({ type: "lost", reason: lostReason(codeOf(error)), ...now() });
    }
  };
  const carryOut = (effect: LineEffect): void => {
    switch (effect.type) {
      case "register":
        return void register();
      case "unregister":
        return void engine
          .current()
          ?.unregister()
          .catch((error: unknown) => {
            log.write("warn", "line: unregister failed", { code: codeOf(error) });
          });
      case "probe":
        return hooks.probe();
      case "timer":
        stopTimer();
        stopTimer = effect.ms === null ? () => {} : clock.after(effect.ms, () => send({ type: "time-out", ...now() }));
        return;
      default:
        effect satisfies never;
    }
  };
  const send = (event: LineEvent): void => {
    if (desk.scope.isClosed()) return;
    const before = state.peek();
    const step = transition(before, event);
    state.value = step.state;
    if (before.phase !== step.state.phase) log.write("info", `line: ${step.state.phase.name}`, { from: before.phase.name, by: event.type });
    if (before.phase !== step.state.phase && step.state.phase.name === "ready") hooks.registered();
    told();
    if (before.phase !== step.state.phase) hooks.changed(before, step.state);
    for (const effect of step.effects) carryOut(effect);
  };
  const told = (): void => {
    const now = view.peek();
    if (!sameView(shown, now)) desk.tell({ type: "line-changed", line: now });
    shown = now;
  };
  return { view, state: () => state.peek(), send, lost: (reason) => send({ type: "lost", reason, ...now() }), told };
}

/** Registers, and takes up the legs of an earlier page with it. */
async function takeUp({ ports: { log } }: Desk, hooks: LineHooks, engine: Engine, account: SipAccount): Promise<void> {
  try {
    hooks.resumed(await engine.resume(account, hooks.legs()));
  } catch (error) {
    log.write("warn", "line: calls not taken up", { code: codeOf(error) });
    hooks.resumed([]);
    await engine.register(account);
  }
}

export function lostReason(code: string): LostReason {
  return code === "browser-unsupported" || code === "internal" ? code : "server-unreachable";
}

/** Of a phone that is not meant to ring here, it is only said that it is not registered. */
const ON_PURPOSE: ReadonlySet<LineView["state"]> = new Set(["signed-out", "off", "taken-elsewhere"]);

function viewOf(state: LineState, reach: ReachFacts): LineView {
  const line = registrationOf(state);
  if (ON_PURPOSE.has(line.state)) return { ...line, missing: ["registration"] };
  const missing = missingOf(line.state === "ready", reach);
  return { ...line, reason: line.reason ?? reasonOf(missing, reach), missing };
}

function registrationOf({ phase }: LineState): Omit<LineView, "missing"> {
  const nothing = { reason: null, nextTryAt: null };
  switch (phase.name) {
    case "starting":
      return { state: "connecting", ...nothing };
    case "retrying":
      return { state: "retrying", reason: phase.reason, nextTryAt: phase.nextTryAt };
    case "refused":
      return { state: "refused", reason: "credentials-refused", nextTryAt: null };
    case "taken-elsewhere":
      return { state: "taken-elsewhere", reason: "phone-is-elsewhere", nextTryAt: null };
    default:
      return { state: phase.name, ...nothing };
  }
}

function sameView(a: LineView, b: LineView): boolean {
  const same = a.state === b.state && a.reason === b.reason && a.nextTryAt === b.nextTryAt;
  return same && a.missing.join() === b.missing.join();
}
