import { type Deferred, createDeferred } from "../lib/deferred.ts";
import { isTalking } from "./call/allowed.ts";
import type { CallEvent, CallState } from "./call/state.ts";
import { PhoneError } from "./errors.ts";

/** What is to be done once the call in front is held. */
export type AfterHold =
  | { readonly do: "answer" }
  | { readonly do: "swap" }
  | { readonly do: "consult"; readonly dial: Extract<CallEvent, { type: "dial" }> };

/**
 * From one call to the other, so that nobody is ever heard by both: [C31], [C32] and [C34] of `two-calls.ts`. One change at
 * a time.
 */
export interface Changeover {
  /**
   * Holds the call in front, then does it. Rejects with `hold-refused` where the far end refuses, and with `no-call` where
   * the other call is gone by then.
   */
  start(what: AfterHold): Promise<void>;
  /** A call has made a step: it may be time. */
  look(): void;
}

export interface ChangeoverParts {
  front(): CallState;
  other(): CallState;
  /** Of the call in front. */
  ask(event: CallEvent): Promise<void>;
  flip(): void;
  consults(callId: string): void;
}

export function createChangeover(parts: ChangeoverParts): Changeover {
  let pending: { readonly what: AfterHold; readonly callId: string; readonly done: Deferred<void> } | null = null;
  const look = (): void => {
    if (pending === null) return;
    const { what, callId, done } = pending;
    const next = nextStep(what, callId, parts.front(), parts.other());
    if (next === "wait") return;
    pending = null;
    carryOut(parts, what, next).then(() => done.resolve(), done.reject);
  };
  return {
    look,
    start: async (what) => {
      const front = parts.front();
      if (pending !== null || !isTalking(front)) throw new PhoneError("not-possible-now");
      const done = createDeferred<void>();
      pending = { what, callId: front.facts.callId, done };
      // A request that could not even be sent is told to the machine, and by its step to `look`.
      parts.ask({ type: "want-hold", held: true }).catch(() => undefined);
      look();
      return done.promise;
    },
  };
}

/**
 * `go`: the front is held. `front-over`: it is gone by itself, and the other one has come to the front. `other-gone`: there is
 * nobody to change over to.
 */
type NextStep = "wait" | "go" | "refused" | "taken-back" | "front-over" | "other-gone";

function nextStep(what: AfterHold, callId: string, front: CallState, other: CallState): NextStep {
  if (front.phase === "idle" || front.facts.callId !== callId || !isTalking(front)) return "front-over";
  const isThere = what.do === "consult" ? other.phase === "idle" : what.do === "answer" ? other.phase === "ringing" : isTalking(other);
  if (!isThere) return "other-gone";
  const { wanted, confirmed, asking } = front.hold;
  if (asking) return wanted ? "wait" : "taken-back";
  return confirmed ? "go" : "refused";
}

async function carryOut({ front, ask, flip, consults }: ChangeoverParts, what: AfterHold, next: NextStep): Promise<void> {
  if (next === "refused") throw new PhoneError("hold-refused");
  if (next === "taken-back") throw new PhoneError("not-possible-now");
  if (next === "other-gone") {
    await ask({ type: "want-hold", held: false });
    throw new PhoneError(what.do === "consult" ? "call-in-progress" : "no-call");
  }
  if (next === "go") flip();
  switch (what.do) {
    case "answer":
      if (front().phase !== "ringing") throw new PhoneError("no-call");
      return ask({ type: "answer" });
    case "swap":
      if (!isTalking(front())) throw new PhoneError("no-call");
      return ask({ type: "want-hold", held: false });
    case "consult":
      if (next === "front-over") throw new PhoneError("no-call");
      consults(what.dial.callId);
      return ask(what.dial);
    default:
      what satisfies never;
  }
}
