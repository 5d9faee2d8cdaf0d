import type { ReadonlySignal } from "@preact/signals-core";
import { type CallActionParts, dialEvent, numberOf, waits } from "./call-actions.ts";
import { isTalking, isUp } from "./call/allowed.ts";
import type { Desk } from "./desk.ts";
import { PhoneError, type PhoneErrorCode } from "./errors.ts";
import { callOptions } from "./call-options.ts";
import type { EngineCapabilities } from "./ports.ts";
import { joinable } from "./two-calls.ts";
import type { CallOptions, Phone } from "./view.ts";

type TwoCallActions = Pick<Phone, "endAndAnswer" | "swap" | "transfer" | "consult" | "completeTransfer" | "cancelConsult">;

export interface TwoCallActionParts extends Pick<CallActionParts, "calls" | "line" | "context"> {
  readonly abilities: ReadonlySignal<EngineCapabilities | null>;
}

/** What the agent or the host may do with two calls, and to send a caller on. Everything rejects with `PhoneError`. */
export function createTwoCallActions(desk: Desk, parts: TwoCallActionParts): TwoCallActions {
  const { calls, abilities } = parts;
  const { clock } = desk.ports;
  const need = (what: keyof CallOptions): void => {
    const can = abilities.peek();
    if (can === null || !can.canTransfer || (what !== "transfer" && !can.canHoldTwoCalls)) throw new PhoneError("not-supported");
    if (!callOptions(calls, can, desk.config)[what]) throw new PhoneError(whyNot(what));
  };
  const whyNot = (what: keyof CallOptions): PhoneErrorCode => {
    if (!isUp(calls.state.peek())) return "no-call";
    if (what === "consult" && desk.config.dialing.via === "none") return "dial-not-configured";
    return what === "consult" && isUp(calls.other.peek()) ? "call-in-progress" : "not-possible-now";
  };
  return {
    endAndAnswer: async () => {
      if (!waits(calls)) throw new PhoneError("no-call");
      await calls.ask({ type: "hang-up", at: clock.now() });
      // The one that waited is in front now.
      if (calls.state.peek().phase !== "ringing") throw new PhoneError("no-call");
      await calls.ask({ type: "answer" });
    },
    swap: async () => {
      need("swap");
      await calls.changeover.start({ do: "swap" });
    },
    transfer: async (text) => {
      need("transfer");
      calls.feed({ type: "want-transfer", number: numberOf(desk, text), other: null });
    },
    consult: async (text) => {
      need("consult");
      await calls.changeover.start({ do: "consult", dial: dialEvent(desk, parts, text, {}, true) });
    },
    completeTransfer: async () => {
      need("completeTransfer");
      const pair = joinable(calls);
      if (pair === null) throw new PhoneError("not-possible-now");
      const { customer, consulted, number } = pair;
      calls.askOf(customer, { type: "want-transfer", number, other: consulted }).catch(() => undefined);
    },
    cancelConsult: async () => {
      const consultation = calls.consultation.peek();
      const consulted = calls.all().find((state) => state.phase !== "idle" && state.facts.callId === consultation);
      if (consultation === null || consulted === undefined) throw new PhoneError("no-call");
      await calls.askOf(consultation, { type: "hang-up", at: clock.now() });
      const customer = calls.state.peek();
      if (isTalking(customer)) await calls.ask({ type: "want-hold", held: false });
    },
  };
}
