import { whoseLeg } from "./call/own-leg.ts";
import type { CallLeg, CallState, OwnDial } from "./call/state.ts";

const BY_ID_MS = 60_000;
const BY_NUMBER_MS = 10_000;

/**
 * Dials that the agent took back, or gave up waiting for, while the exchange may still ring our leg. Such a leg must not
 * ring: answered, it would call the customer after all. The number alone decides only for a short time, because
 * the customer may be calling back.
 */
export interface AbandonedDials {
  step(before: CallState, after: CallState, at: number): void;
  accepted(callId: string, exotelCallSid: string | null): void;
  claims(leg: CallLeg, at: number): boolean;
}

export function createAbandonedDials(): AbandonedDials {
  let dials: { readonly callId: string; readonly dial: OwnDial; readonly at: number }[] = [];
  return {
    step: (before, after, at) => {
      if (before.phase !== "dialing" || after.phase !== "ended") return;
      dials = [...dials, { callId: before.facts.callId, dial: before.dial, at }];
    },
    accepted: (callId, exotelCallSid) => {
      dials = dials.map((entry) => (entry.callId === callId ? { ...entry, dial: { ...entry.dial, reply: { exotelCallSid } } } : entry));
    },
    claims: (leg, at) => {
      dials = dials.filter((entry) => at - entry.at < BY_ID_MS);
      const claimed = dials.find((entry) => {
        const byId = typeof entry.dial.reply === "object" && entry.dial.reply.exotelCallSid !== null && leg.exotelCallSid !== null;
        return whoseLeg(entry.dial, leg) === "own" && (byId || at - entry.at < BY_NUMBER_MS);
      });
      dials = dials.filter((entry) => entry !== claimed);
      return claimed !== undefined;
    },
  };
}
