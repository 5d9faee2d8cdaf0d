import { describe, expect, test } from "vitest";
import { snapshotOf } from "./facts.ts";
import type { CallEffect, CallEvent, CallLeg, CallRules, CallState } from "./state.ts";
import { CONNECT_MS, LINGER_MS, LOST_MS, PLACED_MS, transition } from "./transition.ts";

const RULES: CallRules = { autoAnswerMs: 30_000, wrapUpForUnanswered: false, dialsDirect: false };
const IDLE: CallState = { phase: "idle" };

const leg = (name: string, about: Partial<CallLeg> = {}): CallLeg => ({
  leg: name,
  number: "+918000000002",
  name: "Ravi",
  localNumber: null,
  sipCallId: null,
  exotelCallSid: null,
  exotelLegSid: null,
  ...about,
});
const rings = (name: string, about: Partial<CallLeg> = {}): CallEvent => ({
  type: "leg-ringing",
  leg: leg(name, about),
  callId: `call-${name}`,
  at: 1_000,
});
const dial: CallEvent = { type: "dial", callId: "call-d", number: "+918000000002", name: "Ravi", record: null, at: 1_000 };
const connected: CallEvent = { type: "leg-connected", leg: "a", at: 2_000 };
const ended = (reason: Extract<CallEvent, { type: "leg-ended" }>["reason"], name = "a"): CallEvent => ({
  type: "leg-ended",
  leg: name,
  reason,
  sipCode: null,
  at: 9_000,
});

function play(events: readonly CallEvent[], from: CallState = IDLE, rules = RULES) {
  let state = from;
  let effects: readonly CallEffect[] = [];
  for (const event of events) ({ state, effects } = transition(state, event, rules));
  return { state, effects };
}
const UP = play([rings("a"), { type: "answer" }, connected]).state;

describe("incoming", () => {
  test("[C1] a leg at a free desk rings; silence stops the ringer and not the call", () => {
    expect(play([rings("a")])).toMatchObject({ state: { phase: "ringing" }, effects: [{ type: "start-ringer" }] });
    expect(play([rings("a"), { type: "silence" }])).toMatchObject({ state: { phase: "ringing" }, effects: [{ type: "stop-ringer" }] });
  });
  test("[C1] a new call rings over a wrap-up", () => {
    const wrapUp = play([ended("hung-up-there")], UP).state;
    expect(wrapUp.phase).toBe("wrap-up");
    expect(play([rings("b")], wrapUp).state.phase).toBe("ringing");
  });
  test("[C2] answer stops the ringer first, then answers", () => {
    expect(play([rings("a"), { type: "answer" }]).effects).toEqual([
      { type: "stop-ringer" },
      { type: "answer-leg", leg: "a" },
      { type: "timer", ms: CONNECT_MS },
    ]);
  });
  test("[C2] decline is over at once", () => {
    const { state, effects } = play([rings("a"), { type: "reject", at: 5 }]);
    expect(state).toMatchObject({ phase: "ended", end: { reason: "rejected" } });
    expect(effects).toEqual([{ type: "stop-ringer" }, { type: "reject-leg", leg: "a" }, { type: "timer", ms: LINGER_MS }]);
  });
  test.each(["cancelled", "hung-up-there", "no-answer", "missed"] as const)("[C4] a caller who is gone (%s) was missed", (reason) => {
    expect(play([rings("a"), ended(reason)]).state).toMatchObject({ phase: "ended", end: { reason: "missed" } });
  });
  test("[C4] a caller who gives up while the call is being answered was missed too", () => {
    expect(play([rings("a"), { type: "answer" }, ended("cancelled")]).state).toMatchObject({ phase: "ended", end: { reason: "missed" } });
  });
  test.each(["answered-elsewhere", "failed", "connection-lost", "busy"] as const)("[C4] %s is told as it is", (reason) => {
    expect(play([rings("a"), ended(reason)]).state).toMatchObject({ end: { reason } });
  });
  test("[C3] unanswered calls are wrapped up where the deployment says so, but not those taken elsewhere", () => {
    const rules = { ...RULES, wrapUpForUnanswered: true };
    expect(play([rings("a"), ended("cancelled")], IDLE, rules).state.phase).toBe("wrap-up");
    expect(play([rings("a"), ended("answered-elsewhere")], IDLE, rules).state.phase).toBe("ended");
  });
  test("[C13] an answer that leads nowhere is given up", () => {
    const { state, effects } = play([rings("a"), { type: "answer" }, { type: "time-out", at: 90_000 }]);
    expect(state).toMatchObject({ phase: "ended", end: { reason: "failed" } });
    expect(effects).toContainEqual({ type: "hang-up-leg", leg: "a" });
  });
});

