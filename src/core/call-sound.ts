import { isTalking } from "./call/allowed.ts";
import type { CallState } from "./call/state.ts";
import type { RingSound } from "./ports.ts";

/**
 * [C36] What sounds for the calls that are there. A call that waits is softer than one that rings alone: somebody is talking.
 */
export function soundOf(calls: readonly CallState[]): RingSound | null {
  if (calls.some((state) => state.phase === "ringing" && !state.silenced)) return calls.some(isTalking) ? "waiting" : "ring";
  return calls.some((state) => state.phase === "dialing" && state.ringback) ? "ringback" : null;
}
