import { describe, expect, test } from "vitest";
import { PhoneError } from "../core/errors.ts";
import type { Engine, EngineEvent, LegId, SipAccount } from "../core/ports.ts";

/** An engine that nobody has used yet, and the world around it, to be played. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** How the registrar takes what comes from now on. */
  registrar(how: "accepts" | "refuses" | "unreachable" | "silent"): void;
  /** What is wrong with the microphone from now on. */
  microphone(problem: "microphone-missing" | "microphone-refused"): void;
  /** A call comes in, from +918000000001. */
  ring(): LegId;
  hangUpThere(leg: LegId): void;
  cancel(leg: LegId): void;
  /** Lets everything that waits for promises alone come to its end. */
  settle(): Promise<void>;
}

export const someAccount: SipAccount = {
  user: "asha",
  password: "correct-horse",
  domain: "acme.voip.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};

/** What every engine must do. */
export function engineContract(name: string, create: () => EngineUnderTest): void {
  const open = () => {
    const under = create();
    const events: EngineEvent[] = [];
    // What another page would need is no news of the call.
    under.engine.on((event) => event.type !== "leg-record" && events.push(event));
    const ended = (leg: LegId) => events.filter((event) => event.type === "leg-ended" && event.leg === leg);
    const up = async (): Promise<LegId> => {
      const leg = under.ring();
      await under.engine.answer(leg);
      await under.settle();
      return leg;
    };
    const ready = async (): Promise<void> => {
      await under.engine.register(someAccount);
      await under.settle();
      events.length = 0;
    };
    return { ...under, events, ended, up, ready };
  };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "fulfilled",
      (error: unknown) => (error instanceof PhoneError ? error.code : error),
    );

  describe(`engine ${name}`, () => {
    test("[E2] a registration ends in exactly one of registered, lost and refused", async () => {
      for (const [how, type] of [
        ["accepts", "registered"],
        ["refuses", "registration-refused"],
        ["unreachable", "registration-lost"],
      ] as const) {
        const { engine, registrar, events, settle } = open();
        registrar(how);
        await engine.register(someAccount);
        await settle();
        expect(events.map((event) => event.type)).toEqual([type]);
      }
    });

    test("[E3] a call rings with its facts, is answered, and ends once when the far end hangs up", async () => {
      const { events, ended, ready, up, hangUpThere, settle } = open();
      await ready();
      const leg = await up();
      expect(events[0]).toMatchObject({ type: "leg-ringing", invitation: { leg, number: "+918000000001" } });
      expect(events).toContainEqual({ type: "leg-connected", leg });
      hangUpThere(leg);
      await settle();
      expect(ended(leg)).toEqual([{ type: "leg-ended", leg, reason: "hung-up-there", sipCode: null }]);
    });

    test("[E4] declined, hung up here and given up by the caller are told apart", async () => {
      const { engine, ended, ready, up, ring, cancel, settle } = open();
      await ready();
      const declined = ring();
      await engine.reject(declined);
      await settle();
      const hungUp = await up();
      await engine.hangUp(hungUp);
      await settle();
      const givenUp = ring();
      cancel(givenUp);
      await settle();
      expect([declined, hungUp, givenUp].map((leg) => ended(leg).map((event) => "reason" in event && event.reason))).toEqual([
        ["rejected"],
        ["hung-up-here"],
        ["missed"],
      ]);
    });

    test("[E5] mute and hold are confirmed by an event that names the leg", async () => {
      const { engine, events, ready, up, settle } = open();
      await ready();
      const leg = await up();
      await engine.setMuted(leg, true);
      await engine.setHeld(leg, true);
      await settle();
      await engine.setHeld(leg, false);
      await settle();
      await engine.setMuted(leg, false);
      await settle();
      expect(events.filter(({ type }) => type === "leg-muted" || type === "leg-held")).toEqual([
        { type: "leg-muted", leg, muted: true },
        { type: "leg-held", leg, held: true },
        { type: "leg-held", leg, held: false },
        { type: "leg-muted", leg, muted: false },
      ]);
    });

    test("[E6] without a microphone the answer fails with the reason, and the reason is also told as an event", async () => {
      const { engine, events, microphone, ready, ring, settle } = open();
      await ready();
      microphone("microphone-refused");
      const leg = ring();
      expect(await codeOf(engine.answer(leg))).toBe("microphone-refused");
      await settle();
      expect(events).toContainEqual({ type: "leg-media-denied", leg, code: "microphone-refused" });
    });

    test("[E7] a command for a leg that is over rejects with no-call", async () => {
      const { engine, ready, up, hangUpThere, settle } = open();
      await ready();
      const leg = await up();
      hangUpThere(leg);
      await settle();
      const commands = [
        engine.answer(leg),
        engine.hangUp(leg),
        engine.setMuted(leg, true),
        engine.setHeld(leg, true),
        engine.sendDigit(leg, "1"),
      ];
      expect(await Promise.all(commands.map(codeOf))).toEqual(commands.map(() => "no-call"));
      expect(await engine.statistics(leg)).toBeNull();
    });

    test("[E8] what the capabilities deny is refused, not faked", async () => {
      const { engine, ready, up } = open();
      await ready();
      const leg = await up();
      const { canDialDirect, canTransfer } = engine.capabilities;
      const dial = canDialDirect ? "not-supported" : await codeOf(engine.place("+918000000002"));
      const transfer = canTransfer ? "not-supported" : await codeOf(engine.transfer(leg, "+918000000002"));
      expect([dial, transfer]).toEqual(["not-supported", "not-supported"]);
    });

    test("[E9] who has unsubscribed hears nothing more", async () => {
      const { engine, ready, ring } = open();
      await ready();
      const heard: EngineEvent[] = [];
      const undo = engine.on((event) => heard.push(event));
      undo();
      undo();
      ring();
      expect(heard).toEqual([]);
    });
  });
}
