import fc from "fast-check";
import { expect, test } from "vitest";
import { joinRecords, type CallRecord } from "../calls/call-record.ts";
import { viewOf } from "../calls/call-view.ts";
import { CALLBACK_KINDS, readCallback, type CallbackKind } from "./read-callback.ts";

const NOW = Date.UTC(2026, 4, 15, 11, 17, 0);
const read = (kind: CallbackKind, values: Record<string, string>): CallRecord =>
  readCallback(kind, new Map(Object.entries({ CallSid: "s1", ...values })), NOW)?.record ?? {};
const view = (...records: CallRecord[]) => viewOf(records.reduce(joinRecords, {}), NOW);

/** The vendor's sample of a terminal status callback with answering machine detection. */
const terminal = {
  CallSid: "f3dec10279a310e2831754a4ec841a5f",
  ConversationDuration: "13",
  DateCreated: "2026-05-15 16:46:13",
  DateUpdated: "2026-05-15 16:46:50",
  Direction: "outbound-api",
  DisconnectedBy: "Callee",
  EndTime: "2026-05-15 16:46:50",
  EventTime: "2026-05-15 16:46:50",
  EventType: "terminal",
  From: "08203612779",
  "Legs[0][OnCallDuration]": "26",
  "Legs[0][Status]": "completed",
  "Legs[0][AnsweredBy]": "NA",
  "Legs[0][AmdCause]": "",
  "Legs[1][OnCallDuration]": "13",
  "Legs[1][Status]": "completed",
  "Legs[1][AnsweredBy]": "HUMAN",
  "Legs[1][AmdCause]": "HUMAN-080-880",
  PhoneNumberSid: "8224778996",
  RecordingUrl: "https://recordings.example.com/a",
  StartTime: "2026-05-15 16:46:13",
  Status: "completed",
  To: "08969916092",
};

test("[G22] the vendor's status callback: whole story, times in India, detection of the dialled leg", () => {
  expect(view(read("status", terminal))).toMatchObject({
    exotelSid: terminal.CallSid,
    direction: "outgoing",
    agentName: "08203612779",
    customerNumber: "08969916092",
    companyNumber: "8224778996",
    isOver: true,
    outcome: "completed",
    createdAt: Date.UTC(2026, 4, 15, 11, 16, 13),
    answeredAt: Date.UTC(2026, 4, 15, 11, 16, 37),
    endedAt: Date.UTC(2026, 4, 15, 11, 16, 50),
    talkSeconds: 13,
    recordingUrl: "https://recordings.example.com/a",
    answeredBy: "HUMAN",
    amdCause: "HUMAN-080-880",
  });
});

test("[G22] the short status callback, without any event, ends the call as well", () => {
  const short = read("status", { Status: "no-answer", RecordingUrl: "", DateUpdated: "2026-05-15 16:46:50" });
  expect(view(short)).toMatchObject({ isOver: true, outcome: "no-answer", recordingUrl: null, endedAt: Date.UTC(2026, 4, 15, 11, 16, 50) });
});

test("[G22] the event `answered` does not end it, and its own status is not an outcome", () => {
  const answered = read("status", { ...terminal, EventType: "answered", EndTime: "", EventTime: "2026-05-15 16:46:30" });
  expect(view(answered)).toMatchObject({ isOver: false, outcome: null, answeredAt: Date.UTC(2026, 4, 15, 11, 16, 30) });
});

test("[G22] Passthru: the constant end time is no time, and legs tell the conversation", () => {
  const passthru = read("passthru", {
    CallFrom: "08660500001",
    CallTo: "08047112233",
    CallStatus: "completed",
    Direction: "incoming",
    StartTime: "2023-12-27 12:17:05",
    EndTime: "1970-01-01 05:30:00",
    CurrentTime: "2023-12-27 12:17:26",
    DialCallStatus: "completed",
    CallType: "completed",
    DialWhomNumber: "sip:asha",
    "Legs[0][OnCallDuration]": "8",
  });
  expect(view(passthru)).toMatchObject({
    direction: "incoming",
    customerNumber: "08660500001",
    agentName: "sip:asha",
    outcome: "completed",
    talkSeconds: 8,
    endedAt: Date.UTC(2023, 11, 27, 6, 47, 26),
  });
});

test.each([
  ["client-hangup", "canceled", "canceled"],
  ["incomplete", "no-answer", "no-answer"],
  ["voicemail", "no-answer", "voicemail"],
])("[G22] Passthru of type %s is a call that nobody answered", (CallType, DialCallStatus, outcome) => {
  expect(view(read("passthru", { CallType, DialCallStatus, CallStatus: "in-progress" }))).toMatchObject({ isOver: true, outcome });
});

test("[G22] digits come in double quotes, and do not end the call", () => {
  const gather = read("passthru", {
    digits: '"4711"',
    CallStatus: "in-progress",
    CallType: "call-attempt",
    CurrentTime: "2023-12-27 12:27:01",
  });
  expect(view(gather)).toMatchObject({ digits: "4711", isOver: false });
});

test("[G22] the four popups tell how far the call is", () => {
  const popup = (EventType: string) => read("popup", { From: "08660500001", DialWhomNumber: "08047000101", EventType });
  expect(view(popup("Dial"))).toMatchObject({ isRinging: true, direction: "incoming", agentName: "08047000101" });
  expect(view(popup("Terminal"), popup("Answered"), popup("Dial"))).toMatchObject({ isOver: true, answeredAt: NOW, outcome: null });
});

test("[G22] nothing that comes in makes the reader throw", () => {
  const name = fc.constantFrom("CallSid", "Status", "EventType", "Legs[0][Status]", "Legs[999][x]", "digits", "StartTime", "__proto__");
  fc.assert(
    fc.property(fc.constantFrom(...CALLBACK_KINDS), fc.array(fc.tuple(name, fc.string())), (kind, values) => {
      const report = readCallback(kind, new Map(values), NOW);
      expect(report === null || viewOf(report.record, NOW).createdAt > 0).toBe(true);
    }),
  );
});
