import type { ReadonlySignal } from "@preact/signals-core";
import type { CallPhase, CrmRecord, Direction, Disposition, EndReason } from "../protocol/call.ts";
import type { Config } from "../protocol/config.ts";
import type { SignInProof } from "../protocol/gateway-agents.ts";
import type { LineNeed, SignIn } from "../protocol/host.ts";
import type { PhoneErrorCode } from "./errors.ts";
import type { AgentServer, AudioDevices, MicrophoneState, TabRole } from "./ports.ts";

/** What the screen may read and do: the phone as the agent's side sees it. Implemented by `phone.ts`, faked by stories. */

/** Wanted by the agent, and what the far end really gets. They differ only while a change is under way. */
export interface Toggle {
  readonly wanted: boolean;
  readonly confirmed: boolean;
}

export interface CallView {
  readonly callId: string;
  readonly direction: Direction;
  readonly phase: CallPhase;
  readonly remoteNumber: string;
  readonly remoteName: string | null;
  readonly localNumber: string | null;
  readonly record: CrmRecord | null;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
  readonly sipCode: number | null;
  readonly mute: Toggle;
  readonly hold: Toggle;
  readonly heldThere: boolean;
  readonly silenced: boolean;
  /** What is lost while `reconnecting`. */
  readonly lost: "media" | "signalling" | null;
  /** Digits sent so far. */
  readonly digits: string;
  /** Who the far end is being sent to; `null` while no transfer is under way. */
  readonly transferringTo: string | null;
  /** The agent asks somebody about the other call. */
  readonly isConsultation: boolean;
}

/** What can be done with one call or two now; never what engine or deployment cannot do. */
export interface CallOptions {
  readonly transfer: boolean;
  readonly consult: boolean;
  readonly completeTransfer: boolean;
  readonly swap: boolean;
}

export interface LineView {
  readonly state: "signed-out" | "offline" | "connecting" | "ready" | "retrying" | "refused" | "taken-elsewhere" | "off";
  readonly reason: PhoneErrorCode | null;
  /** Epoch ms of the next try while `retrying`. */
  readonly nextTryAt: number | null;
  /** What keeps a call from ringing here and being answered, the strongest first. Empty: it would ring now. */
  readonly missing: readonly LineNeed[];
}

/** Note and outcome of the call that is up or just over; kept at every keystroke. */
export interface WorkView {
  readonly callId: string;
  readonly disposition: Disposition;
  /** Epoch ms at which wrap-up saves by itself; `null`: no limit, or not in wrap-up. */
  readonly deadlineAt: number | null;
  /** Ids of required fields that are still empty, known after the first try to save. */
  readonly missing: readonly string[];
  readonly saving: boolean;
}

/** A finished call whose wrap-up another call has pushed off the screen. */
export type AsideView = Pick<CallView, "callId" | "direction" | "remoteNumber" | "remoteName" | "record">;

export interface HistoryEntry {
  readonly callId: string;
  readonly direction: Direction;
  readonly remoteNumber: string;
  readonly remoteName: string | null;
  readonly record: CrmRecord | null;
  readonly startedAt: number;
  /** Also where the talk was shorter than what `talkSeconds` can say. */
  readonly answered: boolean;
  readonly talkSeconds: number;
  readonly endReason: EndReason;
  /** For support: SIP status code of the end, and SIP Call-ID of the agent's leg (RFC 3261). */
  readonly sipCode: number | null;
  readonly sipCallId: string | null;
  /** Exotel's id of the whole call: by it the gateway knows one that it has no log of yet. */
  readonly exotelCallSid: string | null;
  readonly disposition: Disposition | null;
  /** False until the host acknowledged the log. */
  readonly delivered: boolean;
  /** A missed call that the agent has not looked at. */
  readonly unseen: boolean;
}

export const NOTICE_CODES = ["call-missed", "work-restored", "host-cannot-save"] as const;

/** Something the agent should know or do, shown as a strip until it is no longer true or dismissed. */
export interface Notice {
  readonly code: PhoneErrorCode | (typeof NOTICE_CODES)[number];
  /** Who or what it is about, as text: a number, a server name. */
  readonly about: string | null;
}

export interface QualityView {
  readonly level: "good" | "fair" | "poor";
  /** Why it is not good. */
  readonly reason: "loss" | "jitter" | "delay" | "no-audio-in" | "no-audio-out" | null;
}

export interface PreferencesView {
  readonly inputDevice: string | null;
  readonly outputDevice: string | null;
  readonly ringDevice: string | null;
  /** 0 to 1. */
  readonly ringVolume: number;
  readonly theme: "system" | "light" | "dark";
}

/**
 * Where the phone is that this tab shows.
 *
 * - `here`: in this tab, or not known yet.
 * - `awaited`: in another one, which has not said anything yet.
 * - `elsewhere`: in another one; what is shown is what it says.
 * - `lost`: the other one has stopped answering; what is shown may be old.
 * - `silent`: the other one has never answered.
 * - `outdated`: the other one is a page of another version.
 */
export type Whereabouts = "here" | "awaited" | "elsewhere" | "lost" | "silent" | "outdated";

export type Panel = "keypad" | "calls" | "settings";

