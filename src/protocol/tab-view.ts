import * as v from "valibot";
import { CALL_PHASES, DIRECTIONS, END_REASONS } from "./call.ts";
import { LINE_NEEDS, crmRecordSchema } from "./host.ts";

/**
 * What the leading tab shows and every other tab shows after it. Fields that a reader does not know are left out, one that
 * is missing makes the message unreadable: pages of one version agree, and others do not talk (`TABS_VERSION`).
 */
const text = v.string();
const maybe = v.nullable(text);
/** Epoch ms. */
const time = v.number();
const code = v.pipe(text, v.maxLength(60));
const record = v.nullable(crmRecordSchema);
const toggle = v.object({ wanted: v.boolean(), confirmed: v.boolean() });

const party = {
  callId: text,
  direction: v.picklist(DIRECTIONS),
  remoteNumber: text,
  remoteName: maybe,
  record,
  startedAt: time,
};
const course = {
  phase: v.picklist(CALL_PHASES),
  localNumber: maybe,
  answeredAt: v.nullable(time),
  endedAt: v.nullable(time),
  endReason: v.nullable(v.picklist(END_REASONS)),
  sipCode: v.nullable(v.number()),
  heldThere: v.boolean(),
};

export const lineSchema = v.object({
  state: v.picklist(["signed-out", "offline", "connecting", "ready", "retrying", "refused", "taken-elsewhere", "off"]),
  reason: v.nullable(code),
  nextTryAt: v.nullable(time),
  missing: v.array(v.picklist(LINE_NEEDS)),
});

const callSchema = v.object({
  ...party,
  ...course,
  mute: toggle,
  hold: toggle,
  silenced: v.boolean(),
  lost: v.nullable(v.picklist(["media", "signalling"])),
  digits: text,
  transferringTo: maybe,
  isConsultation: v.boolean(),
});

export const callSnapshotSchema = v.object({
  ...party,
  ...course,
  sipCallId: maybe,
  exotelCallSid: maybe,
  exotelLegSid: maybe,
  muted: v.boolean(),
  heldHere: v.boolean(),
});

const followUp = v.nullable(v.object({ dueAt: time, text }));
const disposition = v.object({ fields: v.record(text, text), notes: text, followUp });
/** What is typed at one moment; fields that were not touched are absent. */
export const writtenSchema = v.object({
  fields: v.exactOptional(v.record(text, text)),
  notes: v.exactOptional(text),
  followUp: v.exactOptional(followUp),
});

/** One entry a signal of the phone. */
export const tabViewSchema = v.object({
  line: lineSchema,
  call: v.nullable(callSchema),
  /** The same call as host pages are told it. */
  snapshot: v.nullable(callSnapshotSchema),
  /** The call behind it, waiting or held. */
  otherCall: v.nullable(callSchema),
  otherSnapshot: v.nullable(callSnapshotSchema),
  callOptions: v.object({ transfer: v.boolean(), consult: v.boolean(), completeTransfer: v.boolean(), swap: v.boolean() }),
  work: v.nullable(v.object({ callId: text, disposition, deadlineAt: v.nullable(time), missing: v.array(text), saving: v.boolean() })),
  /** Wrap-ups that wait. */
  aside: v.array(v.object({ callId: text, direction: v.picklist(DIRECTIONS), remoteNumber: text, remoteName: maybe, record })),
  unsaved: v.number(),
  history: v.array(
    v.object({
      ...party,
      answered: v.boolean(),
      talkSeconds: v.number(),
      endReason: v.picklist(END_REASONS),
      disposition: v.nullable(disposition),
      sipCode: v.nullable(v.number()),
      sipCallId: maybe,
      exotelCallSid: maybe,
      delivered: v.boolean(),
      unseen: v.boolean(),
    }),
  ),
  archiveChanges: v.number(),
  notices: v.array(v.object({ code, about: maybe })),
  quality: v.nullable(
    v.object({
      level: v.picklist(["good", "fair", "poor"]),
      reason: v.nullable(v.picklist(["loss", "jitter", "delay", "no-audio-in", "no-audio-out"])),
    }),
  ),
  inputLevel: v.number(),
  agent: v.nullable(v.object({ user: text, displayName: text })),
  signingIn: v.boolean(),
  preferences: v.object({
    inputDevice: maybe,
    outputDevice: maybe,
    ringDevice: maybe,
    ringVolume: v.number(),
    theme: v.picklist(["system", "light", "dark"]),
  }),
});
type Shape = v.InferOutput<typeof tabViewSchema>;
/** Read only: it is what another tab said. */
export type TabView = Frozen<Shape>;

export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
