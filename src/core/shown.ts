import type { ReadonlySignal } from "@preact/signals-core";
import type { CallSnapshot } from "../protocol/call.ts";
import type { TabView } from "../protocol/tab-view.ts";
import { PHONE_ERROR_CODES, type PhoneErrorCode } from "./errors.ts";
import { NOTICE_CODES, type Notice, type Phone } from "./view.ts";

type Alike =
  | "line"
  | "call"
  | "otherCall"
  | "callOptions"
  | "work"
  | "aside"
  | "unsaved"
  | "history"
  | "notices"
  | "quality"
  | "inputLevel"
  | "agent"
  | "signingIn"
  | "preferences";

/** What all tabs show alike, as signals of the phone that this tab has itself. */
export interface Shown extends Pick<Phone, Alike> {
  /** The call as host pages are told it. */
  readonly snapshot: ReadonlySignal<CallSnapshot | null>;
  readonly otherSnapshot: ReadonlySignal<CallSnapshot | null>;
  /** Grows with every change of the gateway's history of which the leading tab hears. */
  readonly archiveChanges: ReadonlySignal<number>;
}
export type ShownKey = keyof Shown;
/** The same at one moment. */
export type ShownView = { readonly [K in ShownKey]: Shown[K]["value"] };

/** Before the leading tab has said anything. */
export const NOTHING_SHOWN: ShownView = {
  line: { state: "connecting", reason: null, nextTryAt: null, missing: ["registration"] },
  call: null,
  snapshot: null,
  otherCall: null,
  otherSnapshot: null,
  callOptions: { transfer: false, consult: false, completeTransfer: false, swap: false },
  work: null,
  aside: [],
  unsaved: 0,
  history: [],
  archiveChanges: 0,
  notices: [],
  quality: null,
  inputLevel: 0,
  agent: null,
  signingIn: false,
  preferences: { inputDevice: null, outputDevice: null, ringDevice: null, ringVolume: 1, theme: "system" },
};
export const SHOWN_KEYS: readonly ShownKey[] = [
  "line",
  "call",
  "snapshot",
  "otherCall",
  "otherSnapshot",
  "callOptions",
  "work",
  "aside",
  "unsaved",
  "history",
  "archiveChanges",
  "notices",
  "quality",
  "inputLevel",
  "agent",
  "signingIn",
  "preferences",
];

/** Some of it, as it came from another tab. */
export type ToldView = { readonly [K in keyof TabView]?: TabView[K] | undefined };

export function readShown(before: ShownView, told: ToldView): ShownView {
  const { line, notices } = told;
  return {
    line: line === undefined ? before.line : { ...line, reason: line.reason === null ? null : errorCode(line.reason) },
    call: newer(told.call, before.call),
    snapshot: newer(told.snapshot, before.snapshot),
    otherCall: newer(told.otherCall, before.otherCall),
    otherSnapshot: newer(told.otherSnapshot, before.otherSnapshot),
    callOptions: newer(told.callOptions, before.callOptions),
    work: newer(told.work, before.work),
    aside: newer(told.aside, before.aside),
    unsaved: newer(told.unsaved, before.unsaved),
    history: newer(told.history, before.history),
    archiveChanges: newer(told.archiveChanges, before.archiveChanges),
    notices: notices === undefined ? before.notices : notices.map(({ code, about }) => ({ code: noticeCode(code), about })),
    quality: newer(told.quality, before.quality),
    inputLevel: newer(told.inputLevel, before.inputLevel),
    agent: newer(told.agent, before.agent),
    signingIn: newer(told.signingIn, before.signingIn),
    preferences: newer(told.preferences, before.preferences),
  };
}

function newer<T>(now: T | undefined, before: T): T {
  return now === undefined ? before : now;
}

/** A code that another tab says. */
export function errorCode(text: string): PhoneErrorCode {
  return PHONE_ERROR_CODES.find((code) => code === text) ?? "internal";
}

export function noticeCode(text: string): Notice["code"] {
  return NOTICE_CODES.find((code) => code === text) ?? errorCode(text);
}
