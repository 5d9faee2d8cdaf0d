import type { Config } from "../protocol/config.ts";
import { allowed, isTalking, isUp } from "./call/allowed.ts";
import type { EngineCapabilities } from "./ports.ts";
import { type Calls, joinable } from "./two-calls.ts";
import type { CallOptions } from "./view.ts";

const NOTHING: CallOptions = { transfer: false, consult: false, completeTransfer: false, swap: false };

/** @param abilities  of the engine; `null` until it is loaded. */
export function callOptions(calls: Calls, abilities: EngineCapabilities | null, { dialing }: Config): CallOptions {
  const state = calls.state.value;
  const other = calls.other.value;
  if (abilities === null || !isTalking(state)) return NOTHING;
  const { canTransfer, canHoldTwoCalls } = abilities;
  const isFree = state.transfer === null && !(isTalking(other) && other.transfer !== null);
  return {
    transfer: canTransfer && allowed(state).transfer && isFree,
    consult: canHoldTwoCalls && canTransfer && dialing.via !== "none" && isFree && !isUp(other),
    completeTransfer: canTransfer && joinable(calls) !== null,
    swap: isFree && isTalking(other),
  };
}

export function sameOptions(a: CallOptions, b: CallOptions): boolean {
  return a.transfer === b.transfer && a.consult === b.consult && a.completeTransfer === b.completeTransfer && a.swap === b.swap;
}
