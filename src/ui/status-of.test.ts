import { expect, it } from "vitest";
import type { LineView } from "../core/view.ts";
import { statusOf } from "./status-of.ts";
import { callView } from "./stories/fake-phone.ts";

const line = (state: LineView["state"], reason: LineView["reason"] = null): LineView => ({ state, reason, nextTryAt: null });

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
  expect(statusOf(line(state), null, "here")).toMatchObject({ tone, word, action });
});

it("[U70] ready is only green where an answered call would work", () => {
  expect(statusOf(line("ready", "microphone-refused"), null, "here")).toMatchObject({ tone: "warn", reason: "microphone-refused" });
});

it("[U71] a call says more than the line, and a tab that does not answer more than both", () => {
  const call = callView({ phase: "active" });
  expect(statusOf(line("retrying"), call, "here").word).toBe("On a call");
  expect(statusOf(line("ready"), { ...call, heldThere: true }, "here")).toMatchObject({ tone: "warn", word: "On hold" });
  expect(statusOf(line("ready"), { ...call, phase: "reconnecting" }, "here").word).toBe("Reconnecting");
  expect(statusOf(line("ready"), { ...call, phase: "ended" }, "here").word).toBe("Ready");
  expect(statusOf(line("ready"), call, "elsewhere").word).toBe("On a call");
  expect(statusOf(line("connecting"), null, "silent").word).toBe("In another tab");
});
