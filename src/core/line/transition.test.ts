import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retryDelayMs } from "./retry.ts";
import { type LineEffect, type LineEvent, type LineState, START } from "./state.ts";
import { REGISTER_MS, transition } from "./transition.ts";

const CHANCE = { at: 1_000, random: 0.5, inCall: false };
const facts = (change: Partial<LineState["facts"]>): LineEvent => ({ type: "facts", change });
const LOST: LineEvent = { type: "lost", reason: "server-unreachable", ...CHANCE };

function play(events: readonly LineEvent[], from: LineState = START) {
  let state = from;
  let effects: readonly LineEffect[] = [];
  for (const event of events) ({ state, effects } = transition(state, event));
  return { state, phase: state.phase, effects };
}
const CONNECTING = play([facts({ leads: true }), facts({ account: true })]).state;
const READY = play([{ type: "registered" }], CONNECTING).state;

describe("registration", () => {
  test("[L1] registers once this tab leads and there is an account", () => {
    expect(play([facts({ leads: true }), facts({ account: true })])).toMatchObject({
      phase: { name: "connecting" },
      effects: [{ type: "register" }, { type: "timer", ms: REGISTER_MS }],
    });
  });
  test("[L2] what is missing shows, the strongest first", () => {
    expect(play([facts({ account: false })]).phase.name).toBe("starting");
    expect(play([facts({ leads: false, account: false, online: false })]).phase.name).toBe("taken-elsewhere");
    expect(play([facts({ leads: true, account: false, available: false })]).phase.name).toBe("signed-out");
    expect(play([facts({ leads: true, account: true, available: false, online: false })]).phase.name).toBe("off");
    expect(play([facts({ leads: true, account: true, online: false })]).phase.name).toBe("offline");
  });
  test("[L3] what is given up is unregistered, but not without a network", () => {
    for (const change of [{ leads: false }, { account: false }, { available: false }]) {
      expect(play([facts(change)], READY).effects).toContainEqual({ type: "unregister" });
    }
    expect(play([facts({ online: false })], READY)).toMatchObject({ phase: { name: "offline" }, effects: [{ type: "timer", ms: null }] });
  });
  test("[L4] a loss is tried again later, and later still", () => {
    const first = play([LOST], READY);
    expect(first.phase).toEqual({ name: "retrying", tried: 1, nextTryAt: 1_375, reason: "server-unreachable" });
    expect(first.effects).toEqual([{ type: "timer", ms: 375 }]);
    const second = play([{ type: "time-out", ...CHANCE }, LOST], first.state);
    expect(second.phase).toMatchObject({ name: "retrying", tried: 2, nextTryAt: 1_750 });
  });
  test("[L5] wrong credentials stop; a click tries once, another account too", () => {
    const refused = play([{ type: "refused" }], CONNECTING);
    expect(refused).toMatchObject({ phase: { name: "refused" }, effects: [{ type: "timer", ms: null }] });
    expect(play([LOST, { type: "time-out", ...CHANCE }, { type: "registered" }], refused.state).phase.name).toBe("refused");
    expect(play([{ type: "try-now" }], refused.state).phase.name).toBe("connecting");
    expect(play([{ type: "account-changed" }], refused.state).phase.name).toBe("connecting");
  });
  test("[L6] the network's return and a click start from the beginning", () => {
    const late = play([LOST, { type: "time-out", ...CHANCE }, LOST, { type: "time-out", ...CHANCE }, LOST], READY).state;
    expect(late.phase).toMatchObject({ tried: 3 });
    expect(play([{ type: "try-now" }], late).phase).toEqual({ name: "connecting", tried: 0 });
    expect(play([facts({ online: false }), facts({ online: true })], late).phase).toEqual({ name: "connecting", tried: 0 });
  });
  test("[L7] no answer is a loss", () => {
    expect(play([{ type: "time-out", ...CHANCE }], CONNECTING).phase).toMatchObject({ name: "retrying", tried: 1 });
  });
  test("[L8] waking up while ready asks the registrar", () => {
    expect(play([{ type: "try-now" }], READY)).toMatchObject({ phase: { name: "ready" }, effects: [{ type: "probe" }] });
  });
  test("[L9] a registration that comes too late does not make a signed-out phone ready", () => {
    expect(play([facts({ account: false }), { type: "registered" }], CONNECTING).phase.name).toBe("signed-out");
  });
});

