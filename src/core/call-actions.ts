import type { ReadonlySignal } from "@preact/signals-core";
import type { CrmRecord } from "../protocol/call.ts";
import { type Allowed, allowed, isUp } from "./call/allowed.ts";
import { sameNumber } from "./call/number.ts";
import type { CallEvent } from "./call/state.ts";
import { type Desk, codeOf } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LineKeeper } from "./line-keeper.ts";
import type { Engine } from "./ports.ts";
import type { Calls } from "./two-calls.ts";
import type { Phone } from "./view.ts";

type CallActions = Pick<Phone, "dial" | "answer" | "reject" | "silence" | "hangUp" | "setMuted" | "setHeld" | "sendDigits">;

type OnScreen = Phone["context"]["value"];

export interface CallActionParts {
  readonly calls: Calls;
  readonly line: LineKeeper;
  readonly context: ReadonlySignal<OnScreen>;
  engine(): Engine | null;
}

/** What the agent or the host may do with a call. Everything rejects with `PhoneError`. */
export function createCallActions(desk: Desk, parts: CallActionParts): CallActions {
  const { calls } = parts;
  const { clock } = desk.ports;
  const need = (what: keyof Allowed): void => {
    const state = calls.state.peek();
    if (!allowed(state)[what]) throw new PhoneError(isUp(state) ? "not-possible-now" : "no-call");
  };
  return {
    dial: (text, about) => dial(desk, parts, text, about ?? {}),
    answer: async () => {
      if (waits(calls)) return calls.changeover.start({ do: "answer" });
      need("answer");
      await calls.ask({ type: "answer" });
    },
    reject: async () => {
      if (waits(calls)) return calls.askOther({ type: "reject", at: clock.now() });
      need("reject");
      await calls.ask({ type: "reject", at: clock.now() });
    },
    silence: () => (waits(calls) ? void calls.askOther({ type: "silence" }) : calls.feed({ type: "silence" })),
    hangUp: async () => {
      need("hangUp");
      await calls.ask({ type: "hang-up", at: clock.now() });
    },
    setMuted: async (muted) => {
      need("mute");
      await calls.ask({ type: "want-mute", muted });
    },
    setHeld: async (held) => {
      need("hold");
      await calls.ask({ type: "want-hold", held });
    },
    sendDigits: createDigitQueue(desk, parts, () => need("digits")),
  };
}

/** The lead on the CRM's screen, where the number is its own. */
export function recordOnScreen({ record, number }: OnScreen, dialled: string | null): CrmRecord | null {
  return dialled !== null && number !== null && sameNumber(number, dialled) ? record : null;
}

/** A second call waits behind the one in front. */
export function waits(calls: Calls): boolean {
  return calls.other.peek().phase === "ringing";
}

type About = NonNullable<Parameters<Phone["dial"]>[1]>;

async function dial(desk: Desk, parts: CallActionParts, text: string, about: About): Promise<void> {
  await parts.calls.ask(dialEvent(desk, parts, text, about, allowed(parts.calls.state.peek()).dial));
}

/**
 * What the machine is given for a number that was typed or pasted.
 *
 * @param isFree  whether another call may begin.
 */
export function dialEvent(
  desk: Desk,
  parts: Pick<CallActionParts, "line" | "context">,
  text: string,
  about: About,
  isFree: boolean,
): Extract<CallEvent, { type: "dial" }> {
  const { via } = desk.config.dialing;
  const { name } = parts.line.state().phase;
  if (name === "taken-elsewhere") throw new PhoneError("phone-is-elsewhere");
  if (name === "signed-out") throw new PhoneError("not-signed-in");
  if (!isFree) throw new PhoneError("call-in-progress");
  if (name !== "ready") throw new PhoneError("not-ready");
  if (via === "none" || (via === "url" && desk.ports.clickToCall === null)) throw new PhoneError("dial-not-configured");
  const number = numberOf(desk, text);
  const record = about.record ?? recordOnScreen(parts.context.peek(), number);
  const customer = about.name ?? record?.name ?? null;
  return { type: "dial", callId: desk.ports.newId(), number, name: customer, record, at: desk.ports.clock.now() };
}

/** Throws `number-invalid`. */
export function numberOf({ ports }: Desk, text: string): string {
  const number = ports.numbers.toE164(text);
  if (number === null) throw new PhoneError("number-invalid");
  return number;
}

/** Digits go out one after the other, in the order in which they were pressed; those of a call that ended are dropped. */
function createDigitQueue(desk: Desk, { calls, engine }: CallActionParts, need: () => void): (digits: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const talkingLeg = () => {
    const state = calls.state.peek();
    return state.phase === "active" || state.phase === "reconnecting" ? state.leg : null;
  };
  const sendOne = async (leg: string | null, digit: string): Promise<void> => {
    const loaded = engine();
    if (leg === null || loaded === null || talkingLeg() !== leg) throw new PhoneError("no-call");
    desk.ports.audio.playDigit(digit);
    await loaded.sendDigit(leg, digit);
    calls.feed({ type: "digit-sent", leg, digit });
  };
  return async (digits) => {
    need();
    const tidy = digits.toUpperCase();
    if (!/^[0-9A-D*#]+$/.test(tidy)) throw new PhoneError("digit-invalid");
    const leg = talkingLeg();
    const mine = last.then(async () => {
      for (const digit of tidy) await sendOne(leg, digit);
    });
    last = mine.catch((error: unknown) => desk.ports.log.write("warn", "call: digit not sent", { code: codeOf(error) }));
    return mine;
  };
}
