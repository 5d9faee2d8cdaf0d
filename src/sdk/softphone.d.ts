/**
 * The softphone in a page: types of `softphone.js` (global `Softphone`) and `softphone.mjs` (ES module).
 * The messages behind it are documented in `docs/protocol.md`. All times are epoch milliseconds unless a name says seconds.
 */
export as namespace Softphone;

/** Puts a phone into the page, or takes one that is already there. Throws `TypeError` where `container` or `frame` is missing. */
export function open(options: OpenOptions): Phone;

/** What a command rejects with. */
export class SoftphoneError extends Error {
  readonly code: SoftphoneErrorCode;
  constructor(code: SoftphoneErrorCode);
}

/**
 * A refusal of the phone, or one of the library's own:
 * `phone-silent`: no answer in `timeoutMs` (not loaded, or this page's origin is not allowed); `phone-reloaded`: the phone died or
 * was loaded anew before it answered, so whether it happened is not known; `closed`: `close()` was called, or another `open` has the phone.
 */
export type SoftphoneErrorCode = RefusalCode | "phone-silent" | "phone-reloaded" | "closed";

export interface OpenOptions {
  /** Address of the phone's page. Its origin is the only one that is listened and talked to. */
  readonly url: string;
  /** Where the frame goes: an element or a selector. Not needed with `frame`. */
  readonly container?: Element | string | undefined;
  /** An `<iframe>` that is already in the page; it must show `url` and needs its own `allow` attribute. */
  readonly frame?: HTMLIFrameElement | undefined;
  /** Accessible name of the frame; "Softphone" by default. */
  readonly title?: string | undefined;
  /** Permissions of the frame; everything that the phone can use by default. */
  readonly allow?: string | undefined;
  /** How long a command may wait for the phone and its answer; 30,000 ms by default. */
  readonly timeoutMs?: number | undefined;

  /** Who has this number? Records as the CRM knows them, the best first. */
  readonly onMatchNumber?: ((ask: { readonly number: string }) => readonly CrmRecord[] | Promise<readonly CrmRecord[]>) | undefined;
  /** Show this record; `null`: the caller is unknown, offer a new one with `number`. */
  readonly onPopRecord?:
    | ((ask: { readonly record: CrmRecord | null; readonly number: string; readonly call: CallSnapshot }) => unknown)
    | undefined;
  /**
   * Store this call. Resolve only when it is stored; until then the phone keeps it and asks again. The same `logId` may come
   * twice: store once, resolve both times.
   */
  readonly onSaveCallLog?: ((log: CallLog) => unknown) | undefined;
  /** Let your server place the call; resolve with the `Sid` that Exotel returned, so that the agent's own leg is recognised. */
  readonly onPlaceCall?:
    | ((ask: PlaceCall) => { readonly exotelCallSid?: string | undefined } | Promise<{ readonly exotelCallSid?: string | undefined }>)
    | undefined;
  /** Every message of the connection but the pings, for a developer's eyes. Passwords are blanked; everything else is as it is. */
  readonly onTraffic?: ((direction: "sent" | "received", message: Message) => void) | undefined;
}

/** Throw an error with one of these as `code` from a handler to say why; anything else counts as `not-possible-now`. */
export type FailureCode = "not-supported" | "number-invalid" | "not-possible-now" | "dial-failed";

export interface PlaceCall {
  readonly number: string;
  /** The phone's id for this call: the same in every event and in the call log. */
  readonly callId: string;
  readonly record: CrmRecord | null;
}

/** The phone. Every command resolves when the phone has accepted it and rejects with `SoftphoneError`. */
export interface Phone {
  readonly frame: HTMLIFrameElement;
  /** Whether the phone is there now. Commands given before wait for it. */
  readonly connected: boolean;
  /** Resolves with the phone's id for the call, the same in every event; `null` where it is over already. */
  dial(call: {
    readonly number: string;
    readonly record?: CrmRecord | undefined;
    readonly name?: string | undefined;
  }): Promise<{ readonly callId: string | null }>;
  /** A call that waits is answered once the one that is up is held. */
  answer(): Promise<void>;
  reject(): Promise<void>;
  hangup(): Promise<void>;
  /**
   * Sends the far end on to this number. Resolves when it is asked for; the call ends as `transferred`, or `transfer-failed` is
   * told. This and the next four only where `ready` names them.
   */
  transfer(number: string): Promise<void>;
  /** Holds the call and calls somebody to ask. Resolves with the phone's id for the second call. */
  consult(number: string): Promise<{ readonly callId: string | null }>;
  /** Joins the customer and who was asked; the phone leaves both calls. */
  completeTransfer(): Promise<void>;
  /** Ends the call to who was asked and takes the customer back. */
  cancelConsult(): Promise<void>;
  /** Holds the call that is up and takes the held one back. */
  swap(): Promise<void>;
  mute(muted: boolean): Promise<void>;
  hold(held: boolean): Promise<void>;
  /** One or more of 0-9 A-D * #. */
  dtmf(digits: string): Promise<void>;
  /** What is on screen now; `null` when nothing is. */
  setContext(record: CrmRecord | null, number?: string): Promise<void>;
  /** Signs the agent in with credentials that your server holds. */
  signIn(credentials: SignIn): Promise<void>;
  /** With a token of the CRM's own server, where the deployment's gateway knows the agents. */
  signInByToken(token: string): Promise<void>;
  signOut(): Promise<void>;
  showPanel(panel: "keypad" | "calls" | "settings"): Promise<void>;
  getSnapshot(): Promise<PhoneSnapshot>;
  /** Listens; returns the undo. */
  on<T extends keyof PhoneEvents>(type: T, listener: (event: PhoneEvents[T]) => void): () => void;
  /** Ends the connection, removes the frame that `open` made and every listener. May be called twice. */
  close(): void;
}

