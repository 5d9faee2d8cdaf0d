import { type ReadonlySignal, computed, signal } from "@preact/signals-core";
import { createAbandonedDials } from "./abandoned-dials.ts";
import { type CallHooks, type CallKeeper, createCallKeeper } from "./call-keeper.ts";
import { soundOf } from "./call-sound.ts";
import { isTalking, isUp } from "./call/allowed.ts";
import type { CallEvent, CallState } from "./call/state.ts";
import { type Changeover, createChangeover } from "./changeover.ts";
import type { Desk } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LegCommands } from "./leg-commands.ts";
import type { LegInvitation } from "./ports.ts";
import { tidyInvitation } from "./tidy-invitation.ts";

/**
 * Up to two calls at one desk, each with a machine of its own. One is in front: the agent sees, mutes and writes about it.
 * The other waits (it rings) or is held.
 *
 * - [C30] Where the engine can hold two calls, a leg that rings while the call in front is connecting or up waits; else [C9]. A third one never does.
 * - [C31] Nobody is ever heard by both: the waiting call is answered when the one in front is confirmed as held, and not before.
 * - [C32] Swapping holds the one, then resumes the other. A hold that is refused changes nothing; a caller who gives up meanwhile gets the first one resumed.
 * - [C33] When the call in front is over, the other one comes to the front as it is: a held one stays held. The wrap-up is set aside.
 * - [C34] A consultation is dialled when the customer is confirmed as held. Its log is sent without a wrap-up: the wrap-up is the customer's.
 * - [C35] Only a customer and a consultation who both talk can be joined.
 * - [C36] What sounds is one thing: a ring, softer while somebody talks, or the ring-back tone of a call that is dialled.
 */
export interface Calls {
  /** The call in front. */
  readonly state: ReadonlySignal<CallState>;
  /** `idle` while there is one call or none. */
  readonly other: ReadonlySignal<CallState>;
  /** The id of the call that is a consultation about the other one. */
  readonly consultation: ReadonlySignal<string | null>;
  readonly changeover: Changeover;
  all(): readonly CallState[];
  /**
   * Takes an event to the call that it names, else to the one in front. Resolves when what it asked of engine and host went
   * out; rejects with `PhoneError` where it could not.
   */
  ask(event: CallEvent): Promise<void>;
  feed(event: CallEvent): void;
  /** For the agent's wishes about the call that is not in front. */
  askOther(event: CallEvent): Promise<void>;
  /** For those about the call with this id, or this leg. Rejects with `no-call`. */
  askOf(callIdOrLeg: string, event: CallEvent): Promise<void>;
  rings(invitation: LegInvitation): void;
  /** A call that another page had, behind one that is there already. */
  restore(state: CallState, isConsultation: boolean): void;
  /** Another page has them from now on. */
  forget(): void;
  /** The engine itself refused a leg because it holds as many as it can. */
  refused(invitation: LegInvitation): void;
}

export interface CallsParts extends CallHooks {
  readonly commands: LegCommands;
  /** Whether the engine carries two legs. */
  holdsTwo(): boolean;
}

type Place = 0 | 1;