describe("dialling", () => {
  test("[C5] [C6] our leg is answered by itself and the dialled number and name stay", () => {
    const { state, effects } = play([
      dial,
      { type: "dial-accepted", callId: "call-d", exotelCallSid: "sid", at: 1 },
      rings("a", { number: "08040", name: "Exotel", exotelCallSid: "sid", sipCallId: "x@y" }),
    ]);
    expect(state).toMatchObject({ phase: "connecting", facts: { remoteNumber: "+918000000002", remoteName: "Ravi", sipCallId: "x@y" } });
    expect(effects).toContainEqual({ type: "answer-leg", leg: "a" });
  });
  test("[C6] the call id goes before the number", () => {
    const { state, effects } = play([
      dial,
      { type: "dial-accepted", callId: "call-d", exotelCallSid: "sid", at: 1 },
      rings("a", { exotelCallSid: "other" }),
    ]);
    expect(state.phase).toBe("dialing");
    expect(effects).toMatchObject([{ type: "reject-leg" }, { type: "missed" }]);
  });
  test("[C6] one leg only", () => {
    const { effects } = play([dial, rings("a"), rings("b")]);
    expect(effects).toMatchObject([{ type: "reject-leg", leg: "b" }, { type: "missed" }]);
  });
  test("[C7] a leg that may be ours waits for the reply, and is missed when it is not", () => {
    const waiting = play([dial, rings("a", { number: "0804000", name: null })]);
    expect(waiting).toMatchObject({ state: { phase: "dialing", undecided: { leg: { leg: "a" } } }, effects: [] });
    const foreign = play([{ type: "dial-accepted", callId: "call-d", exotelCallSid: null, at: 1 }], waiting.state);
    expect(foreign).toMatchObject({ state: { undecided: null }, effects: [{ type: "reject-leg", leg: "a" }, { type: "missed" }] });
  });
  test("[C7] a leg that gives up while it waits is missed and not refused", () => {
    expect(play([dial, rings("a", { number: "0804000", name: null }), ended("cancelled")]).effects).toMatchObject([{ type: "missed" }]);
  });
  test("[C6] the call id of a reply that comes after the leg is kept", () => {
    const { state } = play([dial, rings("a"), { type: "dial-accepted", callId: "call-d", exotelCallSid: "sid", at: 1 }]);
    expect(state).toMatchObject({ phase: "connecting", facts: { exotelCallSid: "sid" } });
  });
  test("[C8] refused, late and without a reply", () => {
    const refused: CallEvent = { type: "dial-refused", callId: "call-d", reason: "failed", at: 1 };
    expect(play([dial, refused]).state).toMatchObject({ phase: "ended", end: { reason: "failed" } });
    expect(play([dial, { type: "time-out", at: 1 }]).state).toMatchObject({ end: { reason: "failed" } });
    const accepted: CallEvent = { type: "dial-accepted", callId: "call-d", exotelCallSid: null, at: 1 };
    expect(play([dial, accepted, { type: "time-out", at: 1 }]).state).toMatchObject({ end: { reason: "no-answer" } });
  });
  test("[C8] the reply to an earlier dial changes nothing", () => {
    expect(play([dial, { type: "dial-refused", callId: "call-x", reason: "failed", at: 1 }]).state.phase).toBe("dialing");
  });
  test("[C8] our leg that the engine had to refuse ends the dial", () => {
    expect(play([dial, { type: "leg-refused-busy", leg: leg("a"), callId: "x", at: 1 }]).state).toMatchObject({
      end: { reason: "failed" },
    });
  });
});

