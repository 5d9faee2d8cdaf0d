import type { Core } from "sip.js";
import { infoOfKey, keyOfInfo } from "./dtmf-info.ts";
import { ignore } from "./ignore.ts";
import type { Media } from "./media/media.ts";
import { receives } from "./media/sdp.ts";
import { notifyOptions, readReferTo } from "./referral.ts";
import type { ReferTarget, Replaces } from "./referral.ts";
import { sessionBody } from "./session-body.ts";
import type { SipConnection } from "./sip-connection.ts";
import type { SipStack } from "./sip-stack.ts";
import { Timers } from "./timers.ts";

export interface DialogEvents {
  /** BYE from the agent, or its browser is gone for good. */
  onEnded(by: "agent" | "network"): void;
  onHeldByAgent(held: boolean): void;
  onHeldByCustomer(held: boolean): void;
  onDigit(digit: string): void;
  /** The agent sends the customer on. Every status is told to the agent; the first from 200 on is the last. */
  onReferred(target: ReferTarget, tell: (status: number, reason: string) => void): void;
}

export interface DialogSetup {
  readonly stack: SipStack;
  readonly media: Media;
  readonly peer: string;
  readonly connection: SipConnection;
  readonly session: Core.Session;
  readonly lostSocketMs: number;
  readonly events: DialogEvents;
}

/** An answered call with an agent: BYE, hold and digits in both directions. */
export class Dialog {
  readonly #setup: DialogSetup;
  readonly #timers = new Timers();
  #lost: Disposable | null = null;
  #over = false;

  constructor(setup: DialogSetup) {
    this.#setup = setup;
    setup.session.delegate = {
      onBye: (request) => {
        request.accept();
        if (!this.#over) this.#finish("agent");
      },
      onInfo: (request) => this.#info(request),
      onInvite: (request) => void this.#reoffered(request),
      onRefer: (request) => this.#referred(request),
    };
  }

  get remoteTag(): string {
    return this.#setup.session.remoteTag;
  }

  /** Whether a Replaces header names this dialog. */
  isNamedBy({ callId, toTag, fromTag }: Replaces): boolean {
    const { session } = this.#setup;
    return session.callId === callId && session.localTag === toTag && session.remoteTag === fromTag;
  }

  /** Hangs up. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timers.clear();
    const { stack, connection, session } = this.#setup;
    stack.over(connection, () => session.bye());
  }

  connectionClosed(): void {
    const { connection, lostSocketMs } = this.#setup;
    if (this.#over || this.#lost !== null || connection.current !== null) return;
    this.#lost = this.#timers.after(lostSocketMs, () => {
      this.#setup.session.dispose();
      this.#finish("network");
    });
  }

  cameBack(): void {
    this.#lost?.[Symbol.dispose]();
    this.#lost = null;
  }

  /** The customer's hold, by re-INVITE; repeated after a random delay where both sides ask at once (RFC 3261 section 14.1). */
  async setHeldByCustomer(held: boolean): Promise<void> {
    if (this.#over) return;
    const { stack, media, peer, connection, session, events } = this.#setup;
    const { sdp = "" } = await media.request({ type: "reoffer", peer, receive: !held });
    if (this.#over) return;
    const again = () => this.#timers.after(200 + Math.random() * 800, () => void this.setHeldByCustomer(held).catch(() => undefined));
    const delegate: Core.OutgoingInviteRequestDelegate = {
      onAccept: ({ message, ack }) => {
        ack();
        void media.request({ type: "answered", peer, sdp: message.body }).then(({ direction = "sendrecv" }) => {
          events.onHeldByCustomer(held);
          // Only an offer of both ways shows what the agent itself wants.
          if (!held) events.onHeldByAgent(!receives(direction));
          return undefined;
        }, ignore);
      },
      onReject: ({ message }) => {
        void media.request({ type: "refused", peer }).catch(ignore);
        if (message.statusCode === 491 || message.statusCode === 500) again();
      },
    };
    try {
      stack.over(connection, () => session.invite(delegate, { extraHeaders: [`Contact: ${stack.contact}`], body: sessionBody(sdp) }));
    } catch {
      // A re-INVITE of the agent is being answered.
      again();
    }
  }

  /** As RTP events where the agent's side takes them, else by INFO. */
  async press(digits: string): Promise<void> {
    const { stack, media, peer, connection, session } = this.#setup;
    const { sent = false } = await media.request({ type: "digits", peer, digits });
    if (sent || this.#over) return;
    for (const digit of digits) stack.over(connection, () => session.info(undefined, { body: infoOfKey(digit) }));
  }

  #finish(by: "agent" | "network"): void {
    this.#over = true;
    this.#timers.clear();
    this.#setup.events.onEnded(by);
  }

  #info(request: Core.IncomingInfoRequest): void {
    const key = keyOfInfo(request.message.getHeader("Content-Type") ?? "", request.message.body);
    if (key === null) return void request.reject({ statusCode: 415 });
    request.accept();
    this.#setup.events.onDigit(key);
  }

  #referred(request: Core.IncomingReferRequest): void {
    const { stack, connection, session, events } = this.#setup;
    const target = readReferTo(request.message);
    if (target === null) return void request.reject({ statusCode: 400 });
    request.accept({ statusCode: 202, extraHeaders: [`Contact: ${stack.contact}`] });
    let isTold = false;
    const tell = (status: number, reason: string): void => {
      if (isTold || this.#over) return;
      isTold = status >= 200;
      stack.over(connection, () => session.notify(undefined, notifyOptions(status, reason, request.message.cseq, stack.contact)));
    };
    tell(100, "Trying");
    events.onReferred(target, tell);
  }

  async #reoffered(request: Core.IncomingInviteRequest): Promise<void> {
    const { stack, media, peer, events } = this.#setup;
    try {
      const { sdp = "", direction = "sendrecv" } = await media.request({ type: "offered", peer, sdp: request.message.body });
      if (this.#over) return;
      // The core leaves the Contact out of this 200.
      request.accept({ statusCode: 200, extraHeaders: [`Contact: ${stack.contact}`], body: sessionBody(sdp) });
      events.onHeldByAgent(!receives(direction));
    } catch {
      if (!this.#over) request.reject({ statusCode: 488 });
    }
  }
}