export function createCalls(desk: Desk, parts: CallsParts): Calls {
  const abandoned = createAbandonedDials();
  const front = signal<Place>(0);
  const consultation = signal<string | null>(null);
  const sound = createSound(desk, () => all());
  const create = (): CallKeeper =>
    createCallKeeper(desk, { commands: parts.commands, abandoned, sound, stepped: parts.stepped, missed: parts.missed, effected });
  const keepers: readonly [CallKeeper, CallKeeper] = [create(), create()];
  const inFront = () => keepers[front.peek()];
  const behind = () => keepers[otherPlace(front.peek())];
  const all = (): readonly CallState[] => [inFront().state.peek(), behind().state.peek()];
  const calls: Calls = {
    state: computed(() => keepers[front.value].state.value),
    other: computed(() => keepers[otherPlace(front.value)].state.value),
    consultation,
    changeover: createChangeover({
      front: () => inFront().state.peek(),
      other: () => behind().state.peek(),
      ask: (event) => inFront().ask(event),
      flip: () => void (front.value = otherPlace(front.peek())),
      consults: (callId) => void (consultation.value = callId),
    }),
    all,
    ask: (event) => keeperOf(event).ask(event),
    feed: (event) => keeperOf(event).feed(event),
    askOther: (event) => behind().ask(event),
    askOf: async (name, event) => {
      const named = keepers.find(({ state }) => idOf(state.peek()) === name || hasLeg(state.peek(), name));
      await (named ?? nobody).ask(event);
    },
    restore: (state, isConsultation) => {
      if (isConsultation) consultation.value = idOf(state);
      (isUp(inFront().state.peek()) ? behind() : inFront()).feed({ type: "restore", state });
    },
    forget: () => keepers.forEach(({ feed }) => feed({ type: "forget" })),
    refused: (invitation) => inFront().feed({ type: "leg-refused-busy", ...newCall(desk, invitation) }),
    rings: (invitation) => {
      const call = newCall(desk, invitation);
      if (!abandoned.claims(call.leg, call.at)) return placeFor(call.leg.exotelCallSid).feed({ type: "leg-ringing", ...call });
      desk.ports.log.write("info", "call: leg of a dial that was taken back");
      void parts.commands.carryOut({ type: "reject-leg", leg: call.leg.leg }, inFront().feed);
    },
  };
  return calls;

  /** [C33] */
  function effected(): void {
    if (!isUp(inFront().state.peek()) && isUp(behind().state.peek())) front.value = otherPlace(front.peek());
    const { phase } = behind().state.peek();
    if (phase === "wrap-up" || phase === "ended") behind().feed({ type: "clear" });
    if (!all().some((state) => isUp(state) && idOf(state) === consultation.peek())) consultation.value = null;
    calls.changeover.look();
    sound();
  }
  function keeperOf(event: CallEvent): CallKeeper {
    return keepers.find(({ state }) => concerns(event, state.peek())) ?? inFront();
  }
  function placeFor(exotelCallSid: string | null): CallKeeper {
    const copied = keepers.find(({ state }) => exotelCallSid !== null && isCopy(exotelCallSid, state.peek()));
    return copied ?? (parts.holdsTwo() && mayWait(inFront().state.peek(), behind().state.peek()) ? behind() : inFront());
  }
}

/** [C30] While one is dialled, the leg that rings may be its own. */
function mayWait({ phase }: CallState, other: CallState): boolean {
  return (phase === "connecting" || phase === "active" || phase === "reconnecting") && !isUp(other);
}

const nobody: Pick<CallKeeper, "ask"> = { ask: () => Promise.reject(new PhoneError("no-call")) };

/** What the machine is told of a leg that rings. */
function newCall({ ports: { clock, newId, numbers } }: Desk, invitation: LegInvitation) {
  return { leg: tidyInvitation(invitation, numbers), callId: newId(), at: clock.now() };
}

/** Whether both calls are up and could be joined, the customer first. */
export function joinable({
  state,
  other,
  consultation,
}: Calls): { readonly customer: string; readonly consulted: string; readonly number: string } | null {
  const both = [state.value, other.value].filter(isTalking);
  const consulted = both.find(({ facts }) => facts.callId === consultation.value);
  const customer = both.find((talk) => talk !== consulted);
  if (consulted === undefined || customer === undefined || customer.transfer !== null) return null;
  return { customer: customer.leg, consulted: consulted.leg, number: consulted.facts.remoteNumber };
}

export function isDialled(calls: Calls, callId: string): boolean {
  return calls.all().some((state) => state.phase === "dialing" && state.facts.callId === callId);
}

/** The call that notes are about: while the agent consults somebody, it is the customer's. */
export function writtenAbout({ state, other, consultation }: Calls): string | null {
  const isConsulting = idOf(state.value) !== null && idOf(state.value) === consultation.value;
  return idOf(isConsulting && isTalking(other.value) ? other.value : state.value);
}

function createSound({ ports: { audio }, scope }: Desk, all: () => readonly CallState[]): () => void {
  let last: ReturnType<typeof soundOf> = null;
  scope.add(() => audio.stopRinging());
  return () => {
    const now = soundOf(all());
    if (now === last) return;
    last = now;
    if (now === null) audio.stopRinging();
    else audio.startRinging(now);
  };
}

function concerns(event: CallEvent, state: CallState): boolean {
  if (state.phase === "idle") return false;
  if ("leg" in event && typeof event.leg === "string" && event.type !== "dial-placed") return hasLeg(state, event.leg);
  if ("callId" in event && event.type !== "dial" && event.type !== "leg-ringing") return state.facts.callId === event.callId;
  return false;
}

function hasLeg(state: CallState, leg: string): boolean {
  if (state.phase === "dialing") return state.placed === leg || state.undecided?.leg.leg === leg;
  return "leg" in state && state.leg === leg;
}

function idOf(state: CallState): string | null {
  return state.phase === "idle" ? null : state.facts.callId;
}
function isCopy(exotelCallSid: string, state: CallState): boolean {
  return isUp(state) && state.phase !== "idle" && state.facts.exotelCallSid === exotelCallSid;
}
function otherPlace(place: Place): Place {
  return place === 0 ? 1 : 0;
}
