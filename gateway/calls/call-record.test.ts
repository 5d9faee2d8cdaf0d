import fc from "fast-check";
import { expect, test } from "vitest";
import { joinRecords, recordOf, STAGE, WEIGHT, type CallRecord, type CallValue } from "./call-record.ts";
import { readRecord, viewOf } from "./call-view.ts";

const weight = fc.constantFrom(...Object.values(WEIGHT));
const word = fc.constantFrom("a", "b", "c");
const time = fc.integer({ min: 0, max: 5 });
const some = <T extends CallValue>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const record: fc.Arbitrary<CallRecord> = fc
  .tuple(
    weight,
    fc.record({
      exotelSid: some(word),
      stage: some(fc.constantFrom(...Object.values(STAGE))),
      outcome: some(fc.constantFrom("completed", "busy", "failed")),
      answeredAt: some(time),
      talkSeconds: some(time),
      recordingUrl: some(word),
      digits: some(fc.array(word)),
      notes: some(word),
      fields: some(fc.dictionary(word, word)),
    }),
  )
  .map(([w, values]) => recordOf(w, values));

const all = (records: readonly CallRecord[]): CallRecord => records.reduce(joinRecords, {});

test("[G20] reports give the same call in whatever order, and however often, they come", () => {
  fc.assert(
    fc.property(
      fc
        .array(record, { maxLength: 6 })
        .chain((records) =>
          fc.tuple(
            fc.constant(records),
            fc.shuffledSubarray([...records, ...records, ...records], { minLength: records.length * 3, maxLength: records.length * 3 }),
          ),
        ),
      ([once, repeated]) => {
        expect(all(repeated)).toEqual(all(once));
      },
    ),
    { numRuns: 500 },
  );
});

test("[G20] it does not matter how reports are grouped", () => {
  fc.assert(
    fc.property(record, record, record, (a, b, c) => {
      expect(joinRecords(joinRecords(a, b), c)).toEqual(joinRecords(a, joinRecords(b, c)));
    }),
    { numRuns: 500 },
  );
});

test("[G20] a call that is over stays over, whatever is reported afterwards", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (later) => {
      const over = recordOf(WEIGHT.popup, { stage: STAGE.over });
      expect(viewOf(all([over, ...later]), 0).isOver).toBe(true);
    }),
  );
});

test("[G20] a record survives its way through the database", () => {
  fc.assert(
    fc.property(record, (one) => {
      expect(readRecord(JSON.parse(JSON.stringify(one)))).toEqual(one);
    }),
  );
});

test("[G21] the status callback knows better than the popup, and nobody's note is lost to it", () => {
  const popup = recordOf(WEIGHT.popup, { answeredAt: 900, stage: STAGE.talking });
  const status = recordOf(WEIGHT.status, { answeredAt: 1_000, talkSeconds: 13, outcome: "completed", stage: STAGE.over });
  const widget = recordOf(WEIGHT.widget, { notes: "wants a quote", talkSeconds: 12, writtenAt: 5 });
  const view = viewOf(all([widget, status, popup]), 0);
  expect(view).toMatchObject({ answeredAt: 1_000, talkSeconds: 13, notes: "wants a quote", isWritten: true, isOver: true });
});

test("[G21] digits of several applets are all kept, in the order of their times", () => {
  const gather = recordOf(WEIGHT.passthru, { digits: ["2023-12-27 12:27:05 4711"] });
  const ivr = recordOf(WEIGHT.passthru, { digits: ["2023-12-27 12:26:40 1"] });
  expect(viewOf(all([gather, ivr, gather]), 0).digits).toBe("1,4711");
});
