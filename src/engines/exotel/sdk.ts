// @ts-expect-error the vendor ships no types: this file is our reading of its source (2.0.5, core 1.0.24)
import { ExotelWebClient } from "@exotel-npm-dev/webrtc-client-sdk";
// @ts-expect-error as above
import { webrtcSIPPhone } from "@exotel-npm-dev/webrtc-core-sdk";

/** The vendor's account. `domain` is `HOST:PORT` of the proxy; the socket is `security://domain/endpoint`. */
export interface SdkAccount {
  readonly userName: string;
  readonly authUser: string;
  readonly displayname: string;
  readonly secret: string;
  readonly sipdomain: string;
  readonly domain: string;
  readonly port: string;
  readonly security: string;
  readonly endpoint: string;
}

/** What the SDK says about its socket and registration, and about the call. Other words exist and mean nothing to us. */
export type SdkFsmEvent =
  /** The socket is being opened, is open, is closed or could not be opened. */
  | "starting"
  | "started"
  | "failed_to_start"
  /** Registered; also said again whenever a REGISTER goes out or is answered while registered. */
  | "connected"
  /** The registrar refused, or the registration ran out. */
  | "terminated";

/** The client's ears: the core SDK calls them for everything that happens. */
export interface SdkDelegate {
  sendWebRTCEventsToFSM(event: string, kind: string): void;
  onRecieveInvite(session: SdkSession): void;
  initGetStats(connection: SdkConnection, id: string, user: string): void;
}

export interface SdkClient {
  /** False: the next lost socket is not followed by the client's own try 5 s later. */
  shouldAutoRetry: boolean;
  initWebrtc(
    account: SdkAccount,
    onRegister: (state: string) => void,
    onCall: (call: unknown, event: string) => void,
    onSession: (state: string) => void,
  ): boolean;
  /** What `DoRegister` calls after its fixed half second. Only the last argument is read. */
  initialize(
    context: string,
    host: string,
    subscriber: string,
    displayName: string,
    accountSid: string,
    token: string,
    account: SdkAccount,
  ): void;
  /** 3.x. */
  setNoiseSuppression?(on: boolean): void;
}

export interface SdkLogger {
  registerLoggerCallback(callback: (level: string, message: unknown, args: unknown) => void): void;
  setEnableConsoleLogging(on: boolean): void;
}

/** `webrtcSIPPhone`: the one phone of the page. */
export interface SdkPhone {
  getLogger(): SdkLogger;
  registerPhone(engine: string, delegate: SdkDelegate, autoDevices?: boolean): void;
  pickCall(): void;
  /** BYE where the call is up, 486 where it rings. */
  rejectCall(): void;
  muteAction(mute: boolean): void;
  reRegisterWebRTCPhone(): void;
  /** Opens a new socket and registers with the account that was loaded last. */
  connect(): void;
  /** Lets go of the registration without a word and closes the socket, if it is open. */
  disconnect(): void;
  changeAudioOutputDevice(deviceId: string, done: () => void, failed: (error: unknown) => void, force?: boolean): void;
}

export interface Sdk {
  readonly phone: SdkPhone;
  createClient(): SdkClient;
  /** 3.x: sets the volume of one of the SDK's own sounds. `null` where the SDK has none. */
  readonly setSoundVolume: ((sound: string, volume: number) => void) | null;
}

// ------------------------------------------------ sip.js 0.20, as the SDK hands it over

export type SdkSessionState = "Initial" | "Establishing" | "Established" | "Terminating" | "Terminated";

export interface SdkMessage {
  readonly callId: string;
  readonly body: string;
  getHeader(name: string): string | undefined;
}

export interface SdkResponse {
  readonly message: { readonly statusCode: number };
}

export interface SdkSessionDelegate {
  /** Of the call, or of a re-INVITE of the far end. */
  onAck?(): void;
  onBye?(bye: { accept(): unknown }): void;
  /** A re-INVITE of the far end, after it was answered. */
  onInvite?(request: SdkMessage, response: string, statusCode: number): void;
  /** Left out, sip.js follows a REFER by itself: it places a call. */
  onRefer?(referral: { reject(): unknown }): void;
}

export interface SdkDescriptionOptions {
  readonly hold?: boolean;
  readonly constraints?: { readonly audio: true | { readonly deviceId: string }; readonly video: false };
  readonly offerOptions?: { readonly iceRestart: boolean };
}

export interface SdkInviteOptions {
  readonly requestDelegate: { onAccept(response: SdkResponse): void; onReject(response: SdkResponse): void };
  readonly sessionDescriptionHandlerOptions: SdkDescriptionOptions;
}

export interface SdkEmitter<T> {
  addListener(listener: (value: T) => void): void;
  removeAllListeners(): void;
}

export interface SdkUserAgent {
  readonly configuration: { sessionDescriptionHandlerFactoryOptions?: object };
  readonly transport: {
    /** "Connecting", "Connected", "Disconnecting" or "Disconnected". */
    readonly state: string;
    readonly stateChange: SdkEmitter<string>;
    /** While "Disconnecting": the promise of the closing that is under way. */
    disconnect(): Promise<void>;
  };
  reconnect(): Promise<void>;
  /** Un-registers what it had registered, closes its socket and leaves no listener in the page. */
  stop(): Promise<void>;
}

export interface SdkSession {
  readonly state: SdkSessionState;
  readonly stateChange: SdkEmitter<SdkSessionState>;
  readonly request: SdkMessage;
  /** Ended by a CANCEL. */
  readonly isCanceled: boolean;
  readonly userAgent: SdkUserAgent;
  delegate?: SdkSessionDelegate;
  /** For the answer to the INVITE. */
  sessionDescriptionHandlerOptions: SdkDescriptionOptions;
  /** For every re-INVITE, ours and theirs. */
  sessionDescriptionHandlerOptionsReInvite: SdkDescriptionOptions;
  readonly sessionDescriptionHandler?: { readonly peerConnection?: SdkConnection | undefined };
  accept(options?: object): Promise<void>;
  reject(options: { readonly statusCode: number }): Promise<void>;
  bye(): Promise<unknown>;
  invite(options: SdkInviteOptions): Promise<unknown>;
  info(options: { readonly requestOptions: { readonly body: object } }): Promise<unknown>;
}

// ------------------------------------------------ WebRTC, only as far as it is used

export interface SdkTrack {
  readonly kind: string;
  enabled: boolean;
  stop(): void;
}
export interface SdkSender {
  readonly track: SdkTrack | null;
  replaceTrack(track: SdkTrack): Promise<void>;
}
export interface SdkConnection {
  readonly connectionState: string;
  getSenders(): readonly SdkSender[];
  getReceivers(): readonly { readonly track: SdkTrack | null }[];
  /** A map of `RTCStats` objects (W3C WebRTC statistics). */
  getStats(): Promise<{ forEach(visit: (entry: unknown) => void): void }>;
  addEventListener(type: "connectionstatechange", listener: () => void): void;
}

interface SdkStatics {
  setAudioOutputVolume?(sound: string, volume: number): void;
}

export function loadSdk(): Sdk {
  const Client = ExotelWebClient as (new () => SdkClient) & SdkStatics;
  return {
    phone: webrtcSIPPhone as SdkPhone,
    createClient: () => new Client(),
    setSoundVolume: Client.setAudioOutputVolume?.bind(Client) ?? null,
  };
}
