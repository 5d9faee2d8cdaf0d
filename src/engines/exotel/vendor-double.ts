import { createEmitter } from "../../lib/emitter.ts";
import type { Sdk, SdkAccount, SdkClient, SdkDelegate, SdkLogger, SdkPhone, SdkUserAgent } from "./sdk.ts";
import { SessionDouble } from "./session-double.ts";
import type { WorldDouble } from "./world-double.ts";

/** How the network takes a REGISTER. A number: that final status. */
export type RegistrarDouble = "accepts" | "silent" | "unreachable" | number;

/**
 * Exotel's SDK 2.0.5 without a network, with its habits: it prints the account, retries by itself, says `connected`
 * when it only sends a REGISTER, writes to storage, and forgets its old user agent.
 */
export class VendorDouble implements Sdk {
  readonly world: WorldDouble;
  readonly phone: SdkPhone;
  setSoundVolume: Sdk["setSoundVolume"] = null;
  /** 3.x has more methods. */
  readonly extras: Partial<SdkClient> = {};
  registrar: RegistrarDouble = "accepts";
  clients = 0;
  /** Everything that reached the console. */
  readonly console: string[] = [];
  readonly userAgents: UserAgentDouble[] = [];
  /** Questions to the public STUN server. */
  stunQueries = 0;
  ownRetries = 0;
  /** Promises that nobody would have caught. */
  readonly unhandled: string[] = [];
  readonly outputs: string[] = [];
  readonly missingOutputs = new Set<string>();
  active: SessionDouble | null = null;
  delegate: SdkDelegate | null = null;
  #account: SdkAccount | null = null;
  #client: ClientDouble | null = null;
  #calls = 0;
  readonly #logger: { callback: ((level: string, message: unknown, args: unknown) => void) | null; prints: boolean } = {
    callback: null,
    prints: true,
  };

  constructor(world: WorldDouble) {
    this.world = world;
    this.phone = this.#createPhone();
  }

  createClient(): SdkClient {
    this.clients += 1;
    this.log("ExWebClient: constructor");
    this.#client = Object.assign(new ClientDouble(this), this.extras);
    return this.#client;
  }
  get userAgent(): UserAgentDouble | undefined {
    return this.userAgents.at(-1);
  }
  log(message: string): void {
    if (this.#logger.prints) this.console.push(message);
    this.#logger.callback?.("log", message, []);
  }
  trace(direction: "in" | "out", message: string): void {
    const what = direction === "in" ? "Received WebSocket text message" : "Sending WebSocket message";
    this.log(`sipjsphone: sipPhoneLogger:log sipjslog: sip.Transport: ${what}:\n\n${message}\n`);
  }
  tell(event: string, kind: "CONNECTION" | "CALL"): void {
    this.delegate?.sendWebRTCEventsToFSM(event, kind);
    // The client's own listener, which the delegate feeds.
    if (kind === "CONNECTION" && event === "failed_to_start" && this.#client?.shouldAutoRetry === true) this.ownRetries += 1;
  }
  /** `loadCredentials` and its timer. */
  load(account: SdkAccount): void {
    this.#account = account;
    void Promise.resolve().then(() => this.phone.connect());
  }

  /** Played: a call comes in. The session, also where the SDK refuses it by itself. */
  ring(headers: Readonly<Record<string, string>> = {}, callId = `call-${(this.#calls += 1)}`): SessionDouble {
    const agent = this.userAgent;
    if (agent?.socket !== "open") throw new Error("nobody to ring");
    const all = {
      From: '"+918000000001" <sip:08000000001@pbx>;tag=1',
      To: "<sip:agent@pbx>",
      "Call-ID": callId,
      CSeq: "1 INVITE",
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    this.trace("in", `INVITE sip:agent SIP/2.0\r\n${lines.join("\r\n")}\r\n\r\nv=0`);
    const session = new SessionDouble(
      {
        userAgent: agent,
        user: "agent",
        trace: (direction, message) => this.trace(direction, message),
        changed: (which, state) => {
          if (state === "Terminated" && this.active === which) this.active = null;
        },
        connectionMade: (connection) => this.delegate?.initGetStats(connection, "id", "agent"),
      },
      { callId, headers: all },
    );
    if (this.active !== null) {
      void session.reject({ statusCode: 480 });
      return session;
    }
    this.active = session;
    this.delegate?.onRecieveInvite(session);
    return session;
  }

  #createPhone(): SdkPhone {
    const logger: SdkLogger = {
      registerLoggerCallback: (callback) => void (this.#logger.callback = callback),
      setEnableConsoleLogging: (on) => void (this.#logger.prints = on),
    };
    return {
      getLogger: () => logger,
      registerPhone: (_engine, delegate) => void (this.delegate = delegate),
      pickCall: () => void this.active?.accept().catch(() => {}),
      rejectCall: () => {
        const session = this.active;
        if (session?.state === "Established") void session.bye();
        else if (session?.state === "Initial" || session?.state === "Establishing") void session.reject({ statusCode: 486 });
        else if (session) this.unhandled.push("bye() of a session that is over");
      },
      muteAction: (mute) => {
        for (const { track } of this.active?.connection.getSenders() ?? []) track.enabled = !mute;
      },
      reRegisterWebRTCPhone: () => this.userAgent?.register(),
      connect: () => {
        if (this.#account === null) return;
        const agent = new UserAgentDouble(this);
        this.userAgents.push(agent);
        agent.start();
      },
      disconnect: () => this.userAgent?.letGo(),
      changeAudioOutputDevice: (deviceId, done, failed) => {
        if (this.missingOutputs.has(deviceId)) return failed(new Error("NotFoundError"));
        this.outputs.push(deviceId);
        done();
      },
    };
  }
}

/** A user agent of the SDK: one socket, one registration. */
export class UserAgentDouble implements SdkUserAgent {
  configuration: { sessionDescriptionHandlerFactoryOptions?: object } = { sessionDescriptionHandlerFactoryOptions: { constraints: {} } };
  socket: "connecting" | "open" | "closing" | "closed" = "closed";
  /** Played: nobody answers the closing handshake. */
  isSilent = false;
  #closingIsWatched = false;
  registered = false;
  stopped = false;
  unregisters = 0;
  registers = 0;
  #waiting = false;
  #listening = true;
  readonly #vendor: VendorDouble;
  readonly #states = createEmitter<string>();
  readonly transport = {
    state: "",
    disconnect: () => {
      this.#closingIsWatched = true;
      return Promise.resolve();
    },
    stateChange: {
      addListener: (listener: (state: string) => void) => void this.#states.on(listener),
      removeAllListeners: () => void (this.#listening = false),
    },
  };

  constructor(vendor: VendorDouble) {
    this.#vendor = vendor;
    Object.defineProperty(this.transport, "state", { get: () => (this.socket === "closing" ? "Disconnecting" : "Disconnected") });
  }

  start(): void {
    this.socket = "connecting";
    this.#tell("starting");
    void Promise.resolve().then(() => {
      if (this.#vendor.registrar === "unreachable") return this.close();
      this.socket = "open";
      this.#tell("started");
      this.register();
    });
  }
  async reconnect(): Promise<void> {
    if (this.stopped || this.#vendor.registrar === "unreachable") throw new Error("cannot connect");
    if (this.#listening) throw new Error("the SDK registers with a registerer that it has thrown away");
    if (this.socket === "closing" && !this.#closingIsWatched) this.#vendor.unhandled.push("Disconnect aborted.");
    this.socket = "connecting";
    await Promise.resolve();
    this.socket = "open";
  }
  register(): void {
    if (this.#waiting) {
      this.#vendor.unhandled.push("REGISTER request already in progress");
      return;
    }
    this.#waiting = true;
    this.registers += 1;
    if (this.registered) this.#sayConnected();
    this.#vendor.trace("out", "REGISTER sip:pbx SIP/2.0\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n");
    this.#tell("sent_request");
    void Promise.resolve().then(() => this.answer(this.#vendor.registrar));
  }
  /** Played, and by itself after each REGISTER. */
  answer(how: RegistrarDouble): void {
    if (how === "silent" || how === "unreachable" || this.socket !== "open") return;
    const status = how === "accepts" ? 200 : how;
    this.#waiting = false;
    this.#vendor.trace("in", `SIP/2.0 ${status} Status\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n`);
    this.registered = status === 200;
    if (this.registered) return this.#sayConnected();
    this.#tell("terminated");
    this.close();
  }
  /** Played: the socket is gone. */
  close(): void {
    this.socket = "closed";
    this.registered = false;
    this.#tell("failed_to_start");
  }
  /** `webrtcSIPPhone.disconnect()`: no event follows. */
  letGo(): void {
    this.#listening = false;
    if (this.socket === "open") this.socket = this.isSilent ? "closing" : "closed";
  }
  /** What `window.onunload` does. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.#vendor.active?.userAgent === this) void this.#vendor.active.bye();
    if (this.socket === "open" && this.registered) this.unregisters += 1;
    this.registered = false;
    if (this.socket !== "closed") void Promise.resolve().then(() => this.close());
  }
  #sayConnected(): void {
    this.#tell("connected");
    if (!this.#listening) return;
    this.#vendor.world.unload = () => void this.#vendor.userAgent?.stop();
    this.#vendor.world.store("ctxPhone", "true");
  }
  #tell(event: string): void {
    if (this.#listening) this.#vendor.tell(event, "CONNECTION");
  }
}

class ClientDouble implements SdkClient {
  shouldAutoRetry = false;
  readonly #vendor: VendorDouble;

  constructor(vendor: VendorDouble) {
    this.#vendor = vendor;
    let lines = "";
    vendor.phone.getLogger().registerLoggerCallback((_level, message) => {
      lines += String(message);
      vendor.world.store("webrtc_sdk_logs", lines);
    });
  }
  initWebrtc(account: SdkAccount): boolean {
    this.#vendor.log(`ExWebClient: initWebrtc: Exotel Client Initialised with ${JSON.stringify(account)}`);
    return account.userName !== "" && account.sipdomain !== "" && account.port !== "";
  }
  initialize(...[, , , , , , account]: Parameters<SdkClient["initialize"]>): void {
    const { phone, world } = this.#vendor;
    this.shouldAutoRetry = true;
    if (world.peerConnectionsWork) this.#vendor.stunQueries += 1;
    world.store("contactHost", "undefined");
    const ignore = (): void => {};
    phone.registerPhone("sipjs", { sendWebRTCEventsToFSM: ignore, onRecieveInvite: ignore, initGetStats: ignore }, false);
    this.#vendor.load(account);
  }
}
