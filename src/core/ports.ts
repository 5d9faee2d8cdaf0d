import type { CallLog, CallSnapshot, CrmRecord, EndReason } from "../protocol/call.ts";
import type { CommandPayload, CommandType, HostEvent, RefusalCode } from "../protocol/host.ts";
import type { ReadTabMessage, TabMessage } from "../protocol/tabs.ts";
import type { PhoneErrorCode } from "./errors.ts";

/** What the phone needs from the world. Written from the phone's side; every adapter fits one of these. */

/** Undo of a subscription; may be called twice. */
export type Unsubscribe = () => void;

// ---------------------------------------------------------------- Engine

/** An account as Exotel describes it, tidied: no `sip:` prefix, no domain in the user. */
export interface SipAccount {
  readonly user: string;
  readonly password: string;
  /** SIP domain, for example `acme1.voip.exotel.com`. */
  readonly domain: string;
  /** `host:port` of the VoIP proxy. */
  readonly proxy: string;
  readonly displayName: string;
}

export interface EngineCapabilities {
  readonly canTransfer: boolean;
  readonly canDialDirect: boolean;
  readonly canSurviveReload: boolean;
  readonly canHoldTwoCalls: boolean;
  readonly canSuppressNoise: boolean;
}

/** The engine's name for one voice leg. Never shown. */
export type LegId = string;

/** One leg that rings at the agent: the INVITE's facts. */
export interface LegInvitation {
  readonly leg: LegId;
  /** User part of the From URI, as signalled. */
  readonly number: string;
  readonly name: string | null;
  /** The called company number, where a header tells it. */
  readonly localNumber: string | null;
  readonly sipCallId: string | null;
  readonly exotelCallSid: string | null;
  readonly exotelLegSid: string | null;
}

/** A leg that was placed, and the SIP Call-ID that it has. */
export interface PlacedLeg {
  readonly leg: LegId;
  readonly sipCallId: string | null;
}

/**
 * All that an engine needs to take up one leg in another page, as JSON. Whoever holds it can end or take the call: kept
 * encrypted only, deleted at the end, never logged.
 */
export type LegRecord = Readonly<Record<string, unknown>>;

/** One leg to be taken up, and how it was. */
export interface LegToResume {
  readonly record: LegRecord;
  readonly muted: boolean;
  readonly held: boolean;
}

/** `lost`: no answer or socket closed, worth another try. `refused`: wrong credentials, not worth one. */
export type EngineEvent =
  | { readonly type: "registered" }
  | { readonly type: "registration-lost"; readonly code: PhoneErrorCode; readonly sipCode: number | null }
  | { readonly type: "registration-refused"; readonly sipCode: number }
  | { readonly type: "leg-ringing"; readonly invitation: LegInvitation }
  /** A leg that was placed rings at the far end; `earlyMedia`: whose sound is heard, a ring-back tone or an announcement. */
  | { readonly type: "leg-progress"; readonly leg: LegId; readonly earlyMedia: boolean }
  | { readonly type: "leg-connected"; readonly leg: LegId }
  /** The far end of a call is somebody else from now on (RFC 3891), on another leg, as muted and held as the last one. */
  | { readonly type: "leg-replaced"; readonly leg: LegId; readonly by: LegInvitation }
  | { readonly type: "leg-muted"; readonly leg: LegId; readonly muted: boolean }
  | { readonly type: "leg-held"; readonly leg: LegId; readonly held: boolean }
  | { readonly type: "leg-hold-refused"; readonly leg: LegId; readonly held: boolean; readonly sipCode: number | null }
  | { readonly type: "leg-held-there"; readonly leg: LegId; readonly held: boolean }
  /** RTP stopped or the socket closed under a call (`ok: false`), or came back. */
  | { readonly type: "leg-media"; readonly leg: LegId; readonly ok: boolean }
  | { readonly type: "leg-signalling"; readonly leg: LegId; readonly ok: boolean }
  /** The microphone failed on answer; the engine has already refused the leg at the far end. */
  | { readonly type: "leg-media-denied"; readonly leg: LegId; readonly code: PhoneErrorCode }
  | { readonly type: "leg-ended"; readonly leg: LegId; readonly reason: EndReason; readonly sipCode: number | null }
  /** After every SIP message of a leg that could be taken up elsewhere: its newest record. */
  | { readonly type: "leg-record"; readonly leg: LegId; readonly record: LegRecord }
  /** A call that the engine had to refuse because it carries as many as it can: two where `canHoldTwoCalls`, else one. */
  | { readonly type: "leg-refused-busy"; readonly invitation: LegInvitation };

/** Media facts of one leg at one moment, from `getStats` (W3C WebRTC statistics). Counters are cumulative. */
export interface LegStatistics {
  /** Epoch ms. */
  readonly at: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsSent: number;
  /** Seconds. */
  readonly jitter: number;
  /** Seconds; `null` until the first RTCP report. */
  readonly roundTripTime: number | null;
  /** 0 to 1. */
  readonly inputLevel: number;
  readonly outputLevel: number;
  readonly codec: string | null;
}

