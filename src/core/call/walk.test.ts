import fc from "fast-check";
import { expect, test } from "vitest";
import { isUp } from "./allowed.ts";
import { snapshotOf } from "./facts.ts";
import type { CallEffect, CallEvent, CallState } from "./state.ts";
import { transition } from "./transition.ts";

/** Random walks over the call machine, looking for what no rule thought of. */

interface Seen {
  readonly before: CallState;
  readonly event: CallEvent;
  readonly after: CallState;
  readonly effects: readonly CallEffect[];
  /** Legs that have ended or were told to, before this step. */
  readonly over: ReadonlySet<string>;
}

/** `up`: the leg of the call that is up; `other`: the one that rang last. */
const name = fc.constantFrom("up", "up", "other");
const at = fc.nat(100_000);
const yes = fc.boolean();
const sid = fc.constantFrom(null, "sid-1", "sid-2");
const reason = fc.constantFrom("hung-up-there", "cancelled", "answered-elsewhere", "failed", "connection-lost", "media-denied", "busy");
const leg = fc.record({
  leg: name,
  number: fc.constantFrom("+918000000002", "+918000000003"),
  name: fc.constantFrom(null, "Ravi", "08000000002"),
  localNumber: fc.constant(null),
  sipCallId: fc.constant(null),
  exotelCallSid: sid,
  exotelLegSid: fc.constant(null),
});
const DIAL: CallEvent = { type: "dial", callId: "dialled", number: "+918000000002", name: "Ravi", record: null, at: 1 };

const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("leg-ringing" as const), leg, callId: fc.uuid(), at }) },
  { weight: 3, arbitrary: fc.constantFrom<CallEvent>({ type: "answer" }, DIAL) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("leg-connected" as const), leg: name, at }) },
  fc.record({ type: fc.constant("leg-refused-busy" as const), leg, callId: fc.uuid(), at }),
  fc.record({ type: fc.constant("dial-accepted" as const), callId: fc.constant("dialled"), exotelCallSid: sid, at }),
  fc.record({ type: fc.constant("dial-refused" as const), callId: fc.constant("dialled"), reason, at }),
  fc.constantFrom<CallEvent>({ type: "silence" }, { type: "clear" }),
  fc.record({ type: fc.constantFrom("reject" as const, "hang-up" as const, "time-out" as const), at }),
  fc.record({ type: fc.constant("want-mute" as const), muted: yes }),
  fc.record({ type: fc.constant("want-hold" as const), held: yes }),
  fc.record({ type: fc.constant("wrap-up-done" as const), callId: fc.constant("dialled") }),
  fc.record({ type: fc.constant("leg-muted" as const), leg: name, muted: yes }),
  fc.record({ type: fc.constantFrom("leg-held" as const, "leg-held-there" as const), leg: name, held: yes }),
  fc.record({ type: fc.constantFrom("leg-hold-refused" as const, "leg-mute-refused" as const), leg: name }),
  fc.record({ type: fc.constantFrom("leg-media" as const, "leg-signalling" as const), leg: name, ok: yes }),
  fc.record({ type: fc.constant("leg-ended" as const), leg: name, reason, sipCode: fc.constant(null), at }),
);

/** Walks until a step breaks the rule; the shortest way there, or `null` where none was found. */
function counterexample(holds: (seen: Seen) => boolean): string | null {
  const result = fc.check(
    fc.property(fc.array(anyEvent, { maxLength: 60, size: "max" }), yes, (events, wrapUpForUnanswered) => {
      let state: CallState = { phase: "idle" };
      const over = new Set<string>();
      let last = "none";
      return events.every((raw, index) => {
        const event = withLeg(raw, state, index, last);
        const before = state;
        if (event.type === "leg-ringing") last = event.leg.leg;
        const step = transition(before, event, { autoAnswerMs: 30_000, wrapUpForUnanswered, dialsDirect: false });
        state = step.state;
        const fine = holds({ before, event, after: step.state, effects: step.effects, over });
        if (event.type === "leg-ended") over.add(event.leg);
        for (const effect of step.effects) if (effect.type === "reject-leg" || effect.type === "hang-up-leg") over.add(effect.leg);
        return fine;
      });
    }),
    { numRuns: 500 },
  );
  return result.failed ? (fc.defaultReportMessage(result) ?? "failed") : null;
}