describe("talking", () => {
  test("[C9] a second leg is refused and missed; a copy of the same call is only refused", () => {
    expect(play([rings("b")], UP)).toMatchObject({ state: UP, effects: [{ type: "reject-leg", leg: "b" }, { type: "missed" }] });
    const withSid = play([rings("a", { exotelCallSid: "sid" }), { type: "answer" }, connected]).state;
    expect(play([rings("b", { exotelCallSid: "sid" })], withSid).effects).toEqual([{ type: "reject-leg", leg: "b" }]);
  });
  test("[C10] mute pressed while connecting is carried out on connect", () => {
    const { effects } = play([rings("a"), { type: "answer" }, { type: "want-mute", muted: true }, connected]);
    expect(effects).toContainEqual({ type: "set-muted", leg: "a", muted: true });
  });
  test("[C10] the echo of an older wish does not move the button", () => {
    const { state } = play(
      [
        { type: "want-mute", muted: true },
        { type: "leg-muted", leg: "a", muted: false },
      ],
      UP,
    );
    expect(state).toMatchObject({ mute: { wanted: true, confirmed: false } });
  });
  test("[C10] a mute that nobody asked for is believed", () => {
    const { state } = play(
      [
        { type: "leg-muted", leg: "a", muted: false },
        { type: "leg-muted", leg: "a", muted: true },
      ],
      UP,
    );
    expect(state).toMatchObject({ mute: { wanted: true, confirmed: true } });
  });
  test("[C11] hold, changed mind: one request at a time, the last wish wins", () => {
    const asked = play([{ type: "want-hold", held: true }], UP);
    expect(asked.effects).toEqual([{ type: "set-held", leg: "a", held: true }]);
    const changed = play([{ type: "want-hold", held: false }], asked.state);
    expect(changed.effects).toEqual([]);
    expect(play([{ type: "leg-held", leg: "a", held: true }], changed.state).effects).toEqual([
      { type: "set-held", leg: "a", held: false },
    ]);
  });
  test("[C12] lost audio and a lost socket are both waited for", () => {
    const lost = play(
      [
        { type: "leg-media", leg: "a", ok: false },
        { type: "leg-signalling", leg: "a", ok: false },
      ],
      UP,
    ).state;
    const back = play([{ type: "leg-media", leg: "a", ok: true }], lost);
    expect(back).toMatchObject({
      state: { phase: "reconnecting", lost: { media: false, signalling: true } },
      effects: [{ type: "timer", ms: null }],
    });
    expect(play([{ type: "leg-signalling", leg: "a", ok: true }], back.state).state.phase).toBe("active");
  });
  test("[C13] without audio and socket for half a minute it is hung up here too", () => {
    const noAudio = play([{ type: "leg-media", leg: "a", ok: false }], UP);
    expect(noAudio.effects).toEqual([]);
    const lost = play([{ type: "leg-signalling", leg: "a", ok: false }], noAudio.state);
    expect(lost.effects).toEqual([{ type: "timer", ms: LOST_MS }]);
    const over = play([{ type: "time-out", at: 1 }], lost.state);
    expect(over).toMatchObject({ state: { phase: "wrap-up", end: { reason: "connection-lost" } } });
    expect(over.effects).toContainEqual({ type: "hang-up-leg", leg: "a" });
  });
  test("[C15] a wrap-up comes back whole", () => {
    const wrapUp = play([ended("hung-up-there")], UP).state;
    const call = snapshotOf(wrapUp);
    if (call === null) throw new Error("no snapshot");
    expect(play([{ type: "resume", call }]).state).toEqual(wrapUp);
    const other = { ...call, callId: "other" };
    expect(play([{ type: "resume", call: other }], wrapUp).state).toEqual(wrapUp);
    expect(play([{ type: "resume", call: other, asked: true }], wrapUp).state).toMatchObject({
      phase: "wrap-up",
      facts: { callId: "other" },
    });
    expect(play([{ type: "resume", call: other, asked: true }], UP).state).toEqual(UP);
  });
});