/**
 * Carries voice legs for one account. Methods that change a leg resolve when the request went out; the truth about the
 * result comes as an event. All reject with `PhoneError`.
 */
export interface Engine {
  readonly capabilities: EngineCapabilities;
  on(listener: (event: EngineEvent) => void): Unsubscribe;
  /** Starts registering; ends in `registered`, `registration-lost` or `registration-refused`. Calling again replaces the account. */
  register(account: SipAccount): Promise<void>;
  unregister(): Promise<void>;
  /** Asks the registrar whether it still answers. `false` after `timeoutMs` without an answer. */
  probe(timeoutMs: number): Promise<boolean>;
  /** Outbound INVITE, only where `canDialDirect`. Resolves when it went out; the rest is told as events. */
  place(number: string): Promise<PlacedLeg>;
  answer(leg: LegId): Promise<void>;
  reject(leg: LegId): Promise<void>;
  hangUp(leg: LegId): Promise<void>;
  setMuted(leg: LegId, muted: boolean): Promise<void>;
  setHeld(leg: LegId, held: boolean): Promise<void>;
  /** `digit`: one of 0-9 A-D * #. */
  sendDigit(leg: LegId, digit: string): Promise<void>;
  /**
   * Blind transfer by REFER, only where `canTransfer`. Resolves when the far end has reached `number` (the leg ends then, as
   * `transferred`); rejects where it refused, failed or said nothing, and the call stays.
   */
  transfer(leg: LegId, number: string): Promise<void>;
  /**
   * Attended transfer (RFC 5589 section 7), only where `canTransfer` and `canHoldTwoCalls`: the far end of `leg` takes over our
   * part of `other`. Resolves when it has, and both legs end as `transferred`; rejects as `transfer` does, and both stay.
   */
  transferTo(leg: LegId, other: LegId): Promise<void>;
  statistics(leg: LegId): Promise<LegStatistics | null>;
  /** `null`: the browser's default device. */
  setInputDevice(deviceId: string | null): Promise<void>;
  setOutputDevice(deviceId: string | null): Promise<void>;
  /** The page is going away (`pagehide`): synchronously send BYE for the call that is up, as well as it can be done. */
  leave(): void;
  /**
   * Takes up legs that an earlier page or another tab left, only where `canSurviveReload`, and registers `account` as
   * `register` does. Resolves to the legs that are known from now on; commands for them are taken. What becomes of one
   * is told as `leg-signalling` and `leg-media` (`ok: true`), or as `leg-ended`; one that still rings goes on ringing.
   */
  resume(account: SipAccount, legs: readonly LegToResume[]): Promise<readonly LegId[]>;
  /**
   * Another page has the phone, or will have it: lets go of registration and socket, and without a word of every leg
   * whose record was told; the others end as by `leave`. Media goes on for `lingerMs`, until the other page has its own.
   */
  abandon(lingerMs: number): void;
  dispose(): Promise<void>;
}

// ---------------------------------------------------------------- Host

/** The answer to one command of the host. */
export type CommandResult = { readonly ok: true; readonly value?: unknown } | { readonly ok: false; readonly code: RefusalCode };
export type CommandHandler = <T extends CommandType>(type: T, payload: CommandPayload<T>) => Promise<CommandResult>;

export interface HostCapabilities {
  readonly canMatchNumbers: boolean;
  readonly canPopRecords: boolean;
  readonly canSaveCallLogs: boolean;
  readonly canPlaceCalls: boolean;
}

/**
 * The page around the phone. Requests reject with `PhoneError("host-silent")` where nobody answers in time and with
 * `PhoneError("not-supported")` where the host cannot do it.
 */
export interface Host {
  readonly name: "post-message" | "standalone" | "leadsquared";
  /** Known once the handshake is done; a host without one has them at once. */
  capabilities(): HostCapabilities;
  /** Called when the host (re)connects: work that waits for delivery can be tried again. */
  onConnected(listener: () => void): Unsubscribe;
  /** One handler; a second call replaces the first. Commands that arrive before are kept. */
  onCommand(handler: CommandHandler): Unsubscribe;
  /** Every event, in order. Never throws; kept back until the host is there (newest 100). */
  tell(event: HostEvent): void;
  matchNumber(number: string): Promise<readonly CrmRecord[]>;
  popRecord(record: CrmRecord | null, number: string, call: CallSnapshot): Promise<void>;
  saveCallLog(log: CallLog): Promise<void>;
  placeCall(number: string, callId: string, record: CrmRecord | null): Promise<{ readonly exotelCallSid: string | null }>;
  dispose(): void;
}

// ---------------------------------------------------------------- Tabs

/** `leader` registers and carries audio; `follower` does not; `alone`: this browser has no locks, every tab leads itself. */
export type TabRole = "waiting" | "leader" | "follower" | "alone";

