import { createEmitter } from "../../lib/emitter.ts";
import type {
  SdkConnection,
  SdkDescriptionOptions,
  SdkInviteOptions,
  SdkSession,
  SdkSessionDelegate,
  SdkSessionState,
  SdkTrack,
  SdkUserAgent,
} from "./sdk.ts";

/** A track that only knows whether it is live. */
export class TrackDouble implements SdkTrack {
  readonly kind = "audio";
  enabled = true;
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

export class ConnectionDouble implements SdkConnection {
  connectionState = "connected";
  /** Whether each microphone was live at the moment in which it was first sent. */
  readonly liveWhenSent: boolean[] = [];
  readonly microphone = {
    track: new TrackDouble() as SdkTrack,
    replaceTrack: async (track: SdkTrack) => {
      this.liveWhenSent.push(track.enabled);
      this.microphone.track = track;
    },
  };
  readonly speaker = { track: new TrackDouble() };
  report: readonly unknown[] = [];
  readonly #changes = createEmitter<void>();

  getSenders() {
    return [this.microphone];
  }
  getReceivers() {
    return [this.speaker];
  }
  async getStats() {
    return { forEach: (visit: (entry: unknown) => void) => this.report.forEach((entry) => visit(entry)) };
  }
  addEventListener(_type: "connectionstatechange", listener: () => void): void {
    this.#changes.on(listener);
  }
  /** Played: ICE and DTLS say so. */
  become(state: string): void {
    this.connectionState = state;
    this.#changes.emit();
  }
}

export interface InviteDouble {
  readonly callId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the user agent under a session does for it. */
export interface SessionHost {
  readonly userAgent: SdkUserAgent & { readonly socket: string };
  readonly user: string;
  trace(direction: "in" | "out", message: string): void;
  /** The SDK's own ears. */
  changed(session: SessionDouble, state: SdkSessionState): void;
  connectionMade(connection: SdkConnection): void;
}

/** A sip.js session without a network. What it sends is kept in `sent`; the far end is played. */
export class SessionDouble implements SdkSession {
  state: SdkSessionState = "Initial";
  isCanceled = false;
  readonly isMuted = false;
  readonly userAgent: SdkUserAgent;
  readonly stateChange;
  readonly request;
  delegate: SdkSessionDelegate = {};
  sessionDescriptionHandlerOptions: SdkDescriptionOptions = {};
  sessionDescriptionHandlerOptionsReInvite: SdkDescriptionOptions = {};
  sessionDescriptionHandler?: { readonly peerConnection?: SdkConnection };
  readonly connection = new ConnectionDouble();
  /** Status codes to the INVITE, and the methods of requests, in order. What a closed socket swallowed is not in it. */
  readonly sent: (string | number)[] = [];
  readonly reinvites: SdkDescriptionOptions[] = [];
  /** What `getUserMedia` fails with on answer. */
  microphoneError: Error | null = null;
  /** After a failed answer the INVITE stays unanswered, as some versions leave it. */
  keepsRinging = false;
  /** The 200 OK is out and its ACK has not come. */
  awaitsAck = false;
  /** Answers to the next re-INVITEs; then 200. */
  readonly reinviteAnswers: number[] = [];
  readonly #states = createEmitter<SdkSessionState>();
  readonly #host: SessionHost;

  constructor(host: SessionHost, { callId, headers }: InviteDouble) {
    this.#host = host;
    this.userAgent = host.userAgent;
    const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    this.request = { callId, body: "", getHeader: (name: string) => lower.get(name.toLowerCase()) };
    this.stateChange = {
      addListener: (listener: (state: SdkSessionState) => void) => void this.#states.on(listener),
      removeAllListeners() {},
    };
  }

  async accept(): Promise<void> {
    this.#become("Establishing");
    await Promise.resolve();
    if (this.microphoneError !== null) {
      if (!this.keepsRinging) this.#refuse(480);
      throw this.microphoneError;
    }
    this.sessionDescriptionHandler = { peerConnection: this.connection };
    this.#host.connectionMade(this.connection);
    await Promise.resolve();
    if (this.isCanceled) return;
    this.#send(200);
    this.#become("Established");
    if (!this.awaitsAck) this.delegate.onAck?.();
  }
  async reject({ statusCode }: { readonly statusCode: number }): Promise<void> {
    this.#refuse(statusCode);
  }
  async bye(): Promise<void> {
    if (this.awaitsAck) return this.#become("Terminating");
    this.#send("BYE");
    this.#become("Terminated");
  }
  /** Played: the ACK comes, and with it the time for a BYE that waited. */
  ack(): void {
    this.awaitsAck = false;
    this.delegate.onAck?.();
    if (this.state === "Terminating") void this.bye();
  }
  async invite({ requestDelegate, sessionDescriptionHandlerOptions }: SdkInviteOptions): Promise<void> {
    this.sessionDescriptionHandlerOptionsReInvite = sessionDescriptionHandlerOptions;
    this.reinvites.push(sessionDescriptionHandlerOptions);
    this.#send("INVITE");
    const statusCode = this.#host.userAgent.socket === "open" ? (this.reinviteAnswers.shift() ?? 200) : 503;
    void Promise.resolve().then(() => {
      if (statusCode === 200) requestDelegate.onAccept({ message: { statusCode } });
      else if (statusCode > 0) requestDelegate.onReject({ message: { statusCode } });
    });
  }
  async info({ requestOptions }: { readonly requestOptions: { readonly body: object } }): Promise<void> {
    this.#send(`INFO ${JSON.stringify(requestOptions.body)}`);
  }

  /** Played: the caller gives up, or another phone took the call. */
  cancel(reason: string | null = null): void {
    const header = reason === null ? "" : `Reason: ${reason}\r\n`;
    this.#host.trace("in", `CANCEL sip:agent SIP/2.0\r\nCall-ID: ${this.request.callId}\r\nCSeq: 1 CANCEL\r\n${header}\r\n`);
    this.isCanceled = true;
    this.#refuse(487);
  }
  hangUpThere(): void {
    this.delegate.onBye?.({ accept: () => this.#send("200 BYE") });
    this.#become("Terminated");
  }
  reinviteThere(direction: string): void {
    this.delegate.onInvite?.(
      { callId: this.request.callId, body: `v=0\r\nm=audio 9 RTP/AVP 8\r\na=${direction}\r\n`, getHeader: () => undefined },
      "",
      200,
    );
    if (!this.awaitsAck) this.delegate.onAck?.();
  }
  /** Played: the ACK never came, a timer ran out. */
  dieAlone(): void {
    this.#become("Terminated");
  }

  #refuse(status: number): void {
    if (this.state === "Terminated") return;
    this.#send(status);
    this.#become("Terminated");
  }
  #send(what: string | number): void {
    if (this.#host.userAgent.socket !== "open") return;
    this.sent.push(what);
    if (typeof what === "number") {
      this.#host.trace("out", `SIP/2.0 ${what} Status\r\nCall-ID: ${this.request.callId}\r\nCSeq: 1 INVITE\r\n\r\n`);
    }
  }
  #become(state: SdkSessionState): void {
    this.state = state;
    this.#host.changed(this, state);
    this.#states.emit(state);
    if (state === "Terminated") this.sessionDescriptionHandler = {};
  }
}