describe("back-off", () => {
  test("[L4] grows to half a minute, to two seconds in a call, and stops for wrong credentials", () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 50].map((tried) => retryDelayMs({ tried, refused: false, inCall: false, random: 1 }));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(retryDelayMs({ tried: 9, refused: false, inCall: true, random: 1 })).toBe(2_000);
    expect(retryDelayMs({ tried: 1, refused: true, inCall: false, random: 1 })).toBeNull();
  });
  test("[L4] chance moves it by half at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (tried, random) => {
        const ms = retryDelayMs({ tried, refused: false, inCall: false, random }) ?? Number.NaN;
        const most = retryDelayMs({ tried, refused: false, inCall: false, random: 1 }) ?? Number.NaN;
        expect(ms).toBeGreaterThanOrEqual(most / 2);
        expect(ms).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe("random walks", () => {
  const yes = fc.boolean();
  const chance = { at: fc.nat(100_000), random: fc.double({ min: 0, max: 0.999, noNaN: true }), inCall: yes };
  const anyEvent: fc.Arbitrary<LineEvent> = fc.oneof(
    fc.record({ leads: yes, account: yes, available: yes, online: yes }, { requiredKeys: [] }).map(facts),
    fc.constantFrom<LineEvent>({ type: "registered" }, { type: "refused" }, { type: "try-now" }, { type: "account-changed" }),
    fc.record({ type: fc.constant("lost" as const), reason: fc.constant("server-unreachable" as const), ...chance }),
    fc.record({ type: fc.constant("time-out" as const), ...chance }),
  );
  const counterexample = (holds: (before: LineState, event: LineEvent, after: LineState, effects: readonly LineEffect[]) => boolean) => {
    const result = fc.check(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let state = CONNECTING;
        return events.every((event) => {
          const before = state;
          const step = transition(before, event);
          state = step.state;
          return holds(before, event, step.state, step.effects);
        });
      }),
      { numRuns: 500 },
    );
    return result.failed ? (fc.defaultReportMessage(result) ?? "failed") : null;
  };
  const may = ({ facts: { leads, account, available, online } }: LineState) => leads === true && account === true && available && online;

  test("[L1] nothing registers, is ready or waits for a try without all it needs", () => {
    const wants = ["connecting", "ready", "retrying", "refused"];
    expect(counterexample((_, __, after) => wants.includes(after.phase.name) === may(after))).toBeNull();
  });
  test("[L1] register is asked exactly on entering connecting", () => {
    const found = counterexample((before, _, after, effects) => {
      const entered = after.phase !== before.phase && after.phase.name === "connecting";
      return effects.filter(({ type }) => type === "register").length === Number(entered);
    });
    expect(found).toBeNull();
  });
  test("[L4] whoever waits has a timer that ends it, and nobody else has one", () => {
    const found = counterexample((before, _, after, effects) => {
      const timer = effects.find((effect) => effect.type === "timer");
      if (before.phase === after.phase) return timer === undefined;
      const waits = after.phase.name === "connecting" || after.phase.name === "retrying";
      return timer !== undefined && (timer.ms !== null) === waits;
    });
    expect(found).toBeNull();
  });
  test("[L5] refused is left by a click, another account or what it depends on, never by time", () => {
    const found = counterexample((before, event, after) => {
      if (before.phase.name !== "refused" || after.phase.name === "refused") return true;
      return event.type === "facts" || event.type === "try-now" || event.type === "account-changed";
    });
    expect(found).toBeNull();
  });
});
