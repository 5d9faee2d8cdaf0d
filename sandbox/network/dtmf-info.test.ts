import { expect, test } from "vitest";
import { infoOfKey, keyOfInfo } from "./dtmf-info.ts";

test.each([
  ["application/dtmf-relay", "Signal=5\r\nDuration=240\r\n", "5"],
  ["Application/DTMF-Relay; charset=utf-8", "Duration=100\r\nSignal= #", "#"],
  ["application/dtmf", "*", "*"],
  ["application/dtmf-relay", "Signal=d", "D"],
  ["application/dtmf-relay", "Signal=12", null],
  ["text/plain", "Signal=1", null],
  ["", "", null],
])("[N3] INFO %s %j is the key %j", (type, body, key) => {
  expect(keyOfInfo(type, body)).toBe(key);
});

test("[N3] what we send we can read", () => {
  const { contentType, content } = infoOfKey("*");
  expect(keyOfInfo(contentType, content)).toBe("*");
});
