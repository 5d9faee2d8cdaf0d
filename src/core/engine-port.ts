import type { EndReason } from "../protocol/call.ts";
import type { PhoneErrorCode } from "./errors.ts";

/** Port Engine: something that carries voice legs. Written from the phone's side. */

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
  on(listener: (event: EngineEvent) => void): () => void;
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
