import { expect, test } from "vitest";
import { readHistory } from "./stored.ts";

const entry = {
  agent: "asha@acme1.voip.example.com",
  callId: "c1",
  direction: "incoming",
  remoteNumber: "+918000000001",
  remoteName: null,
  record: null,
  startedAt: 1_700_000_000_000,
  answered: true,
  talkSeconds: 30,
  endReason: "hung-up-there",
  disposition: null,
  delivered: true,
  unseen: false,
};

test("[P69] an earlier version kept seconds alone: a call that had none was not answered", () => {
  const { answered, ...earlier } = entry;
  expect(readHistory([earlier, { ...earlier, talkSeconds: 0 }])).toMatchObject([{ answered }, { answered: false }]);
});

test("[P69] what an earlier version wrote of a call is read; the codes for support were not kept then", () => {
  expect(readHistory([entry])).toEqual([{ ...entry, sipCode: null, sipCallId: null, exotelCallSid: null }]);
  const whole = { ...entry, sipCode: 408, sipCallId: "a84b4c76e66710@pc33", exotelCallSid: "b7a1c0ffee" };
  expect(readHistory([whole, { ...whole, callId: 7 }, null])).toEqual([whole]);
});
