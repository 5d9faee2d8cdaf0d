import { PhoneError, type PhoneErrorCode } from "../../core/errors.ts";
import type { LineNeed } from "../../protocol/host.ts";
import type { HistoryEntry } from "../../core/view.ts";
import { callView, emptyWork, type FakePhone, lineView } from "./fake-phone.ts";

/** Every state that an agent can meet, each as a phone that is in it. The clock of the page stands at `SCENE_NOW`. */
export const SCENE_NOW = new Date(2026, 10, 18, 14, 5, 9).getTime();

const lead = { type: "Lead", id: "9001", name: "Ravi Kumar", detail: "Proposal sent" };
const seconds = (count: number) => count * 1_000;
const work = emptyWork(callView().callId);
const note = "Wants the annual plan for 40 seats. Send the quote with GST by Friday.";

const entry = (change: Partial<HistoryEntry>): HistoryEntry => ({
  callId: crypto.randomUUID(),
  direction: "incoming",
  remoteNumber: "+919845000012",
  remoteName: null,
  record: null,
  startedAt: SCENE_NOW - seconds(600),
  talkSeconds: 0,
  endReason: "hung-up-there",
  sipCode: null,
  sipCallId: null,
  disposition: null,
  delivered: true,
  unseen: false,
  ...change,
});

