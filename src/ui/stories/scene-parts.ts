import type { PhoneErrorCode } from "../../core/errors.ts";
import type { LineNeed } from "../../protocol/host.ts";
import type { HistoryEntry, Whereabouts } from "../../core/view.ts";
import { callView, emptyWork, type FakePhone, lineView } from "./fake-phone.ts";

/** The clock of the page on which scenes are drawn stands here. */
export const SCENE_NOW = new Date(2026, 10, 18, 14, 5, 9).getTime();

export const lead = { type: "Lead", id: "9001", name: "Ravi Kumar", detail: "Proposal sent" };
export const seconds = (count: number) => count * 1_000;
const work = emptyWork(callView().callId);
const note = "Wants the annual plan for 40 seats. Send the quote with GST by Friday.";

const entry = (change: Partial<HistoryEntry>): HistoryEntry => ({
  callId: crypto.randomUUID(),
  direction: "incoming",
  remoteNumber: "+919845000012",
  remoteName: null,
  record: null,
  startedAt: SCENE_NOW - seconds(600),
  answered: (change.talkSeconds ?? 0) > 0,
  talkSeconds: 0,
  endReason: "hung-up-there",
  sipCode: null,
  sipCallId: null,
  exotelCallSid: null,
  disposition: null,
  delivered: true,
  unseen: false,
  ...change,
});

export const HISTORY: readonly HistoryEntry[] = [
  entry({
    remoteNumber: "+919845000031",
    remoteName: "Meera Iyer",
    endReason: "missed",
    unseen: true,
    startedAt: SCENE_NOW - seconds(540),
  }),
  entry({
    callId: "selected",
    record: lead,
    talkSeconds: 151,
    startedAt: SCENE_NOW - seconds(1_900),
    disposition: {
      fields: { outcome: "interested" },
      notes: note,
      followUp: { dueAt: SCENE_NOW + seconds(72_000), text: "Send the quote" },
    },
  }),
  entry({ direction: "outgoing", remoteNumber: "+919845000044", endReason: "no-answer", startedAt: SCENE_NOW - seconds(5_000) }),
  entry({
    remoteNumber: "+918047180000",
    remoteName: "Sundar Textiles",
    talkSeconds: 3_725,
    delivered: false,
    startedAt: SCENE_NOW - seconds(9_000),
  }),
  entry({
    direction: "outgoing",
    remoteNumber: "+919845000058",
    remoteName: "Farah Khan",
    talkSeconds: 45,
    startedAt: SCENE_NOW - seconds(92_000),
  }),
  entry({ remoteNumber: "+14155550100", endReason: "missed", unseen: true, startedAt: SCENE_NOW - seconds(95_000) }),
  entry({
    direction: "outgoing",
    remoteNumber: "+919845000063",
    remoteName: "Sundar Rajan",
    endReason: "busy",
    startedAt: SCENE_NOW - seconds(190_000),
  }),
];

export const DEVICES = {
  inputs: [
    { id: "a", label: "Jabra Evolve2 40 (Mono)" },
    { id: "b", label: "Built-in microphone" },
  ],
  outputs: [
    { id: "c", label: "Jabra Evolve2 40 (Mono)" },
    { id: "d", label: "Built-in speakers" },
  ],
};

export type Play = (phone: FakePhone) => void | ((click: (name: string) => void) => void);

export const talking =
  (change: Parameters<typeof callView>[0] = {}): Play =>
  (phone) => {
    phone.call.value = callView({ phase: "active", record: lead, answeredAt: SCENE_NOW - seconds(134), ...change });
    phone.work.value = { ...work, disposition: { ...work.disposition, notes: note } };
    phone.quality.value ??= { level: "good", reason: null };
    phone.history.value = HISTORY;
    phone.inputLevel.value = 0.12;
    phone.devices.value = DEVICES;
  };
export const on = { wanted: true, confirmed: true };
export const canTransfer: Play = (phone) => {
  talking()(phone);
  phone.callOptions.value = { transfer: true, consult: true, completeTransfer: false, swap: false };
};
export const waiting =
  (change: Parameters<typeof callView>[0]): Play =>
  (phone) => {
    canTransfer(phone);
    phone.otherCall.value = callView({ callId: "other", remoteNumber: "+919845000031", ...change });
  };
/** Another call is held behind the one in front. */
export const withOther =
  (front: Parameters<typeof callView>[0]): Play =>
  (phone) => {
    talking({ callId: "front", record: null, remoteName: "Farah Khan", ...front })(phone);
    phone.callOptions.value = { transfer: true, consult: false, completeTransfer: false, swap: true };
    phone.otherCall.value = callView({ phase: "active", record: lead, answeredAt: SCENE_NOW - seconds(300), hold: on });
  };
export const wrapUp: Play = (phone) => {
  phone.call.value = callView({
    phase: "wrap-up",
    record: lead,
    answeredAt: SCENE_NOW - seconds(160),
    endedAt: SCENE_NOW - seconds(9),
    endReason: "hung-up-there",
  });
  phone.work.value = { ...work, deadlineAt: SCENE_NOW + seconds(42), disposition: { ...work.disposition, notes: note } };
};

export const wrapUpLost: Play = (phone) => {
  wrapUp(phone);
  if (phone.call.value) phone.call.value = { ...phone.call.value, endReason: "connection-lost" };
};
export const ASIDE = [
  callView({ callId: "aside-1", remoteName: "Meera Iyer", remoteNumber: "+919845000031" }),
  callView({ callId: "aside-2", remoteName: "Farah Khan", remoteNumber: "+919845000058" }),
];
export const LOST_ENTRY = entry({
  remoteNumber: "+918047180000",
  remoteName: "Sundar Textiles",
  talkSeconds: 95,
  endReason: "connection-lost",
  sipCode: 408,
  sipCallId: "0f4c9f5e-7a31-4a52-9c0e-2f5b8a1d6e77",
  startedAt: SCENE_NOW - seconds(200),
});

export const lacking =
  (need: LineNeed, reason: PhoneErrorCode | null) =>
  (phone: FakePhone): void =>
    void (phone.line.value = lineView("ready", { reason, missing: [need] }));
export const masked = { numbers: { masked: true } };
export const signedOut: Play = (phone) => {
  phone.agent.value = null;
  phone.line.value = lineView("signed-out");
};

export const whereIs =
  (whereabouts: Whereabouts): Play =>
  (phone) => {
    signedOut(phone);
    phone.line.value = lineView("connecting");
    phone.whereabouts.value = whereabouts;
  };
