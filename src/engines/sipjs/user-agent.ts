import { SIPExtension, URI, UserAgent } from "sip.js";
import type { Invitation, Session, SessionDescriptionHandler } from "sip.js";
import { PhoneError } from "../../core/errors.ts";
import type { SipAccount } from "../../core/engine-port.ts";
import type { EngineOptions } from "./options.ts";
import { socketAddress } from "./socket-address.ts";
import { SocketTransport } from "./socket-transport.ts";
import type { SocketOptions } from "./socket-transport.ts";

export interface UserAgentHooks {
  onInvite(invitation: Invitation): void;
  /** The socket was closed by somebody else. */
  onSocketLost(): void;
  /** After every SIP message, in either direction. */
  onTraffic(): void;
  mediaOf(session: Session): SessionDescriptionHandler;
}

/** The exchange decides how long a call rings; this only ends what it has forgotten. */
const LONGEST_RINGING_S = 300;

/** The sip.js user agent of one account, without a socket yet. Throws `account-incomplete`. */
export function createUserAgent(account: SipAccount, options: EngineOptions, hooks: UserAgentHooks): UserAgent {
  const { sip, world, log, clock, identity } = options;
  const uri = addressOfRecord(account);
  if (uri === undefined || !isComplete(account)) throw new PhoneError("account-incomplete");
  const transportOptions: SocketOptions = {
    protocol: sip.security === "ws" ? "WS" : "WSS",
    open: () => world.openSocket(socketAddress(sip, account.proxy)),
    log,
    clock,
    random: world.random,
    onTraffic: hooks.onTraffic,
  };
  return new UserAgent({
    ...identity,
    uri,
    // sip.js puts it between quotes as it is.
    displayName: account.displayName.replace(/["\\\p{Cc}]/gu, ""),
    authorizationUsername: account.user,
    authorizationPassword: account.password,
    transportConstructor: SocketTransport,
    transportOptions,
    sessionDescriptionHandlerFactory: (session) => hooks.mediaOf(session),
    delegate: { onInvite: (invitation) => hooks.onInvite(invitation), onDisconnect: () => hooks.onSocketLost() },
    // An INVITE that names a call of ours to be replaced (RFC 3891): sip.js looks for it, the engine takes its place.
    sipExtensionReplaces: SIPExtension.Supported,
    // It would print every message, with digests and numbers.
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: "error",
    // `stop` must not wait for a server that may be gone.
    gracefulShutdown: false,
    // Said by ourselves: sip.js tells of the call only after it has.
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: LONGEST_RINGING_S,
    userAgentString: "crm-softphone",
  });
}

/** sip.js's parser takes its time the first time, and an address of plain words needs none. */
export function addressOfRecord({ user, domain }: Pick<SipAccount, "user" | "domain">): URI | undefined {
  if (/^[\w.+-]+$/.test(user) && /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/.test(domain)) return new URI("sip", user, domain);
  return UserAgent.makeURI(`sip:${user}@${domain}`);
}

/** An address to call or to transfer to. Throws `number-invalid`. */
export function uriOfNumber(number: string, domain: string): URI {
  const uri = /^\+?[\dA-D*#]{1,32}$/.test(number) ? UserAgent.makeURI(`sip:${number.replaceAll("#", "%23")}@${domain}`) : undefined;
  if (uri === undefined) throw new PhoneError("number-invalid");
  return uri;
}

function isComplete({ password, proxy }: SipAccount): boolean {
  return password !== "" && /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(proxy);
}
