import { isUp } from "./call/allowed.ts";
import type { CallState } from "./call/state.ts";
import type { LegRecord, SipAccount } from "./engine-port.ts";

/** A call that is up, as the next page finds it: kept encrypted, and deleted at its end. */
export interface SurvivingCall {
  readonly version: typeof VERSION;
  /** Whose phone it is on: the call goes on before anybody has signed in to the next page. */
  readonly account: SipAccount;
  /** 0 in the first page; each page that takes the call up has a higher one, the time at which it did so (epoch ms). */
  readonly epoch: number;
  readonly state: CallState;
  /** It was made to ask about the other call. */
  readonly isConsultation: boolean;
  /** `null` while the exchange has not rung our own leg yet. */
  readonly record: LegRecord | null;
  /** Epoch ms at which a page last had it. */
  readonly seenAt: number;
}

/** Of their keys in the safe; the call id follows. */
export const PREFIX = "call:";

/** Pages of another version may lie between: what they wrote is not for this one. */
export const VERSION = 1;

/** A page that has been gone for longer has left the customer alone: they are let go of instead of being surprised. */
export const RESUMABLE_MS = 60_000;

/** A call that the agent had answered and that goes on in this page: its microphone will be needed. One that rings needs none. */
export function isConversation(value: unknown, now: number): boolean {
  const call = readSurvivingCall(value);
  return call !== null && "mute" in call.state && now - call.seenAt <= RESUMABLE_MS;
}

export function readSurvivingCall(value: unknown): SurvivingCall | null {
  if (!isObject(value) || value["version"] !== VERSION) return null;
  const { account, epoch, state, record, seenAt } = value;
  if (!isAccount(account) || typeof epoch !== "number" || typeof seenAt !== "number") return null;
  if (!isState(state) || !isUp(state) || (record !== null && !isObject(record))) return null;
  return { version: VERSION, account, epoch, state, record, seenAt, isConsultation: value["isConsultation"] === true };
}

/**
 * How the call begins in the page that takes it up: nothing flows yet, no question to the engine is open, and what was
 * wanted of mute and hold is what the engine is told to begin with.
 */
export function asTakenUp(state: CallState, at: number): CallState {
  switch (state.phase) {
    case "active":
    case "reconnecting": {
      const { facts, leg, answeredAt, mute, hold, heldThere, digits } = state;
      const talk = { facts, leg, answeredAt, mute: settled(mute.wanted), hold: settled(hold.wanted), heldThere, digits, transfer: null };
      return { phase: "reconnecting", ...talk, lost: LOST };
    }
    case "connecting": {
      const { facts, leg, mute } = state;
      const talk = {
        facts,
        leg,
        answeredAt: at,
        mute: settled(mute.wanted),
        hold: settled(false),
        heldThere: false,
        digits: "",
        transfer: null,
      };
      return { phase: "reconnecting", ...talk, lost: LOST };
    }
    default:
      return state;
  }
}

const LOST = { media: true, signalling: true } as const;

function settled(wanted: boolean) {
  return { wanted, confirmed: wanted, asking: false };
}

function isState(value: unknown): value is CallState {
  if (!isObject(value) || typeof value["phase"] !== "string" || !isObject(value["facts"])) return false;
  const { callId, remoteNumber, startedAt, direction } = value["facts"];
  if (typeof callId !== "string" || typeof remoteNumber !== "string" || typeof startedAt !== "number") return false;
  if (direction !== "incoming" && direction !== "outgoing") return false;
  if (value["phase"] === "dialing") return isObject(value["dial"]) && "undecided" in value;
  return typeof value["leg"] === "string" && ["ringing", "connecting", "active", "reconnecting"].includes(value["phase"]);
}

function isAccount(value: unknown): value is SipAccount {
  if (!isObject(value)) return false;
  return ["user", "password", "domain", "proxy", "displayName"].every((key) => typeof value[key] === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