describe("a call by the phone's own INVITE", () => {
  const DIRECT = { ...RULES, dialsDirect: true };
  const placed: CallEvent = { type: "dial-placed", callId: "call-d", leg: "p", sipCallId: "sip-p" };
  const progress = (earlyMedia: boolean): CallEvent => ({ type: "leg-progress", leg: "p", earlyMedia });

  test("[C21] it is dialling until the far end answers, with a ring-back tone unless the far end sends its own", () => {
    expect(play([dial, placed], IDLE, DIRECT).state).toMatchObject({ phase: "dialing", placed: "p", facts: { sipCallId: "sip-p" } });
    expect(play([dial, placed, progress(false)], IDLE, DIRECT).state).toMatchObject({ ringback: true });
    expect(play([dial, placed, progress(false), progress(true)], IDLE, DIRECT).state).toMatchObject({ ringback: false });
    const up = play([dial, placed, { type: "leg-connected", leg: "p", at: 2_000 }], IDLE, DIRECT);
    expect(up.state).toMatchObject({ phase: "active", leg: "p", answeredAt: 2_000 });
    expect(up.effects).toContainEqual({ type: "set-muted", leg: "p", muted: false });
  });

  test.each(["busy", "no-answer", "failed", "rejected"] as const)("[C21] it ends as its leg does: %s", (reason) => {
    const end: CallEvent = { type: "leg-ended", leg: "p", reason, sipCode: 486, at: 9_000 };
    expect(play([dial, placed, end], IDLE, DIRECT).state).toMatchObject({ phase: "ended", end: { reason, sipCode: 486 } });
  });

  test("[C21] taken back or not answered for too long, the leg is hung up", () => {
    const back = play([dial, placed, { type: "hang-up", at: 5_000 }], IDLE, DIRECT);
    expect(back).toMatchObject({ state: { phase: "ended", end: { reason: "hung-up-here" } } });
    expect(back.effects).toContainEqual({ type: "hang-up-leg", leg: "p" });
    const late = play([dial, placed, { type: "time-out", at: 5_000 }], IDLE, DIRECT);
    expect(late).toMatchObject({ state: { phase: "ended", end: { reason: "no-answer" } } });
    expect(late.effects).toContainEqual({ type: "hang-up-leg", leg: "p" });
    expect(play([dial, placed], IDLE, DIRECT).effects).toContainEqual({ type: "timer", ms: PLACED_MS });
  });

  test("[C21] the customer who calls back in the same moment is no leg of ours", () => {
    const both = play([dial, placed, rings("a")], IDLE, DIRECT);
    expect(both).toMatchObject({ state: { phase: "dialing" }, effects: [{ type: "reject-leg", leg: "a" }, { type: "missed" }] });
  });
});

describe("a transfer", () => {
  const want = (number: string): CallEvent => ({ type: "want-transfer", number, other: null });

  test("[C20] one is under way at a time, and a refused one leaves the call as it was", () => {
    const before = play([rings("a"), { type: "answer" }, connected]);
    const going = play([want("+918000000003")], before.state);
    expect(going).toMatchObject({
      state: { transfer: "+918000000003" },
      effects: [{ type: "transfer-leg", leg: "a", number: "+918000000003" }],
    });
    expect(play([want("+918000000004")], going.state).effects).toEqual([]);
    expect(play([{ type: "leg-transfer-refused", leg: "a" }], going.state).state).toEqual(before.state);
    expect(play([ended("transferred")], going.state).state).toMatchObject({ phase: "wrap-up", end: { reason: "transferred" } });
  });
});

test("[C22] a call whose far end is replaced is the same call, as muted and held as it was, with another number", () => {
  const wishes: CallEvent[] = [
    { type: "want-mute", muted: true },
    { type: "leg-muted", leg: "a", muted: true },
  ];
  const before = play([rings("a"), { type: "answer" }, connected, ...wishes]).state;
  const after = play(
    [{ type: "leg-replaced", leg: "a", by: leg("b", { number: "+918000000009", name: "Meera", sipCallId: "sip-b" }) }],
    before,
  );
  expect(after.state).toMatchObject({
    phase: "active",
    leg: "b",
    answeredAt: 2_000,
    mute: { wanted: true, confirmed: true },
    facts: { callId: "call-a", remoteNumber: "+918000000009", remoteName: "Meera", sipCallId: "sip-b" },
  });
  const up = play([{ type: "leg-connected", leg: "b", at: 5_000 }], after.state);
  expect(up.effects).toEqual([{ type: "set-muted", leg: "b", muted: true }]);
  expect(play([ended("hung-up-there", "a")], after.state).state).toEqual(after.state);
});
