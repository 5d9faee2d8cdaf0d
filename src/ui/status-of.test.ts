import { expect, it } from "vitest";
import { statusOf } from "./status-of.ts";
import { callView, lineView } from "./stories/fake-phone.ts";

it.each([
  ["ready", "good", "Ready", null],
  ["connecting", "moving", "Connecting", null],
  ["retrying", "warn", "Reconnecting", "try-now"],
  ["offline", "bad", "Offline", "try-now"],
  ["refused", "bad", "Not connected", null],
  ["taken-elsewhere", "warn", "In use elsewhere", "try-now"],
  ["off", "off", "Not ready", "go-ready"],
  ["signed-out", "off", "Signed out", null],
] as const)("[U70] a line that is %s is shown as %s, %s", (state, tone, word, action) => {
  expect(statusOf(lineView(state), null, "leader")).toMatchObject({ tone, word, action });
});

it.each([
  ["page", null, "moving", "Checking", null],
  ["microphone", "microphone-missing", "warn", "No microphone", "check-microphone"],
  ["microphone", "microphone-not-delegated", "warn", "No microphone", null],
  ["ringing", "sound-blocked", "warn", "Silent", "enable-ringing"],
] as const)("[U72] registered, but without %s (%s), is %s: %s, %s", (need, reason, tone, word, action) => {
  const status = statusOf(lineView("ready", { reason, missing: [need] }), null, "leader");
  expect(status).toMatchObject({ tone, word, action, reason });
  expect(status.reason ?? status.detail).not.toBeNull();
});

it("[U72] a call up says nothing of it", () => {
  const silent = lineView("ready", { reason: "sound-blocked", missing: ["ringing"] });
  expect(statusOf(silent, callView({ phase: "active" }), "leader")).toMatchObject({ tone: "good", word: "On a call" });
});

it("[U71] a call says more than the line, and another tab more than both", () => {
  const call = callView({ phase: "active" });
  expect(statusOf(lineView("retrying"), call, "leader").word).toBe("On a call");
  expect(statusOf(lineView("ready"), { ...call, heldThere: true }, "leader")).toMatchObject({ tone: "warn", word: "On hold" });
  expect(statusOf(lineView("ready"), { ...call, phase: "reconnecting" }, "leader").word).toBe("Reconnecting");
  expect(statusOf(lineView("ready"), { ...call, phase: "ended" }, "leader").word).toBe("Ready");
  expect(statusOf(lineView("ready"), call, "follower").word).toBe("In another tab");
});
