import { PhoneError } from "../core/errors.ts";
import type { Engine, EngineEvent, LegId, SipAccount } from "../core/engine-port.ts";

/** An engine that nobody has used yet, and the world around it, to be played. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** How the registrar takes what comes from now on. */
  registrar(how: "accepts" | "refuses" | "unreachable" | "silent"): void;
  /** What is wrong with the microphone from now on. */
  microphone(problem: "microphone-missing" | "microphone-refused"): void;
  /** Who registers; `someAccount` where the network is played. */
  account?(): SipAccount;
  /** A call comes in, from +918000000001. */
  ring(): LegId | Promise<LegId>;
  hangUpThere(leg: LegId): void | Promise<void>;
  cancel(leg: LegId): void | Promise<void>;
  /** Lets what was begun come to its end. On a real network that takes until `done` is true; a played one is done at once. */
  settle(done: () => boolean): Promise<void>;
}

/** The words of Vitest that the rules are written in. Playwright has the same, and runs them in a real browser. */
export interface ContractSuite {
  describe(title: string, rules: () => void): void;
  test(title: string, body: () => Promise<void>): void;
  expect(value: unknown): {
    toBe(expected: unknown): void;
    toBeNull(): void;
    toEqual(expected: unknown): void;
    toContainEqual(expected: unknown): void;
    toMatchObject(expected: Record<string, unknown>): void;
  };
}

export const someAccount: SipAccount = {
  user: "asha",
  password: "correct-horse",
  domain: "acme.voip.example.com",
  proxy: "voip.example.com:443",
  displayName: "Asha",
};