/** The agent's calls as the gateway has them, from whichever device. */
export interface Archive extends Pick<AgentServer, "findCalls" | "recording"> {
  /** Grows when something in it has changed, as far as the tab that has the phone hears of it. */
  readonly changes: ReadonlySignal<number>;
}

export interface Phone {
  readonly config: Config;
  readonly line: ReadonlySignal<LineView>;
  /** The call in front. */
  readonly call: ReadonlySignal<CallView | null>;
  /** A second call: it waits (`ringing`) or is held. */
  readonly otherCall: ReadonlySignal<CallView | null>;
  readonly callOptions: ReadonlySignal<CallOptions>;
  readonly work: ReadonlySignal<WorkView | null>;
  /** Wrap-ups that wait behind what is on the screen, the longest waiting first. */
  readonly aside: ReadonlySignal<readonly AsideView[]>;
  /** Finished calls whose log is not delivered yet; those of `aside` among them. */
  readonly unsaved: ReadonlySignal<number>;
  /** Newest first. */
  readonly history: ReadonlySignal<readonly HistoryEntry[]>;
  readonly notices: ReadonlySignal<readonly Notice[]>;
  readonly quality: ReadonlySignal<QualityView | null>;
  /** Microphone level of the call, 0 to 1, also while muted. */
  readonly inputLevel: ReadonlySignal<number>;
  readonly agent: ReadonlySignal<{ readonly user: string; readonly displayName: string } | null>;
  readonly signingIn: ReadonlySignal<boolean>;
  readonly tabRole: ReadonlySignal<TabRole>;
  readonly whereabouts: ReadonlySignal<Whereabouts>;
  readonly canRing: ReadonlySignal<boolean>;
  /** As far as it is known without asking the agent. */
  readonly microphone: ReadonlySignal<MicrophoneState | null>;
  readonly devices: ReadonlySignal<AudioDevices>;
  readonly preferences: ReadonlySignal<PreferencesView>;
  readonly panel: ReadonlySignal<Panel>;
  /** The gateway's history and recordings; `null`: what is in `history` is all there is. */
  readonly archive: Archive | null;
  /** Lead or ticket on the CRM's screen. */
  readonly context: ReadonlySignal<{ readonly record: CrmRecord | null; readonly number: string | null }>;

  signIn(fields: SignIn, stay: boolean): Promise<void>;
  /** Where the gateway knows the agents: proves who the agent is, and registers with the account that it gives. */
  signInWith(proof: SignInProof): Promise<void>;
  signOut(): Promise<void>;
  /** `false`: this phone does not ring until it is set back. */
  setAvailable(available: boolean): Promise<void>;
  retryNow(): void;
  /** Takes whatever the agent typed or pasted. Rejects with `PhoneError`. */
  dial(text: string, about?: { readonly record?: CrmRecord | undefined; readonly name?: string | undefined }): Promise<void>;
  /** A call that waits is answered when the one in front is confirmed as held; rejects with `hold-refused` where it is not. */
  answer(): Promise<void>;
  /** Hangs up the call in front and answers the one that waits. */
  endAndAnswer(): Promise<void>;
  /** Declines what rings. */
  reject(): Promise<void>;
  silence(): void;
  /** Of the call in front. A held one comes to the front then, and stays held. */
  hangUp(): Promise<void>;
  /** Holds the call in front and takes the held one back. Rejects with `hold-refused` where nothing was changed. */
  swap(): Promise<void>;
  /**
   * Blind transfer of the call in front. Resolves when it is asked for: `transferringTo` says that it is under way, the call ends
   * as `transferred`, or it stays and the notice `transfer-failed` says so.
   */
  transfer(text: string): Promise<void>;
  /** Holds the call in front and dials somebody to ask. */
  consult(text: string): Promise<void>;
  /** Joins the customer and who was asked; told as `transfer` is. Both calls end here, or both stay. */
  completeTransfer(): Promise<void>;
  /** Ends the consultation and takes the customer back. */
  cancelConsult(): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  setHeld(held: boolean): Promise<void>;
  sendDigits(digits: string): Promise<void>;
  openRecord(): Promise<void>;
  write(change: Partial<Disposition>): void;
  /** Closes wrap-up. Resolves `false` and fills `work.missing` where a required field is empty. */
  saveWork(): Promise<boolean>;
  /** Shows a wrap-up of `aside` in the place of the one on the screen. Rejects with `PhoneError` while a call is up, or where it does not wait. */
  bringUp(callId: string): Promise<void>;
  retryUnsaved(): void;
  markSeen(): void;
  dismiss(code: Notice["code"]): void;
  /**
   * Moves the phone to this tab. `false`: a call is up where it is. Rejects with `leader-silent` where that tab does not
   * answer; with `force` it is taken then.
   */
  takeOver(force?: boolean): Promise<boolean>;
  enableRinging(): Promise<void>;
  /** From a click: the browser may ask the agent for the microphone. What is found is in `microphone`. */
  checkMicrophone(): Promise<void>;
  /** Rings for a moment as the next call will, so that its loudness and device can be chosen. Not while a call is up. */
  testRinging(): void;
  setPreferences(change: Partial<PreferencesView>): Promise<void>;
  show(panel: Panel): void;
  formatNumber(number: string): string;
  /** Redacted log of this session as text, for the support line. */
  diagnostics(): string;
}
