import { PhoneError } from "../../core/errors.ts";
import type { SipAccount } from "../../core/ports.ts";
import type { EngineOptions } from "./options.ts";
import type { Sdk, SdkAccount, SdkClient, SdkConnection, SdkDelegate, SdkSession } from "./sdk.ts";
import { readTrace } from "./sip-trace.ts";
import type { SipTrace } from "./sip-trace.ts";
import type { EngineWorld } from "./world.ts";

/** The one client of the page, silenced, with every seam tapped. */
export interface ClientSession {
  readonly canSuppressNoise: boolean;
  start(account: SipAccount): void;
  restart(): void;
  close(): void;
  leave(): boolean;
}

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

export function createClientSession(parts: ClientSessionParts): ClientSession {
  const { sdk, world, sip, log } = parts;
  const { phone } = sdk;
  /** Un-registers in order and stops the user agent: what the SDK would do at `unload`. */
  let stopUserAgent: (() => void) | null = null;

  const takeLog = (): void => {
    phone.getLogger().setEnableConsoleLogging(false);
    phone.getLogger().registerLoggerCallback((level, message) => {
      const trace = readTrace(message);
      if (trace !== null) parts.onTrace(trace);
      else if (level === "error") log.write("warn", "sdk error", { message: String(message).slice(0, 160) });
    });
  };
  const cleanUp = (): void => {
    stopUserAgent = world.takeUnloadHandler() ?? stopUserAgent;
    world.forget(LEFTOVERS);
  };
  const tap = (delegate: SdkDelegate): SdkDelegate =>
    Object.assign(Object.create(delegate) as SdkDelegate, {
      sendWebRTCEventsToFSM(event: string, kind: string) {
        delegate.sendWebRTCEventsToFSM(event, kind);
        if (kind !== "CONNECTION") return;
        // The SDK writes its flag and takes `window.onunload` right after it has said so, each time.
        if (event === "connected") queueMicrotask(cleanUp);
        parts.onConnection(event);
      },
      onRecieveInvite(session: SdkSession) {
        delegate.onRecieveInvite(session);
        parts.onInvite(session);
      },
      initGetStats(connection: SdkConnection, id: string, user: string) {
        delegate.initGetStats(connection, id, user);
        parts.onPeerConnection(connection);
      },
    } satisfies SdkDelegate);

  const registerPhone = phone.registerPhone.bind(phone);
  phone.registerPhone = (engine, delegate, autoDevices) => registerPhone(engine, tap(delegate), autoDevices);
  world.forget(LEFTOVERS);
  // Before the constructor, which takes the log for itself, and after it.
  takeLog();
  const client = sdk.createClient();
  takeLog();
  for (const sound of SOUNDS) sdk.setSoundVolume?.(sound, 0);
  client.setNoiseSuppression?.(true);

  return {
    canSuppressNoise: client.setNoiseSuppression !== undefined,
    start: (account) => start(client, toSdkAccount(account, sip), world),
    restart: () => phone.connect(),
    close() {
      phone.disconnect();
      // A user agent that is only let go stays alive in a listener of the page. One that carries a call must stay.
      if (!parts.isBusy()) stopUserAgent?.();
      stopUserAgent = null;
    },
    leave() {
      if (stopUserAgent === null) return false;
      stopUserAgent();
      stopUserAgent = null;
      return true;
    },
  };
}

function start(client: SdkClient, account: SdkAccount, world: EngineWorld): void {
  const ignore = () => {};
  // All three must be functions: the SDK calls them without looking.
  if (!client.initWebrtc(account, ignore, ignore, ignore)) throw new PhoneError("account-incomplete");
  // `initialize` also asks a public STUN server for this machine's address, which nothing then uses.
  world.withoutPeerConnections(() => {
    client.initialize("IN", account.domain, account.userName, account.displayname, "", "", account);
  });
  client.shouldAutoRetry = false;
  world.forget(LEFTOVERS);
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