/** What every engine must do. */
export function engineContract(
  name: string,
  { describe, test, expect }: ContractSuite,
  create: () => EngineUnderTest | Promise<EngineUnderTest>,
): void {
  const open = async () => {
    const under = await create();
    const { engine, settle } = under;
    const events: EngineEvent[] = [];
    // What another page would need is no news of the call.
    engine.on((event) => event.type !== "leg-record" && events.push(event));
    const heard = (type: EngineEvent["type"], leg?: LegId) => () =>
      events.some((event) => event.type === type && (leg === undefined || ("leg" in event && event.leg === leg)));
    const ended = (leg: LegId) => events.filter((event) => event.type === "leg-ended" && event.leg === leg);
    const over = (leg: LegId) => settle(heard("leg-ended", leg));
    const register = (): Promise<void> => engine.register(under.account?.() ?? someAccount);
    const up = async (): Promise<LegId> => {
      const leg = await under.ring();
      await engine.answer(leg);
      await settle(heard("leg-connected", leg));
      return leg;
    };
    const ready = async (): Promise<void> => {
      await register();
      await settle(heard("registered"));
      events.length = 0;
    };
    return { ...under, events, heard, ended, over, register, up, ready };
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
        const { register, registrar, events, settle } = await open();
        registrar(how);
        await register();
        await settle(() => events.length > 0);
        expect(events.map((event) => event.type)).toEqual([type]);
      }
    });

    test("[E3] a call rings with its facts, is answered, and ends once when the far end hangs up", async () => {
      const { events, ended, over, ready, up, hangUpThere } = await open();
      await ready();
      const leg = await up();
      expect(events[0]).toMatchObject({ type: "leg-ringing", invitation: { leg, number: "+918000000001" } });
      expect(events).toContainEqual({ type: "leg-connected", leg });
      await hangUpThere(leg);
      await over(leg);
      expect(ended(leg)).toEqual([{ type: "leg-ended", leg, reason: "hung-up-there", sipCode: null }]);
    });

    test("[E4] declined, hung up here and given up by the caller are told apart", async () => {
      const { engine, ended, over, ready, up, ring, cancel } = await open();
      await ready();
      const declined = await ring();
      await engine.reject(declined);
      await over(declined);
      const hungUp = await up();
      await engine.hangUp(hungUp);
      await over(hungUp);
      const givenUp = await ring();
      await cancel(givenUp);
      await over(givenUp);
      expect([declined, hungUp, givenUp].map((leg) => ended(leg).map((event) => "reason" in event && event.reason))).toEqual([
        ["rejected"],
        ["hung-up-here"],
        ["missed"],
      ]);
    });

    test("[E5] mute and hold are confirmed by an event that names the leg", async () => {
      const { engine, events, ready, up, settle } = await open();
      await ready();
      const leg = await up();
      const confirmations = () => events.filter(({ type }) => type === "leg-muted" || type === "leg-held");
      await engine.setMuted(leg, true);
      await engine.setHeld(leg, true);
      await settle(() => confirmations().length === 2);
      await engine.setHeld(leg, false);
      await settle(() => confirmations().length === 3);
      await engine.setMuted(leg, false);
      await settle(() => confirmations().length === 4);
      expect(confirmations()).toEqual([
        { type: "leg-muted", leg, muted: true },
        { type: "leg-held", leg, held: true },
        { type: "leg-held", leg, held: false },
        { type: "leg-muted", leg, muted: false },
      ]);
    });

    test("[E6] without a microphone the answer fails with the reason, and the reason is also told as an event", async () => {
      const { engine, events, heard, microphone, ready, ring, settle } = await open();
      await ready();
      microphone("microphone-refused");
      const leg = await ring();
      expect(await codeOf(engine.answer(leg))).toBe("microphone-refused");
      await settle(heard("leg-media-denied"));
      expect(events).toContainEqual({ type: "leg-media-denied", leg, code: "microphone-refused" });
    });

    test("[E7] a command for a leg that is over rejects with no-call", async () => {
      const { engine, over, ready, up, hangUpThere } = await open();
      await ready();
      const leg = await up();
      await hangUpThere(leg);
      await over(leg);
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
      const { engine, ready, up } = await open();
      await ready();
      const leg = await up();
      const { canDialDirect, canTransfer } = engine.capabilities;
      const dial = canDialDirect ? "not-supported" : await codeOf(engine.place("+918000000002"));
      const transfer = canTransfer ? "not-supported" : await codeOf(engine.transfer(leg, "+918000000002"));
      const join = canTransfer ? "not-supported" : await codeOf(engine.transferTo(leg, leg));
      expect([dial, transfer, join]).toEqual(["not-supported", "not-supported", "not-supported"]);
    });

    test("[E12] where two calls can be held, each is held, muted and ended by itself", async () => {
      const { engine, events, heard, ended, over, ready, up, settle } = await open();
      await ready();
      if (!engine.capabilities.canHoldTwoCalls) return;
      const first = await up();
      await engine.setHeld(first, true);
      await settle(heard("leg-held", first));
      const second = await up();
      await engine.setMuted(second, true);
      await settle(() => events.some((event) => event.type === "leg-muted" && event.leg === second && event.muted));
      await engine.hangUp(second);
      await over(second);
      expect([ended(first), ended(second).length]).toEqual([[], 1]);
      await engine.setHeld(first, false);
      await settle(() => events.some((event) => event.type === "leg-held" && event.leg === first && !event.held));
      await engine.hangUp(first);
      await over(first);
      expect(ended(first).length).toBe(1);
    });

    test("[E13] a hold that is asked for in the moment of the answer is carried out, and the call goes on", async () => {
      const { engine, heard, ended, over, ready, ring, settle } = await open();
      await ready();
      const leg = await ring();
      await engine.answer(leg);
      await engine.setHeld(leg, true);
      await settle(heard("leg-held", leg));
      await engine.setHeld(leg, false);
      await engine.hangUp(leg);
      await over(leg);
      expect(ended(leg)).toEqual([{ type: "leg-ended", leg, reason: "hung-up-here", sipCode: null }]);
    });

    test("[E9] who has unsubscribed hears nothing more", async () => {
      const { engine, ready, ring } = await open();
      await ready();
      const news: EngineEvent[] = [];
      const undo = engine.on((event) => news.push(event));
      undo();
      undo();
      await ring();
      expect(news).toEqual([]);
    });
  });
}
