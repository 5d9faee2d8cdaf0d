import type { CallState, Talking } from "./state.ts";

/** What the agent or the host may ask of a call now. */
export interface Allowed {
  readonly dial: boolean;
  readonly answer: boolean;
  readonly reject: boolean;
  readonly hangUp: boolean;
  readonly mute: boolean;
  readonly hold: boolean;
  readonly digits: boolean;
  readonly transfer: boolean;
}

export function allowed(state: CallState): Allowed {
  const { phase } = state;
  const talking = phase === "active" || phase === "reconnecting";
  return {
    dial: !isUp(state),
    answer: phase === "ringing",
    reject: phase === "ringing",
    hangUp: isUp(state),
    mute: talking || phase === "connecting",
    hold: talking,
    digits: talking,
    transfer: phase === "active" && state.transfer === null,
  };
}

export function isTalking(state: CallState): state is Talking {
  return state.phase === "active" || state.phase === "reconnecting";
}

/** Whether somebody is, or is about to be, on the line. */
export function isUp({ phase }: CallState): boolean {
  return phase !== "idle" && phase !== "ended" && phase !== "wrap-up";
}
