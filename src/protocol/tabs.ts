import * as v from "valibot";
import { crmRecordSchema, signInPayload } from "./host.ts";
import { type Frozen, callSnapshotSchema, lineSchema, tabViewSchema, writtenSchema } from "./tab-view.ts";

/**
 * What the tabs of one browser partition say to each other, on a BroadcastChannel. Every message is
 * `{ softphoneTabs: version, type, … }`; these two fields stay for ever, so that pages of different versions know of each
 * other without understanding more.
 */
export const TABS_VERSION = 2;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const none = v.object({});

const customer = v.object({ record: v.optional(crmRecordSchema), name: v.optional(text(200)) });
const preference = v.nullable(text(500));

/** What a tab that follows may ask of the one that leads: one entry a method of the phone. */
export const tabCommands = {
  signIn: v.object({ fields: signInPayload, stay: v.nullable(v.boolean()) }),
  signOut: none,
  setAvailable: v.object({ available: v.boolean() }),
  retryNow: none,
  dial: v.object({ text: text(200), about: customer }),
  answer: none,
  reject: none,
  endAndAnswer: none,
  swap: none,
  transfer: v.object({ text: text(200) }),
  consult: v.object({ text: text(200) }),
  completeTransfer: none,
  cancelConsult: none,
  silence: none,
  hangUp: none,
  setMuted: v.object({ muted: v.boolean() }),
  setHeld: v.object({ held: v.boolean() }),
  sendDigits: v.object({ digits: text(64) }),
  /** Refused where that call's work is not the one on the screen. */
  write: v.object({ callId: v.string(), change: writtenSchema }),
  saveWork: none,
  bringUp: v.object({ callId: v.string() }),
  retryUnsaved: none,
  markSeen: none,
  dismiss: v.object({ code: text(60) }),
  testRinging: none,
  setPreferences: v.object({
    change: v.object({
      inputDevice: v.exactOptional(preference),
      outputDevice: v.exactOptional(preference),
      ringDevice: v.exactOptional(preference),
      ringVolume: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      theme: v.exactOptional(v.picklist(["system", "light", "dark"])),
    }),
  }),
} as const;
export type TabCommandName = keyof typeof tabCommands;
type ArgsOf = { [N in TabCommandName]: v.InferOutput<(typeof tabCommands)[N]> };
export type TabCommandArgs<N extends TabCommandName> = ArgsOf[N];
export type TabCommand<N extends TabCommandName = TabCommandName> = {
  [K in N]: { readonly name: K; readonly args: TabCommandArgs<K> };
}[N];

/** Events that every tab's host page is told, with what led to them in the leading tab. */
const sharedEvent = v.variant("type", [
  v.object({ type: v.literal("signed-in"), agent: v.string() }),
  v.object({ type: v.literal("signed-out") }),
  v.object({ type: v.literal("line-changed"), line: lineSchema }),
  v.object({ type: v.literal("call-changed"), call: callSnapshotSchema }),
  v.object({
    type: v.literal("resize-wanted"),
    width: v.number(),
    height: v.number(),
    why: v.picklist(["ringing", "in-call", "idle"]),
  }),
]);
export type SharedEvent = Frozen<v.InferOutput<typeof sharedEvent>>;

const messages = {
  "take-over-asked": v.object({ ask: id }),
  "take-over-granted": v.object({ ask: id }),
  "take-over-refused": v.object({ ask: id }),
  /** A tab has begun to lead. `leader` names this time of leading, not the tab. */
  leads: v.object({ leader: id }),
  /** A tab follows and wants to know everything. */
  hello: none,
  /**
   * From the leader to those that follow: what the agent is signed in with, so that the next to lead can register. Never
   * written down by who hears it; a broadcast reaches pages of this origin alone.
   */
  account: v.object({
    account: v.object({ user: text(200), password: text(200), domain: text(200), proxy: text(200), displayName: text(200) }),
  }),
  /** From the leader: what changed, or (`full`) all there is. `sequence` grows by one. */
  state: v.object({
    leader: id,
    sequence: v.number(),
    full: v.boolean(),
    view: v.partial(tabViewSchema),
    told: v.pipe(v.array(sharedEvent), v.maxLength(1_000)),
  }),
  /** `until`: epoch ms after which nobody waits any more, and it must not be done. `args` are read by `readTabCommand`. */
  command: v.object({ id, until: v.number(), name: v.string(), args: v.unknown() }),
  /** The leader has begun with the command; the answer may take as long as it takes. */
  heard: v.object({ id }),
  answer: v.variant("ok", [
    v.object({ ok: v.literal(true), id, value: v.optional(v.boolean()) }),
    v.object({ ok: v.literal(false), id, code: text(60) }),
  ]),
  /** The leading page goes away; `reload`: it is known to come back. `at`: epoch ms. */
  leaving: v.object({ tab: id, reload: v.boolean(), at: v.number() }),
  /** The page that was reloaded is here again and asks, as `ask`, for the lead that is kept for it. */
  back: v.object({ tab: id, ask: id }),
} as const;
export type TabMessageType = keyof typeof messages;
export type TabMessage = {
  [T in TabMessageType]: { readonly type: T } & Frozen<v.InferOutput<(typeof messages)[T]>>;
}[TabMessageType];

/** `other-version`: a page of another version said something of this type. `null`: no message of a phone. */
export type ReadTabMessage =
  | { readonly kind: "message"; readonly message: TabMessage }
  | { readonly kind: "other-version"; readonly type: string }
  | null;

const envelope = v.object({ softphoneTabs: v.number(), type: v.string() });

/** As it travels. */
export function tabEnvelope(message: TabMessage): unknown {
  return { softphoneTabs: TABS_VERSION, ...message };
}

/** Where unknown becomes a message between tabs, or nothing. Never throws. */
export function readTabMessage(value: unknown): ReadTabMessage {
  const head = v.safeParse(envelope, value);
  if (!head.success) return null;
  const { softphoneTabs, type } = head.output;
  if (softphoneTabs !== TABS_VERSION) return { kind: "other-version", type };
  if (!Object.hasOwn(messages, type)) return null;
  const known = type as TabMessageType;
  const read = v.safeParse(messages[known], value);
  return read.success ? { kind: "message", message: { ...read.output, type: known } as TabMessage } : null;
}

/** A command with its arguments, read from what another tab sent; `null` where there is no such command. */
export function readTabCommand(name: string, args: unknown): TabCommand | null {
  if (!Object.hasOwn(tabCommands, name)) return null;
  const known = name as TabCommandName;
  const read = v.safeParse(tabCommands[known], args);
  return read.success ? ({ name: known, args: read.output } as TabCommand) : null;
}
