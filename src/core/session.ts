import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Notices } from "./notices.ts";

/** Whether the gateway still knows who the agent is. Calls need it not: one that is up goes on, and the line stays registered. */
export interface Session {
  readonly isOver: ReadonlySignal<boolean>;
  /** The gateway has said that it is over; said to the agent until it is not so any more. */
  ended(): void;
  /** It was taken, or may be another one now. */
  renewed(): void;
}

export function createSession(notices: Notices): Session {
  const isOver = signal(false);
  return {
    isOver,
    ended: () => {
      isOver.value = true;
      notices.push("session-over");
    },
    renewed: () => {
      isOver.value = false;
      notices.clear("session-over");
    },
  };
}
