import { retryDelayMs } from "./retry.ts";
import type { LineEffect, LineEvent, LineFacts, LinePhase, LineState, LostReason } from "./state.ts";

export interface LineStep {
  readonly state: LineState;
  readonly effects: readonly LineEffect[];
}

/** A registration that says nothing for so long is lost. */
export const REGISTER_MS = 15_000;

/**
 * The rules of the line. An event for which the phase has no rule changes nothing.
 *
 * - [L1] Registers when, and only when, this tab leads, there is an account, the agent is available and there is a network.
 * - [L2] What is missing shows, the strongest first: taken elsewhere, signed out, off, offline.
 * - [L3] Losing the lead, the account or the availability unregisters; losing the network does not (nobody would hear it).
 * - [L4] A lost registration is tried again with growing, jittered delays; the time of the next try is known.
 * - [L5] Wrong credentials stop all tries; only another account or the agent's click starts one more.
 * - [L6] Network back, wake and click try at once, and from the start of the back-off.
 * - [L7] A registration that stays without an answer counts as lost.
 * - [L8] Waking up while ready asks the registrar at once; `ready` stays only while it is true.
 * - [L9] What the engine says while no registration is wanted changes nothing.
 */
export function transition(state: LineState, event: LineEvent): LineStep {
  const next = rule(state, event);
  if (next.state.phase === state.phase) return next;
  return { state: next.state, effects: [...next.effects, { type: "timer", ms: waitMs(next.state.phase, event) }] };
}

function rule(state: LineState, event: LineEvent): LineStep {
  const { phase } = state;
  switch (event.type) {
    case "facts":
      return settle({ ...state, facts: { ...state.facts, ...event.change } }, phase);
    case "account-changed":
      return isGate(phase) ? stay(state) : connect(state, 0);
    case "registered":
      return wantsRegistration(phase) ? to(state, { name: "ready" }) : stay(state);
    case "refused":
      return wantsRegistration(phase) || phase.name === "ready" ? to(state, { name: "refused" }) : stay(state);
    case "lost":
      return phase.name === "connecting" || phase.name === "ready" ? retry(state, event.reason, event) : stay(state);
    case "time-out":
      if (phase.name === "connecting") return retry(state, "server-unreachable", event);
      return phase.name === "retrying" ? connect(state, phase.tried) : stay(state);
    case "try-now":
      if (phase.name === "ready") return { state, effects: [{ type: "probe" }] };
      return phase.name === "retrying" || phase.name === "refused" ? connect(state, 0) : stay(state);
    default:
      return event satisfies never;
  }
}

function settle(state: LineState, phase: LinePhase): LineStep {
  const gate = gateOf(state.facts);
  if (gate === null) return isGate(phase) ? connect(state, 0) : stay(state);
  if (gate === phase.name) return stay(state);
  const registers = !isGate(phase) && gate !== "offline";
  // Offline and then off: the registration may still stand at the server.
  const stood = phase.name === "offline" && gate !== "starting";
  return to(state, { name: gate }, registers || stood ? [{ type: "unregister" }] : []);
}

type Gate = "starting" | "taken-elsewhere" | "signed-out" | "off" | "offline";

function gateOf({ leads, account, available, online }: LineFacts): Gate | null {
  if (leads === null) return "starting";
  if (!leads) return "taken-elsewhere";
  if (account === null) return "starting";
  if (!account) return "signed-out";
  if (!available) return "off";
  return online ? null : "offline";
}

function isGate({ name }: LinePhase): boolean {
  return name === "starting" || name === "taken-elsewhere" || name === "signed-out" || name === "off" || name === "offline";
}

/** The engine may also come back by itself while the next try is waited for. */
function wantsRegistration({ name }: LinePhase): boolean {
  return name === "connecting" || name === "retrying";
}

function connect(state: LineState, tried: number): LineStep {
  return to(state, { name: "connecting", tried }, [{ type: "register" }]);
}

function retry(
  state: LineState,
  reason: LostReason,
  { at, random, inCall }: { readonly at: number; readonly random: number; readonly inCall: boolean },
): LineStep {
  const tried = (state.phase.name === "connecting" ? state.phase.tried : 0) + 1;
  const ms = retryDelayMs({ tried, refused: false, inCall, random });
  return ms === null ? to(state, { name: "refused" }) : to(state, { name: "retrying", tried, nextTryAt: at + ms, reason });
}

function waitMs(phase: LinePhase, event: LineEvent): number | null {
  if (phase.name === "connecting") return REGISTER_MS;
  return phase.name === "retrying" && "at" in event ? phase.nextTryAt - event.at : null;
}

function to(state: LineState, phase: LinePhase, effects: readonly LineEffect[] = []): LineStep {
  return { state: { ...state, phase }, effects };
}
function stay(state: LineState): LineStep {
  return { state, effects: [] };
}
