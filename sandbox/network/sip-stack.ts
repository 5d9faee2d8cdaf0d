import { Core, Grammar, URI } from "sip.js";
import type { SipConnection } from "./sip-connection.ts";
import { Timers } from "./timers.ts";

/** What this network understands; the rest gets 405. */
const METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "INFO", "OPTIONS", "REFER", "REGISTER"] as const;
const ALLOW = `Allow: ${METHODS.join(", ")}`;
const USER_AGENT = "softphone-sandbox";

export interface SipStackEvents {
  onRegister(request: Core.IncomingRegisterRequest, connection: SipConnection): void;
  /** A call that an agent places. */
  onInvite(request: Core.IncomingInviteRequest, connection: SipConnection): void;
  /** Something of this Call-ID, by the phone with this tag, came over this connection. */
  onTraffic(callId: string, remoteTag: string, connection: SipConnection): void;
  /** A status to answer with instead of working on the request, or `null`. */
  faultFor(method: string): number | null;
}

export interface InviteParts {
  readonly contactUri: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly from: { readonly user: string; readonly displayName: string };
  readonly to: string;
  readonly domain: string;
  readonly headers: readonly string[];
  readonly sdp: string;
}

/**
 * SIP transactions and dialogs of all agents, on the core of sip.js. One core for all connections, so that a dialog is found
 * again when its browser comes back over another one.
 */
export class SipStack {
  readonly contact: string;
  readonly #core: Core.UserAgentCore;
  readonly #logger: Core.Logger;
  readonly #events: SipStackEvents;
  readonly #transports = new WeakMap<SipConnection, Core.Transport>();
  readonly #timers = new Timers();
  #current: SipConnection | null = null;

  constructor(host: string, port: number, events: SipStackEvents) {
    this.#events = events;
    const uri = new URI("sip", "network", host, port, { transport: "ws" });
    this.contact = `<${uri.toString()}>`;
    const loggerFactory = new Core.LoggerFactory();
    loggerFactory.builtinEnabled = false;
    this.#logger = loggerFactory.getLogger("sandbox");
    this.#core = new Core.UserAgentCore(
      {
        aor: uri,
        contact: { uri, pubGruu: undefined, tempGruu: undefined, toString: () => this.contact },
        displayName: "",
        loggerFactory,
        hackViaTcp: false,
        routeSet: [],
        sipjsId: "",
        supportedOptionTags: [],
        supportedOptionTagsResponse: [],
        userAgentHeaderFieldValue: USER_AGENT,
        viaForceRport: false,
        viaHost: `${host}:${port}`,
        authenticationFactory: () => undefined,
        transportAccessor: () => (this.#current === null ? undefined : this.#transportOf(this.#current)),
      },
      {
        onInvite: (request) => this.#current !== null && events.onInvite(request, this.#current),
        onRegister: (request) => this.#current !== null && events.onRegister(request, this.#current),
      },
    );
  }

  receive(connection: SipConnection, text: string): void {
    const message = Core.Parser.parseMessage(text, this.#logger);
    // The core takes for granted what RFC 3261 section 8.1.1 makes mandatory.
    if (message === undefined || !isWhole(message)) return;
    this.over(connection, () => {
      const isResponse = message instanceof Core.IncomingResponseMessage;
      this.#events.onTraffic(message.callId, isResponse ? message.toTag : message.fromTag, connection);
      if (isResponse) this.#core.receiveIncomingResponseFromTransport(message);
      else this.#receiveRequest(message);
    });
  }

  /** Runs what creates transactions, so that they go over this connection. */
  over<T>(connection: SipConnection, work: () => T): T {
    const before = this.#current;
    this.#current = connection;
    try {
      return work();
    } finally {
      this.#current = before;
    }
  }

  invite(connection: SipConnection, parts: InviteParts, delegate: Core.OutgoingInviteRequestDelegate): Core.OutgoingInviteRequest | null {
    const target = Grammar.URIParse(parts.contactUri);
    if (target === undefined) return null;
    const message = this.#core.makeOutgoingRequestMessage(
      "INVITE",
      target,
      new URI("sip", parts.from.user, parts.domain),
      new URI("sip", parts.to, parts.domain),
      { callId: parts.callId, fromTag: parts.fromTag, fromDisplayName: parts.from.displayName },
      [`Contact: ${this.contact}`, ALLOW, ...parts.headers],
      { contentDisposition: "session", contentType: "application/sdp", content: parts.sdp },
    );
    return this.over(connection, () => this.#core.invite(message, delegate));
  }

  /** Stops an INVITE that rings. A browser that answers neither this nor the INVITE is given up after 64 × T1 (RFC 3261 section 9.1). */
  cancel(connection: SipConnection, request: Core.OutgoingInviteRequest, reason?: string): void {
    this.over(connection, () => request.cancel(reason));
    this.#timers.after(Core.Timers.TIMER_B, () => this.#forget(request));
  }

  /** Transactions and dialogs that are still known; for tests that look for leaks. */
  usage(): { readonly dialogs: number; readonly clients: number; readonly servers: number } {
    return { dialogs: this.#core.dialogs.size, clients: this.#core.userAgentClients.size, servers: this.#core.userAgentServers.size };
  }

  dispose(): void {
    this.#timers.clear();
    this.#core.dispose();
  }

  /** The core waits for the final response of an INVITE that rings for ever. */
  #forget(request: Core.OutgoingInviteRequest): void {
    for (const [key, client] of this.#core.userAgentClients) {
      if (client !== request) continue;
      request.dispose();
      this.#core.userAgentClients.delete(key);
    }
  }

  #receiveRequest(message: Core.IncomingRequestMessage): void {
    // The core answers 404 to what is not for its own address; a registrar is asked for many.
    if (message.ruri !== undefined) this.#core.configuration.aor = message.ruri;
    const fault = message.method === "ACK" ? null : this.#events.faultFor(message.method);
    if (fault !== null) return this.#reply(message, fault);
    // The core would accept MESSAGE and claim it in OPTIONS.
    if (!METHODS.some((method) => method === message.method)) return this.#reply(message, 405);
    // Only the far end of a call is sent on.
    if (message.method === "REFER" && !message.toTag) return this.#reply(message, 403);
    if (message.method !== "OPTIONS") return this.#core.receiveIncomingRequestFromTransport(message);
    const dialog = `${message.callId}${message.toTag}${message.fromTag}`;
    this.#reply(message, message.toTag && !this.#core.dialogs.has(dialog) ? 481 : 200);
  }

  #reply(message: Core.IncomingRequestMessage, statusCode: number): void {
    this.#core.replyStateless(message, { statusCode, extraHeaders: [ALLOW] });
  }

  #transportOf(connection: SipConnection): Core.Transport {
    const known = this.#transports.get(connection);
    if (known !== undefined) return known;
    const transport: Core.Transport = { protocol: "WS", send: async (text) => connection.send(text) };
    this.#transports.set(connection, transport);
    return transport;
  }
}

function isWhole(message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): boolean {
  const mandatory: readonly unknown[] = [message.from, message.to, message.via, message.callId, message.cseq];
  return mandatory.every((part) => part !== undefined && part !== "");
}
