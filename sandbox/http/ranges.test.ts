import fc from "fast-check";
import { expect, test } from "vitest";
import { partOf } from "./ranges.ts";

const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const seen = (range: string | undefined) => {
  const reply = partOf(bytes, range, {});
  return [reply.status, reply.headers?.["content-range"], [...(reply.body ?? [])].join("")];
};

test.each([
  [undefined, 200, undefined, "0123456789"],
  ["bytes=0-0", 206, "bytes 0-0/10", "0"],
  ["bytes=8-", 206, "bytes 8-9/10", "89"],
  ["bytes=8-99", 206, "bytes 8-9/10", "89"],
  ["bytes=-3", 206, "bytes 7-9/10", "789"],
  ["bytes=-99", 206, "bytes 0-9/10", "0123456789"],
  ["bytes=10-", 416, "bytes */10", ""],
  ["bytes=-0", 416, "bytes */10", ""],
  ["bytes=5-2", 200, undefined, "0123456789"],
  ["bytes=0-1,3-4", 200, undefined, "0123456789"],
  ["lines=1-2", 200, undefined, "0123456789"],
])("[X43] Range %s gives %i", (range, status, contentRange, body) => {
  expect(seen(range)).toEqual([status, contentRange, body]);
});

test("[X43] any header gives what it says it gives, and never throws", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.nat(12), fc.nat(12)).map(([from, to]) => `bytes=${from}-${to}`),
      ),
      (range) => {
        const reply = partOf(bytes, range, {});
        const [, first, last] = /^bytes (\d+)-(\d+)\/10$/.exec(reply.headers?.["content-range"] ?? "") ?? [];
        const expected = { 200: bytes, 206: bytes.subarray(Number(first), Number(last) + 1), 416: undefined }[reply.status];
        expect([200, 206, 416]).toContain(reply.status);
        expect(reply.body).toEqual(expected);
      },
    ),
  );
});
