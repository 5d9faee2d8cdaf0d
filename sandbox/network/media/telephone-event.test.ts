import { expect, test } from "vitest";
import { EventReader, pressOf } from "./telephone-event.ts";

test("[N7] a press is one key, however many packets it takes", () => {
  const reader = new EventReader();
  const keys = [..."19*#"].flatMap((key, press) =>
    pressOf(key).flatMap((packet) => (packet === null ? [] : (reader.read(packet.payload, press * 2000) ?? []))),
  );
  expect(keys.join("")).toBe("19*#");
});

test("[N7] a press starts with a marker and ends three times with the end bit and its full length", () => {
  const packets = pressOf("5").filter((packet) => packet !== null);
  expect(packets.map(({ marker }) => marker)).toEqual([true, ...Array.from({ length: 8 }, () => false)]);
  expect(packets.slice(-3).map(({ payload }) => [payload[1], payload.readUInt16BE(2)])).toEqual([
    [0x8a, 960],
    [0x8a, 960],
    [0x8a, 960],
  ]);
});

test("[N7] what is no key is not sent", () => {
  expect(pressOf("x")).toEqual([]);
});