export type HeardFromTab = NonNullable<ReadTabMessage>;
export interface Tabs {
  role(): TabRole;
  onRole(listener: (role: TabRole) => void): Unsubscribe;
  /**
   * Asks the leading tab to give the phone to this one. Refused (`false`) while a call is up there. Rejects with
   * `leader-silent` where nobody answers; with `force` the phone is taken then.
   */
  takeOver(force?: boolean): Promise<boolean>;
  /** Asked before the lead is handed over: `false` keeps it. */
  onTakeOverAsked(decide: () => boolean): Unsubscribe;
  /** Asks the browser, for a page that slept. `false`: this tab does not lead, and follows from now on if it thought so. */
  stillLeads(): Promise<boolean>;
  /** To all other tabs of this partition, in order. Lost where there is no channel. */
  post(message: TabMessage): void;
  /** What other tabs say; what cannot be read is left out. */
  onMessage(listener: (heard: HeardFromTab) => void): Unsubscribe;
  dispose(): void;
}

// ---------------------------------------------------------------- Audio

export type MicrophoneState =
  | "unknown"
  | "usable"
  | "microphone-missing"
  | "microphone-refused"
  | "microphone-not-delegated"
  | "microphone-busy";

export interface AudioDevice {
  readonly id: string;
  readonly label: string;
}

export interface AudioDevices {
  readonly inputs: readonly AudioDevice[];
  readonly outputs: readonly AudioDevice[];
}

/** `waiting`: soft and short, as somebody is talking. `ringback`: what a caller hears while it rings at the other end. */
export type RingSound = "ring" | "waiting" | "ringback";

export interface Audio {
  /** A sound that loops until `stopRinging`, instead of the last one. Does nothing audible while `canRing()` is false. */
  startRinging(sound: RingSound): void;
  stopRinging(): void;
  /** Whether the browser lets this page make a sound now (autoplay policy). */
  canRing(): boolean;
  onCanRing(listener: (can: boolean) => void): Unsubscribe;
  /** To be called from a click: opens the audio context. Resolves to `canRing()`. */
  enableRinging(): Promise<boolean>;
  /** Short local tone for a pressed key. */
  playDigit(digit: string): void;
  /** Checks delegation, permission, then the device: three different answers (`platform.md`). Never prompts unless `ask`. */
  checkMicrophone(ask: boolean): Promise<MicrophoneState>;
  devices(): Promise<AudioDevices>;
  onDevicesChanged(listener: () => void): Unsubscribe;
  setRingOutput(deviceId: string | null): Promise<void>;
  /** 0 to 1. */
  setRingVolume(volume: number): void;
  dispose(): void;
}

// ---------------------------------------------------------------- small ports

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls once after `ms`; returns the undo. */
  after(ms: number, run: () => void): Unsubscribe;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * Small records that survive reload and crash. Keys are plain words; values are JSON. Writes are durable when the
 * promise resolves and reject with `PhoneError("storage-full")` when they are not.
 */
export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  keys(prefix: string): Promise<readonly string[]>;
}

/** Keeps one secret at rest, encrypted with a key that cannot be read out (non-extractable WebCrypto key). */
export interface Vault {
  load(): Promise<SipAccount | null>;
  save(account: SipAccount): Promise<void>;
  clear(): Promise<void>;
}

export type LogLevel = "error" | "warn" | "info" | "debug";
/** The only log. Redacts before it keeps: numbers, passwords, tokens. `facts` are short JSON values. */
export interface Log {
  write(level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Everything kept, as text for the support line. */
  text(): string;
}

/** Places a call by HTTP where `dialing.via` is `url`. Rejects with `PhoneError("dial-failed")`. */
export interface ClickToCall {
  placeCall(number: string, callId: string): Promise<{ readonly exotelCallSid: string | null }>;
}

/**
 * The deployment's server that ends a call which every tab has left. Each page that takes a call up has a higher `epoch`
 * than the one before; the two messages may overtake one another.
 */
export interface Gateway {
  /** This page goes away and knows of no other that has the call. Synchronous, for `pagehide`; never throws. */
  orphaned(call: { readonly callId: string; readonly exotelCallSid: string | null; readonly epoch: number }): void;
  /** This page has the call. Tried again where nobody answers; resolves when that is over, and never rejects. */
  owned(call: { readonly callId: string; readonly epoch: number }): Promise<void>;
}

/** Reads what a person or CRM wrote as a telephone number; `null` where it is none. Loaded late. */
export interface NumberReader {
  /** E.164, or the digits themselves for short codes; `null` if it cannot be dialled. */
  toE164(text: string): string | null;
  /** For reading: national or international form. */
  format(number: string): string;
}

export interface Ports {
  readonly engine: () => Promise<Engine>;
  readonly host: Host;
  readonly tabs: Tabs;
  readonly audio: Audio;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly store: Store;
  readonly vault: Vault;
  /** For the call that is up: encrypted at rest under a key that cannot be read out. */
  readonly safe: Store;
  readonly log: Log;
  readonly clickToCall: ClickToCall | null;
  /** `null`: none is configured. */
  readonly gateway: Gateway | null;
  readonly numbers: NumberReader;
}
