import type { CallLog, CallSnapshot, CrmRecord } from "../protocol/call.ts";
import type { CommandPayload, CommandType, HostEvent, RefusalCode } from "../protocol/host.ts";
import type { SignInProof } from "../protocol/gateway-agents.ts";
import type { GatewayEvent, HistoryPage } from "../protocol/gateway-calls.ts";
import type { SignIn } from "../protocol/host.ts";
import type { ReadTabMessage, TabMessage } from "../protocol/tabs.ts";
import type { Engine, SipAccount } from "./engine-port.ts";

/** What the phone needs from the world. Written from the phone's side; every adapter fits one of these. */

/** Undo of a subscription; may be called twice. */
export type Unsubscribe = () => void;

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
  /** Every record whose key begins so, in the order of their keys; one that cannot be read is `undefined`. */
  all(prefix: string): Promise<ReadonlyMap<string, unknown>>;
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
  orphaned(call: {
    readonly callId: string;
    readonly exotelCallSid: string | null;
    readonly exotelLegSid: string | null;
    readonly epoch: number;
  }): void;
  /** This page has the call. Tried again where nobody answers; resolves when that is over, and never rejects. */
  owned(call: { readonly callId: string; readonly epoch: number }): Promise<void>;
}

/** What is looked for in the history of the agent; nothing of it: everything. Times are epoch ms. */
export interface CallQuery {
  readonly search?: string | undefined;
  readonly direction?: "incoming" | "outgoing" | undefined;
  /** Incoming calls that nobody answered, whatever the reason. */
  readonly missed?: true | undefined;
  /** What was chosen after the call, with the id of the field in which: both or neither. */
  readonly disposition?: string | undefined;
  readonly dispositionField?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** `later`: it is not there yet; asked again in so many seconds. `none`: there is none, or it is not kept any more. */
export type Recording =
  | { readonly kind: "here"; readonly url: string }
  | { readonly kind: "later"; readonly seconds: number }
  | { readonly kind: "none" };

/**
 * The deployment's gateway where it knows the agents (`gateway.signIn`). Requests reject with `PhoneError`: `gateway-silent`
 * where nobody answers, `session-over` where the agent has to sign in again.
 */
export interface AgentServer {
  /** Resolves to what the phone registers with. Also rejects with `sign-in-refused`, `sign-in-used`, `sign-in-too-often` and `no-account`. */
  signIn(proof: SignInProof): Promise<SignIn>;
  /** May be sent again: it is kept once. */
  saveCallLog(log: CallLog): Promise<void>;
  /**
   * What happens from now on, whatever becomes of the connection, until the undo. Ends by itself when the session is over,
   * and calls `over` then, once.
   */
  follow(listener: (event: GatewayEvent) => void, over: () => void): Unsubscribe;
  findCalls(query: CallQuery): Promise<HistoryPage>;
  /** To be let go of by `URL.revokeObjectURL` where the URL is a `blob:`. */
  recording(callId: string): Promise<Recording>;
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
  /** `null`: agents sign in with their SIP account, and what is written stays between this device and the host. */
  readonly agents: AgentServer | null;
  readonly numbers: NumberReader;
}