/** Gives each ring a leg of its own, as Call-IDs are never used again, and later events the leg they are meant for. */
function withLeg(event: CallEvent, state: CallState, index: number, last: string): CallEvent {
  if (event.type === "leg-ringing" || event.type === "leg-refused-busy") return { ...event, leg: { ...event.leg, leg: `leg-${index}` } };
  if (!("leg" in event) || typeof event.leg !== "string") return event;
  return { ...event, leg: event.leg === "up" && "leg" in state ? state.leg : last } as CallEvent;
}

const count = (effects: readonly CallEffect[], type: CallEffect["type"]) => effects.filter((effect) => effect.type === type).length;
const audible = (state: CallState) => state.phase === "ringing" && !state.silenced;
const talks = (state: CallState) => state.phase === "active" || state.phase === "reconnecting";

test("the walks get into every phase", () => {
  const missing = (["dialing", "ringing", "connecting", "active", "reconnecting", "wrap-up", "ended"] as const).filter(
    (phase) => counterexample(({ after }) => after.phase !== phase) === null,
  );
  expect(missing).toEqual([]);
});

test("[C1] the ringer rings in ringing and nowhere else", () => {
  const found = counterexample(
    ({ before, after, effects }) =>
      count(effects, "start-ringer") === Number(!audible(before) && audible(after)) &&
      count(effects, "stop-ringer") === Number(audible(before) && !audible(after)),
  );
  expect(found).toBeNull();
});

test("[C3] an answered call leaves the line through wrap-up", () => {
  expect(counterexample(({ before, after }) => !talks(before) || isUp(after) || after.phase === "wrap-up")).toBeNull();
});

test("[C6] only a leg that rang is answered, and a call answers one", () => {
  const found = counterexample(({ before, after, effects }) => {
    const answers = count(effects, "answer-leg");
    return answers === 0 || (answers === 1 && after.phase === "connecting" && (before.phase === "ringing" || before.phase === "dialing"));
  });
  expect(found).toBeNull();
});

test("[C9] a call that is up stays the same call until it is over", () => {
  const found = counterexample(({ before, after }) => {
    if (!isUp(before) || !isUp(after) || before.phase === "idle" || after.phase === "idle") return true;
    return after.facts.callId === before.facts.callId && after.facts.remoteNumber === before.facts.remoteNumber;
  });
  expect(found).toBeNull();
});

test("[C10] confirmed mute and hold change by the engine's word alone", () => {
  const found = counterexample(({ before, event, after }) => {
    if (!("hold" in before) || !("hold" in after)) return true;
    const mute = event.type === "leg-muted" || after.mute.confirmed === before.mute.confirmed;
    return mute && (event.type === "leg-held" || after.hold.confirmed === before.hold.confirmed);
  });
  expect(found).toBeNull();
});

test("[C10] every leg that connects is told whether it is muted", () => {
  const found = counterexample(({ before, event, after, effects }) => {
    if (event.type !== "leg-connected" || !("leg" in before) || before.leg !== event.leg || !("mute" in after)) return true;
    return effects.some((effect) => effect.type === "set-muted" && effect.leg === event.leg && effect.muted === after.mute.wanted);
  });
  expect(found).toBeNull();
});

test("[C11] no hold request is sent while one is unanswered", () => {
  const found = counterexample(({ before, event, effects }) => {
    if (!("hold" in before) || !before.hold.asking) return true;
    return count(effects, "set-held") === 0 || event.type === "leg-held";
  });
  expect(found).toBeNull();
});

test("[C14] a leg that is over is never commanded again", () => {
  const found = counterexample(({ event, effects, over }) => {
    const gone = event.type === "leg-ended" ? new Set([...over, event.leg]) : over;
    return effects.every((effect) => !("leg" in effect) || !gone.has(effect.leg));
  });
  expect(found).toBeNull();
});

test("[C4] everybody outside sees a finished call with its time and its reason, and no other", () => {
  const found = counterexample(({ after }) => {
    const call = snapshotOf(after);
    if (call === null) return true;
    const over = !isUp(after);
    return (call.endedAt !== null) === over && (call.endReason !== null) === over && (after.phase !== "active" || call.answeredAt !== null);
  });
  expect(found).toBeNull();
});
