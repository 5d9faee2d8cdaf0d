import { PhoneError } from "../../core/errors.ts";
import type { SipAccount } from "../../core/engine-port.ts";
import type { SdkLine } from "./line.ts";
import type { EngineOptions } from "./options.ts";
import type { Sdk, SdkAccount, SdkClient, SdkConnection, SdkDelegate, SdkSession } from "./sdk.ts";
import { readTrace } from "./sip-trace.ts";
import type { SipTrace } from "./sip-trace.ts";
import type { EngineWorld } from "./world.ts";

export interface ClientSessionParts extends EngineOptions {
  readonly sdk: Sdk;
  readonly world: EngineWorld;
  /** Whether a call hangs on the user agent that is up. */
  isBusy(): boolean;
  onConnection(event: string): void;
  onInvite(session: SdkSession): void;
  onPeerConnection(connection: SdkConnection): void;
  onTrace(trace: SipTrace): void;
}

/** What the SDK leaves in `localStorage`: its log, with the password in it, the agent's address, and a flag. */
const LEFTOVERS = ["webrtc_sdk_logs", "contactHost", "ctxPhone"];
/** The SDK's own sounds, by the names of 3.x. The phone's ringer rings. */
const SOUNDS = ["ringtone", "ringbacktone", "dtmftone", "beeptone"];

/** The one client of the page (3.x refuses a second for the same user), silenced, with every seam tapped. */
export class ClientSession implements SdkLine {
  readonly canSuppressNoise: boolean;
  readonly #parts: ClientSessionParts;
  readonly #client: SdkClient;
  /** Un-registers in order and stops the user agent: what the SDK would do at `unload`. */
  #stopUserAgent: (() => void) | null = null;

  constructor(parts: ClientSessionParts) {
    const { sdk, world } = parts;
    this.#parts = parts;
    world.forget(LEFTOVERS);
    // Before the constructor, which takes the log for itself, and after it.
    this.#takeLog();
    this.#client = sdk.createClient();
    this.#takeLog();
    this.#tapDelegates();
    for (const sound of SOUNDS) sdk.setSoundVolume?.(sound, 0);
    this.canSuppressNoise = this.#client.setNoiseSuppression !== undefined;
    this.#client.setNoiseSuppression?.(true);
  }

  start(account: SipAccount): void {
    const { sip, world } = this.#parts;
    const client = this.#client;
    const ours = toSdkAccount(account, sip);
    const ignore = (): void => {};
    // All three must be functions: the SDK calls them without looking.
    if (!client.initWebrtc(ours, ignore, ignore, ignore)) throw new PhoneError("account-incomplete");
    // `initialize` also asks a public STUN server for this machine's address, which nothing then uses.
    world.withoutPeerConnections(() => {
      client.initialize("IN", ours.domain, ours.userName, ours.displayname, "", "", ours);
    });
    client.shouldAutoRetry = false;
    world.forget(LEFTOVERS);
  }

  restart(): void {
    this.#parts.sdk.phone.connect();
  }

  close(): void {
    this.#parts.sdk.phone.disconnect();
    // A user agent that is only let go stays alive in a listener of the page. One that carries a call must stay.
    if (!this.#parts.isBusy()) this.#stopUserAgent?.();
    this.#stopUserAgent = null;
  }

  leave(): boolean {
    if (this.#stopUserAgent === null) return false;
    this.#stopUserAgent();
    this.#stopUserAgent = null;
    return true;
  }

  register(): void {
    this.#parts.sdk.phone.reRegisterWebRTCPhone();
  }

  #takeLog(): void {
    const { sdk, log, onTrace } = this.#parts;
    const logger = sdk.phone.getLogger();
    logger.setEnableConsoleLogging(false);
    logger.registerLoggerCallback((level, message) => {
      const trace = readTrace(message);
      if (trace !== null) onTrace(trace);
      else if (level === "error") log.write("warn", "sdk error", { message: String(message).slice(0, 160) });
    });
  }

  #tapDelegates(): void {
    const { phone } = this.#parts.sdk;
    const registerPhone = phone.registerPhone.bind(phone);
    phone.registerPhone = (engine, delegate, autoDevices) => registerPhone(engine, this.#tap(delegate), autoDevices);
  }

  #tap(delegate: SdkDelegate): SdkDelegate {
    const { onConnection, onInvite, onPeerConnection } = this.#parts;
    const taps: SdkDelegate = {
      sendWebRTCEventsToFSM: (event, kind) => {
        delegate.sendWebRTCEventsToFSM(event, kind);
        if (kind !== "CONNECTION") return;
        // The SDK writes its flag and takes `window.onunload` right after it has said so, each time.
        if (event === "connected") queueMicrotask(() => this.#cleanUp());
        onConnection(event);
      },
      onRecieveInvite: (session) => {
        delegate.onRecieveInvite(session);
        onInvite(session);
      },
      initGetStats: (connection, id, user) => {
        delegate.initGetStats(connection, id, user);
        onPeerConnection(connection);
      },
    };
    return Object.assign(Object.create(delegate), taps);
  }

  #cleanUp(): void {
    const { world } = this.#parts;
    this.#stopUserAgent = world.takeUnloadHandler() ?? this.#stopUserAgent;
    world.forget(LEFTOVERS);
  }
}

function toSdkAccount({ user, password, domain, proxy, displayName }: SipAccount, sip: EngineOptions["sip"]): SdkAccount {
  const [host = proxy, port = sip.security === "ws" ? "80" : "443"] = proxy.split(":");
  return {
    userName: user,
    authUser: user,
    displayname: displayName,
    secret: password,
    sipdomain: domain,
    domain: `${host}:${port}`,
    port,
    security: sip.security,
    endpoint: sip.endpoint,
  };
}