const HISTORY: readonly HistoryEntry[] = [
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

const DEVICES = {
  inputs: [
    { id: "a", label: "Jabra Evolve2 40 (Mono)" },
    { id: "b", label: "Built-in microphone" },
  ],
  outputs: [
    { id: "c", label: "Jabra Evolve2 40 (Mono)" },
    { id: "d", label: "Built-in speakers" },
  ],
};

type Play = (phone: FakePhone) => void | ((click: (name: string) => void) => void);

const talking =
  (change: Parameters<typeof callView>[0] = {}): Play =>
  (phone) => {
    phone.call.value = callView({ phase: "active", record: lead, answeredAt: SCENE_NOW - seconds(134), ...change });
    phone.work.value = { ...work, disposition: { ...work.disposition, notes: note } };
    phone.quality.value ??= { level: "good", reason: null };
    phone.history.value = HISTORY;
    phone.inputLevel.value = 0.12;
    phone.devices.value = DEVICES;
  };
const on = { wanted: true, confirmed: true };
const canTransfer: Play = (phone) => {
  talking()(phone);
  phone.callOptions.value = { transfer: true, consult: true, completeTransfer: false, swap: false };
};
const waiting =
  (change: Parameters<typeof callView>[0]): Play =>
  (phone) => {
    canTransfer(phone);
    phone.otherCall.value = callView({ callId: "other", remoteNumber: "+919845000031", ...change });
  };
/** Another call is held behind the one in front. */
const withOther =
  (front: Parameters<typeof callView>[0]): Play =>
  (phone) => {
    talking({ callId: "front", record: null, remoteName: "Farah Khan", ...front })(phone);
    phone.callOptions.value = { transfer: true, consult: false, completeTransfer: false, swap: true };
    phone.otherCall.value = callView({ phase: "active", record: lead, answeredAt: SCENE_NOW - seconds(300), hold: on });
  };
const wrapUp: Play = (phone) => {
  phone.call.value = callView({
    phase: "wrap-up",
    record: lead,
    answeredAt: SCENE_NOW - seconds(160),
    endedAt: SCENE_NOW - seconds(9),
    endReason: "hung-up-there",
  });
  phone.work.value = { ...work, deadlineAt: SCENE_NOW + seconds(42), disposition: { ...work.disposition, notes: note } };
};

const wrapUpLost: Play = (phone) => {
  wrapUp(phone);
  if (phone.call.value) phone.call.value = { ...phone.call.value, endReason: "connection-lost" };
};
const ASIDE = [
  callView({ callId: "aside-1", remoteName: "Meera Iyer", remoteNumber: "+919845000031" }),
  callView({ callId: "aside-2", remoteName: "Farah Khan", remoteNumber: "+919845000058" }),
];
const LOST_ENTRY = entry({
  remoteNumber: "+918047180000",
  remoteName: "Sundar Textiles",
  talkSeconds: 95,
  endReason: "connection-lost",
  sipCode: 408,
  sipCallId: "0f4c9f5e-7a31-4a52-9c0e-2f5b8a1d6e77",
  startedAt: SCENE_NOW - seconds(200),
});

const lacking =
  (need: LineNeed, reason: PhoneErrorCode | null) =>
  (phone: FakePhone): void =>
    void (phone.line.value = lineView("ready", { reason, missing: [need] }));
const masked = { numbers: { masked: true } };
const signedOut: Play = (phone) => {
  phone.agent.value = null;
  phone.line.value = lineView("signed-out");
};

/** A scene plays the phone, and may then click: names of buttons. */
export const SCENES: Readonly<
  Record<string, { readonly config?: typeof masked; readonly play: Play; readonly clicks?: readonly string[] }>
> = {
  "sign-in": { play: signedOut },
  "sign-in-empty": { play: signedOut, clicks: ["Sign in"] },
  "sign-in-refused": {
    play: (phone) => {
      phone.agent.value = null;
      phone.line.value = lineView("refused", { reason: "credentials-refused" });
    },
  },
  "signing-in": {
    play: (phone) => {
      signedOut(phone);
      phone.line.value = lineView("connecting");
      phone.signingIn.value = true;
    },
  },
  ready: { play: () => {} },
  "ready-typed": { play: () => {}, clicks: ["9", "8", "4", "5", "0", "0", "0"] },
  "ready-lead-missed": {
    play: (phone) => {
      phone.context.value = { record: lead, number: "+919845000012" };
      phone.history.value = HISTORY;
      phone.notices.value = [{ code: "call-missed", about: "+919845000031" }];
    },
  },
  "dial-failed": { play: (phone) => void (phone.failNext = new PhoneError("number-invalid")), clicks: ["9", "8", "Call"] },
  retrying: {
    play: (phone) => void (phone.line.value = lineView("retrying", { reason: "server-unreachable", nextTryAt: SCENE_NOW + seconds(4) })),
  },
  offline: { play: (phone) => void (phone.line.value = lineView("offline")) },
  "not-ready": { play: (phone) => void (phone.line.value = lineView("off")) },
  "no-delegation": { play: lacking("microphone", "microphone-not-delegated") },
  "no-microphone": { play: lacking("microphone", "microphone-missing") },
  "no-sound": {
    play: (phone) => {
      phone.canRing.value = false;
      lacking("ringing", "sound-blocked")(phone);
    },
  },
  slept: { play: lacking("page", null) },
  "microphone-not-asked": { play: (phone) => void (phone.microphone.value = "unknown") },
  "in-another-tab": { play: (phone) => void (phone.tabRole.value = "follower") },
  menu: { play: () => {}, clicks: ["More"] },
  ringing: { play: (phone) => void (phone.call.value = callView({ record: lead, localNumber: "Sales, Bengaluru" })) },
  "ringing-unknown": { play: (phone) => void (phone.call.value = callView({ localNumber: "+918047180000" })) },
  "ringing-masked": { config: masked, play: (phone) => void (phone.call.value = callView({ silenced: true })) },
  "ringing-no-sound": {
    play: (phone) => {
      phone.canRing.value = false;
      phone.call.value = callView({
        remoteName: "Venkatanarasimharajuvaripeta Subramaniam and Sons, Wholesale",
        localNumber: "Sales, Bengaluru",
      });
    },
  },
  dialing: { play: (phone) => void (phone.call.value = callView({ direction: "outgoing", phase: "dialing", record: lead })) },
  "in-call": { play: talking() },
  "in-call-unknown": { play: talking({ record: null }) },
  muted: { play: talking({ mute: on }) },
  muting: { play: talking({ mute: { wanted: true, confirmed: false } }) },
  held: { play: talking({ hold: on }) },
  "muted-held-there": { play: talking({ mute: on, heldThere: true }) },
  reconnecting: { play: talking({ phase: "reconnecting", lost: "media" }) },
  "poor-line": {
    play: (phone) => {
      phone.quality.value = { level: "poor", reason: "loss" };
      talking()(phone);
    },
  },
  "call-waiting": { play: waiting({ remoteName: "Meera Iyer" }) },
  "call-waiting-unknown": { play: waiting({}) },
  "held-other": { play: withOther({}) },
  "held-alone": { play: talking({ hold: on }) },
  transfer: { play: canTransfer, clicks: ["Transfer"] },
  transferring: { play: talking({ transferringTo: "+919845000031" }) },
  consulting: {
    play: (phone) => {
      withOther({ isConsultation: true, record: null, remoteName: "Meera Iyer", remoteNumber: "+919845000031", direction: "outgoing" })(
        phone,
      );
      phone.callOptions.value = { transfer: true, consult: false, completeTransfer: true, swap: true };
    },
  },
  "consult-dialing": {
    play: (phone) => {
      withOther({ phase: "dialing", isConsultation: true, record: null, direction: "outgoing", remoteNumber: "+919845000031" })(phone);
      phone.callOptions.value = { transfer: false, consult: false, completeTransfer: false, swap: false };
    },
  },
  keypad: { play: talking({ digits: "12#4" }), clicks: ["Keypad"] },
  audio: { play: talking(), clicks: ["Audio"] },
  "wrap-up": { play: wrapUp },
  "wrap-up-missing": {
    play: (phone) => {
      wrapUp(phone);
      phone.unsaved.value = 1;
    },
    clicks: ["Save"],
  },
  "wrap-up-ringing": {
    play: (phone) => {
      wrapUp(phone);
      phone.call.value = callView({ callId: "next", remoteName: "Meera Iyer", remoteNumber: "+919845000031" });
    },
  },
  "wrap-up-lost": { play: wrapUpLost },
  "wrap-up-lost-not-ready": {
    play: (phone) => {
      wrapUpLost(phone);
      phone.line.value = lineView("retrying", { reason: "server-unreachable", nextTryAt: SCENE_NOW + seconds(4) });
    },
  },
  "wrap-up-aside": {
    play: (phone) => {
      wrapUp(phone);
      phone.aside.value = ASIDE;
      phone.unsaved.value = ASIDE.length;
    },
  },
  "in-call-aside": {
    play: (phone) => {
      talking()(phone);
      phone.aside.value = ASIDE.slice(0, 1);
      phone.unsaved.value = 1;
    },
  },
  "calls-lost": {
    play: (phone) => {
      phone.history.value = [LOST_ENTRY, ...HISTORY];
      phone.panel.value = "calls";
    },
    clicks: ["Sundar Textiles"],
  },
  calls: {
    play: (phone) => {
      phone.history.value = HISTORY;
      phone.unsaved.value = 1;
      phone.panel.value = "calls";
    },
  },
  "calls-open": {
    play: (phone) => {
      phone.history.value = HISTORY;
      phone.panel.value = "calls";
    },
    clicks: ["Ravi Kumar"],
  },
  "calls-empty": { play: (phone) => void (phone.panel.value = "calls") },
  settings: {
    play: (phone) => {
      phone.devices.value = DEVICES;
      phone.panel.value = "settings";
    },
  },
};
