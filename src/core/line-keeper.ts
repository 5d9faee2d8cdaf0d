import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import { type Desk, codeOf } from "./desk.ts";
import type { EngineSlot } from "./engine-slot.ts";
import { type LineEffect, type LineEvent, type LineState, type LostReason, START } from "./line/state.ts";
import { transition } from "./line/transition.ts";
import type { Engine, LegId, LegToResume, SipAccount } from "./ports.ts";
import type { LineView } from "./view.ts";

/** Feeds the line machine and carries out what it says. */
export interface LineKeeper {
  readonly view: ReadonlySignal<LineView>;
  state(): LineState;
  send(event: LineEvent): void;
  lost(reason: LostReason): void;
}

export interface LineHooks {
  account(): SipAccount | null;
  inCall(): boolean;
  /** Asks the registrar now and reports what is lost. */
  probe(): void;
  changed(before: LineState, after: LineState): void;
  /** Legs of an earlier page, to be taken up with the registration. */
  legs(): readonly LegToResume[];
  resumed(known: readonly LegId[]): void;
}

export function createLineKeeper(desk: Desk, engine: EngineSlot, hooks: LineHooks): LineKeeper {
  const { clock, random, log } = desk.ports;
  const state = signal<LineState>(START);
  const view = computed(() => viewOf(state.value));
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
    const shown = view.peek();
    state.value = step.state;
    if (before.phase !== step.state.phase) log.write("info", `line: ${step.state.phase.name}`, { from: before.phase.name, by: event.type });
    if (!sameView(shown, view.peek())) desk.tell({ type: "line-changed", line: view.peek() });
    if (before.phase !== step.state.phase) hooks.changed(before, step.state);
    for (const effect of step.effects) carryOut(effect);
  };
  return { view, state: () => state.peek(), send, lost: (reason) => send({ type: "lost", reason, ...now() }) };
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

function viewOf({ phase }: LineState): LineView {
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
  return a.state === b.state && a.reason === b.reason && a.nextTryAt === b.nextTryAt;
}
