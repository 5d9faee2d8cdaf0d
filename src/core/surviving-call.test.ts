import { expect, test } from "vitest";
import { ASHA } from "./fakes/ports.ts";
import { isConversation, RESUMABLE_MS, VERSION } from "./surviving-call.ts";

const NOW = 1_800_000_000_000;
const facts = { callId: "c1", remoteNumber: "+918000000001", startedAt: NOW, direction: "incoming" };
const yes = { wanted: false, confirmed: false, asking: false };
const kept = (state: object, seenAt = NOW) => ({
  version: VERSION,
  account: ASHA,
  epoch: 1,
  state: { facts, ...state },
  record: null,
  seenAt,
});

test("[P115] a microphone is opened beforehand for a call that was answered, not for one that rings or is dialled", () => {
  expect(isConversation(kept({ phase: "active", leg: "l1", mute: yes }), NOW)).toBe(true);
  expect(isConversation(kept({ phase: "reconnecting", leg: "l1", mute: yes }), NOW)).toBe(true);
  expect(isConversation(kept({ phase: "connecting", leg: "l1", mute: yes }), NOW)).toBe(true);
  expect(isConversation(kept({ phase: "ringing", leg: "l1" }), NOW)).toBe(false);
  expect(isConversation(kept({ phase: "dialing", dial: {}, undecided: null }), NOW)).toBe(false);
});

test("[P115] nor for one that will be let go of, or that cannot be read", () => {
  expect(isConversation(kept({ phase: "active", leg: "l1", mute: yes }, NOW - RESUMABLE_MS - 1), NOW)).toBe(false);
  for (const value of [null, undefined, "x", {}, { version: VERSION }]) expect(isConversation(value, NOW)).toBe(false);
});