export interface PhoneEvents {
  /** The phone is there, for the first time or again. A `snapshot` follows. */
  readonly connected: Record<string, never>;
  /**
   * The phone is gone, and its calls are not known until the `snapshot` after the next `connected`. `silent`: it no longer answered
   * (its process crashed or hangs) and the library is loading its frame anew; `reloaded`: somebody else did; `replaced`: another
   * `open` has connected to the same frame, and this one is over: its commands reject with `closed`.
   */
  readonly disconnected: { readonly reason: "silent" | "reloaded" | "replaced" };
  /** How everything is now: after each connection, and where events were lost on the way. */
  readonly snapshot: PhoneSnapshot;
  readonly ready: { readonly capabilities: readonly string[] };
  readonly "signed-in": { readonly agent: string };
  readonly "signed-out": Record<string, never>;
  readonly "line-changed": { readonly line: LineSnapshot };
  readonly "call-changed": { readonly call: CallSnapshot };
  readonly "call-missed": { readonly call: CallSnapshot };
  /** The far end could not be sent on; the call goes on. */
  readonly "transfer-failed": { readonly callId: string };
  readonly "disposition-saved": { readonly log: CallLog };
  /** The size in CSS pixels that the phone would like to have. */
  readonly "resize-wanted": { readonly width: number; readonly height: number; readonly why: "ringing" | "in-call" | "idle" };
}

/** Credentials as Exotel hands them to an agent. */
export interface SignIn {
  /** With or without `sip:`, with or without `@domain`. */
  readonly sipId: string;
  readonly password: string;
  readonly domain: string;
  /** VoIP proxy, `host:port`. */
  readonly proxy: string;
  readonly displayName?: string | undefined;
}

/** A lead, contact or ticket. `type` and `id` are the CRM's own words. */
export interface CrmRecord {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** One short line that helps the agent: "Proposal sent". */
  readonly detail?: string | undefined;
}

export type Direction = "incoming" | "outgoing";
export type CallPhase = "dialing" | "ringing" | "connecting" | "active" | "reconnecting" | "wrap-up" | "ended";
export type EndReason =
  | "hung-up-here"
  | "hung-up-there"
  | "rejected"
  | "missed"
  | "answered-elsewhere"
  | "cancelled"
  | "busy"
  | "no-answer"
  | "failed"
  | "media-denied"
  | "connection-lost"
  | "transferred";

/** One call at one moment. */
export interface CallSnapshot {
  /** The same from the first click to the stored call log. */
  readonly callId: string;
  readonly direction: Direction;
  readonly phase: CallPhase;
  /** E.164 where the number could be understood, else as it was signalled. */
  readonly remoteNumber: string;
  readonly remoteName: string | null;
  readonly localNumber: string | null;
  /** SIP Call-ID of the agent's own leg. */
  readonly sipCallId: string | null;
  /** Exotel's id of the whole call. */
  readonly exotelCallSid: string | null;
  /** Exotel's id of the agent's leg. */
  readonly exotelLegSid: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly muted: boolean;
  readonly heldHere: boolean;
  readonly heldThere: boolean;
  readonly endReason: EndReason | null;
  /** SIP status code of the final response, where the end came with one. */
  readonly sipCode: number | null;
  readonly record: CrmRecord | null;
}

export interface Disposition {
  /** Field id (from the phone's `config.json`) to the value chosen or typed. */
  readonly fields: Readonly<Record<string, string>>;
  readonly notes: string;
  readonly followUp: FollowUp | null;
}

export interface FollowUp {
  readonly dueAt: number;
  readonly text: string;
}

/** One finished call with what was written about it. */
export interface CallLog {
  /** Equal to `call.callId`: store each once. */
  readonly logId: string;
  readonly call: CallSnapshot;
  /** Seconds from answer to end; 0 for a call that was never answered. */
  readonly talkSeconds: number;
  readonly disposition: Disposition;
}

export type LineNeed = "registration" | "page" | "microphone" | "ringing";

export interface LineSnapshot {
  readonly state: "signed-out" | "offline" | "connecting" | "ready" | "retrying" | "refused" | "taken-elsewhere" | "off";
  readonly reason: string | null;
  readonly nextTryAt: number | null;
  /** A call rings here now, and can be answered, only while this is empty. */
  readonly missing: readonly LineNeed[];
}

export interface PhoneSnapshot {
  readonly line: LineSnapshot;
  /** SIP user name of the agent; `null` when signed out. */
  readonly agent: string | null;
  /** The call that the agent sees. */
  readonly call: CallSnapshot | null;
  /** A second call, which waits or is held. */
  readonly otherCall: CallSnapshot | null;
  /** Finished calls that this page has not stored yet. */
  readonly unsavedCalls: number;
  /** Number of the newest event that the snapshot contains. */
  readonly sequence: number;
}

export type RefusalCode =
  | "malformed"
  | "unknown-type"
  | "unsupported-version"
  | "too-large"
  | "too-many"
  | "not-signed-in"
  | "not-ready"
  | "no-call"
  | "call-in-progress"
  | "number-invalid"
  | "not-possible-now"
  | "not-supported"
  | "credentials-refused"
  | "server-not-allowed"
  | "dial-failed"
  | "phone-is-elsewhere"
  | "microphone-missing"
  | "microphone-refused"
  | "microphone-not-delegated"
  | "hold-refused"
  | "internal";

/** A message as it travels. */
export interface Message {
  readonly softphone: 1;
  /** `null` only in a refusal of a message whose own id could not be read. */
  readonly id: string | null;
  readonly type: string;
  readonly payload: unknown;
  /** Events only. */
  readonly sequence?: number;
}
