import type { ReadonlySignal } from "@preact/signals-core";
import type { CrmRecord } from "../protocol/call.ts";
import type { CallKeeper } from "./call-keeper.ts";
import { type Allowed, allowed, isUp } from "./call/allowed.ts";
import { sameNumber } from "./call/number.ts";
import { type Desk, codeOf } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { LineKeeper } from "./line-keeper.ts";
import type { Engine } from "./ports.ts";
import type { Phone } from "./view.ts";

type CallActions = Pick<Phone, "dial" | "answer" | "reject" | "silence" | "hangUp" | "setMuted" | "setHeld" | "sendDigits">;

type OnScreen = Phone["context"]["value"];

export interface CallActionParts {
  readonly calls: CallKeeper;
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
      need("answer");
      await calls.ask({ type: "answer" });
    },
    reject: async () => {
      need("reject");
      await calls.ask({ type: "reject", at: clock.now() });
    },
    silence: () => calls.feed({ type: "silence" }),
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

async function dial(desk: Desk, parts: CallActionParts, text: string, about: NonNullable<Parameters<Phone["dial"]>[1]>): Promise<void> {
  const { via } = desk.config.dialing;
  const { name } = parts.line.state().phase;
  if (name === "taken-elsewhere") throw new PhoneError("phone-is-elsewhere");
  if (name === "signed-out") throw new PhoneError("not-signed-in");
  if (!allowed(parts.calls.state.peek()).dial) throw new PhoneError("call-in-progress");
  if (name !== "ready") throw new PhoneError("not-ready");
  if (via === "none" || (via === "url" && desk.ports.clickToCall === null)) throw new PhoneError("dial-not-configured");
  const number = desk.ports.numbers.toE164(text);
  if (number === null) throw new PhoneError("number-invalid");
  const record = about.record ?? recordOnScreen(parts.context.peek(), number);
  const customer = about.name ?? record?.name ?? null;
  await parts.calls.ask({ type: "dial", callId: desk.ports.newId(), number, name: customer, record, at: desk.ports.clock.now() });
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
