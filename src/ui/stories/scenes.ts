import { PhoneError } from "../../core/errors.ts";
import { callView, lineView } from "./fake-phone.ts";
import { ARCHIVED } from "./archived-calls.ts";
import {
  ASIDE,
  canTransfer,
  DEVICES,
  HISTORY,
  lacking,
  lead,
  LOST_ENTRY,
  masked,
  on,
  SCENE_NOW,
  seconds,
  signedOut,
  talking,
  waiting,
  whereIs,
  withOther,
  wrapUp,
  wrapUpLost,
  type Play,
} from "./scene-parts.ts";

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
  "ready-session-over": { play: (phone) => void (phone.notices.value = [{ code: "session-over", about: null }]) },
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
  "in-another-tab": { play: (phone) => void (phone.whereabouts.value = "elsewhere"), clicks: ["More"] },
  "in-another-tab-talking": {
    play: (phone) => {
      phone.whereabouts.value = "elsewhere";
      talking()(phone);
    },
  },
  "other-tab-lost": {
    play: (phone) => {
      phone.whereabouts.value = "lost";
      talking()(phone);
    },
  },
  "other-tab-awaited": { play: whereIs("awaited") },
  "other-tab-silent": { play: whereIs("silent") },
  "other-tab-outdated": { play: whereIs("outdated") },
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
  "calls-archived": {
    play: (phone) => {
      phone.archive = ARCHIVED;
      phone.history.value = HISTORY.filter(({ delivered }) => !delivered);
      phone.panel.value = "calls";
    },
  },
  "calls-empty": { play: (phone) => void (phone.panel.value = "calls") },
  settings: {
    play: (phone) => {
      phone.devices.value = DEVICES;
      phone.panel.value = "settings";
    },
  },
};
