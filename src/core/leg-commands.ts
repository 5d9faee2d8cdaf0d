import type { CallEffect, CallEvent } from "./call/state.ts";
import { type Desk, MICROPHONE_CODES, type MicrophoneCode, codeOf, isMicrophoneCode } from "./desk.ts";
import { PhoneError } from "./errors.ts";
import type { Engine, LegId, PlacedLeg } from "./engine-port.ts";

type LegEffect = Exclude<CallEffect, { type: "start-ringer" | "stop-ringer" | "timer" | "missed" }>;
type Feed = (event: CallEvent) => void;

const TRIES_TO_END = 3;
const END_AGAIN_MS = 1_000;

/** Turns the call machine's effects into requests to engine and exchange, and their failures into events. */
export interface LegCommands {
  /** Rejects with `PhoneError`; the machine has been told by then. */
  carryOut(effect: LegEffect, feed: Feed): Promise<void>;
}

export interface LegCommandsParts {
  engine(): Engine | null;
  /** Whether the dial of this call is still wanted. */
  isDialing(callId: string): boolean;
  /** When the engine knows a leg of the page before; `null` where it does. Who clicks sooner than that has not lost the call. */
  whenTakenUp(leg: LegId): Promise<void> | null;
}

export function createLegCommands(desk: Desk, parts: LegCommandsParts): LegCommands {
  const now = createCommandsNow(desk, parts);
  return {
    carryOut: (effect, feed) => {
      const takenUp = "leg" in effect ? parts.whenTakenUp(effect.leg) : null;
      return takenUp === null ? now.carryOut(effect, feed) : takenUp.then(() => now.carryOut(effect, feed));
    },
  };
}

function createCommandsNow(desk: Desk, { engine, isDialing }: LegCommandsParts): LegCommands {
  const { clock } = desk.ports;
  const need = (): Engine => {
    const loaded = engine();
    if (loaded === null) throw new PhoneError("not-ready");
    return loaded;
  };
  const failed = (what: string, error: unknown) => failure(desk, what, error);
  /** A leg that is over on the screen must be over at the far end too: a live microphone would stay. */
  const endLeg = async (leg: string, way: "reject" | "hangUp", tries = TRIES_TO_END): Promise<void> => {
    try {
      await need()[way](leg);
    } catch (error) {
      failed(way, error);
      if (tries > 1) desk.scope.add(clock.after(END_AGAIN_MS, () => void endLeg(leg, way, tries - 1)));
    }
  };
  const ask = async (feed: Feed, leg: string, what: "mute" | "hold" | "transfer", request: () => Promise<void>): Promise<void> => {
    try {
      await request();
    } catch (error) {
      feed({ type: `leg-${what}-refused`, leg });
      throw failed(what, error);
    }
  };
  return {
    carryOut: async (effect, feed) => {
      switch (effect.type) {
        case "place-call":
          return placeCall(desk, effect, feed, {
            isDialing,
            place: (number) => need().place(number),
            hangUp: (leg) => endLeg(leg, "hangUp"),
          });
        case "answer-leg":
          return answerLeg(desk, effect.leg, feed, {
            answer: () => need().answer(effect.leg),
            refuse: () => endLeg(effect.leg, "reject", 1),
          });
        case "reject-leg":
          return endLeg(effect.leg, "reject");
        case "hang-up-leg":
          return endLeg(effect.leg, "hangUp");
        case "set-muted":
          return ask(feed, effect.leg, "mute", () => need().setMuted(effect.leg, effect.muted));
        case "set-held":
          return ask(feed, effect.leg, "hold", () => need().setHeld(effect.leg, effect.held));
        case "transfer-leg":
          return ask(feed, effect.leg, "transfer", () => transferLeg(desk, need(), effect));
        default:
          effect satisfies never;
      }
    },
  };
}

type TransferLeg = Extract<LegEffect, { type: "transfer-leg" }>;

async function transferLeg(desk: Desk, engine: Engine, { callId, leg, number, other }: TransferLeg): Promise<void> {
  desk.notices.clear("transfer-failed");
  try {
    await (other === null ? engine.transfer(leg, number) : engine.transferTo(leg, other));
  } catch (error) {
    // A call that was hung up meanwhile is nobody's failure.
    if (codeOf(error) !== "no-call") {
      desk.notices.push("transfer-failed", number);
      desk.tell({ type: "transfer-failed", callId });
    }
    throw error;
  }
}

function failure(desk: Desk, what: string, error: unknown): PhoneError {
  const code = codeOf(error);
  desk.ports.log.write("warn", `call: ${what} failed`, { code });
  return new PhoneError(code, error);
}

async function answerLeg(
  desk: Desk,
  leg: string,
  feed: Feed,
  { answer, refuse }: { answer(): Promise<void>; refuse(): Promise<void> },
): Promise<void> {
  try {
    await answer();
  } catch (error) {
    const problem = failure(desk, "answer", error);
    // The caller gave up in the same moment: the engine says how that leg ended.
    if (problem.code === "no-call") throw problem;
    const denied = isMicrophoneCode(problem.code);
    desk.notices.push(denied ? problem.code : "internal");
    feed({ type: "leg-ended", leg, reason: denied ? "media-denied" : "failed", sipCode: null, at: desk.ports.clock.now() });
    // The engine refuses a leg without a microphone by itself.
    if (!denied) await refuse();
    throw problem;
  }
}

interface Placing {
  isDialing(callId: string): boolean;
  place(number: string): Promise<PlacedLeg>;
  hangUp(leg: string): Promise<void>;
}

async function placeCall(
  desk: Desk,
  effect: Extract<LegEffect, { type: "place-call" }>,
  feed: Feed,
  { isDialing, place, hangUp }: Placing,
): Promise<void> {
  const { host, clickToCall, clock, log } = desk.ports;
  const { callId, number, record } = effect;
  try {
    // Before the customer is called: an agent who cannot be heard must not be connected.
    const microphone = await askForMicrophone(desk);
    if (microphone !== null) throw new PhoneError(microphone);
    if (!isDialing(callId)) return;
    const { via } = desk.config.dialing;
    if (via === "sip") {
      const placed = await place(number);
      if (!isDialing(callId)) return hangUp(placed.leg);
      return feed({ type: "dial-placed", callId, ...placed });
    }
    const reply = via === "url" ? await clickToCall?.placeCall(number, callId) : await host.placeCall(number, callId, record);
    feed({ type: "dial-accepted", callId, exotelCallSid: reply?.exotelCallSid ?? null, at: clock.now() });
  } catch (error) {
    // The leg was there before the reply, or the agent took the dial back: the reply matters to nobody any more.
    if (!isDialing(callId)) return void log.write("info", "call: late dial reply", { code: codeOf(error) });
    const denied = isMicrophoneCode(codeOf(error));
    const code = denied ? codeOf(error) : "dial-failed";
    log.write("warn", "call: dial failed", { code, cause: codeOf(error) });
    desk.notices.push(code, denied ? null : number);
    feed({ type: "dial-refused", callId, reason: denied ? "media-denied" : "failed", at: clock.now() });
    throw new PhoneError(code, error);
  }
}

async function askForMicrophone({ ports: { audio }, notices }: Desk): Promise<MicrophoneCode | null> {
  const known = await audio.checkMicrophone(false);
  const now = known === "unknown" ? await audio.checkMicrophone(true) : known;
  if (now === "usable") notices.clear(...MICROPHONE_CODES);
  return now === "usable" || now === "unknown" ? null : now;
}
