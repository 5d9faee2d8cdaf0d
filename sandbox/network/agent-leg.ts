import type { Core } from "sip.js";
import type { CallLeg } from "./call-leg.ts";
import { Dialog } from "./dialog.ts";
import type { DialogEvents } from "./dialog.ts";
import type { Media } from "./media/media.ts";
import type { Binding } from "./registrar.ts";
import type { SipConnection } from "./sip-connection.ts";
import type { InviteParts, SipStack } from "./sip-stack.ts";
import { Timers } from "./timers.ts";

const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

interface AgentLegEvents extends DialogEvents {
  /** The first contact rings. */
  onRinging(): void;
  /** A contact has answered and its audio is agreed. */
  onAnswered(): void;
  /** No contact took the call: the final status that speaks for all of them, and whether any phone said so. */
  onRefused(status: number, by: "agent" | "network"): void;
}

interface Branch {
  readonly binding: Binding;
  request: Core.OutgoingInviteRequest | null;
  /** Its CANCEL, and the connection that it went over: `null` where there was none. */
  cancel: { readonly reason: string | undefined; readonly over: SipConnection | null } | null;
  status: number | null;
  /** Its browser went away instead of answering. */
  isGone: boolean;
  lost: Disposable | null;
}

interface AgentLegSetup {
  readonly stack: SipStack;
  readonly media: Media;
  /** Name of the audio in the media process. */
  readonly peer: string;
  readonly parts: Omit<InviteParts, "contactUri" | "sdp">;
  /** How long a browser whose connection is closed may take to come back. */
  readonly lostSocketMs: number;
  readonly events: AgentLegEvents;
}

/** The call's leg to an agent: rings every contact, keeps the one that answers and cancels the rest. */
export class AgentLeg implements CallLeg {
  dialog: Dialog | null = null;
  readonly #setup: AgentLegSetup;
  readonly #timers = new Timers();
  #branches: Branch[] = [];
  #answered: Branch | null = null;
  #over = false;

  constructor(setup: AgentLegSetup) {
    this.#setup = setup;
  }

  get callId(): string {
    return this.#setup.parts.callId;
  }

  ring(bindings: readonly Binding[], sdp: string): void {
    this.#branches = bindings.map((binding) => ({ binding, ...UNTRIED }));
    for (const branch of this.#branches) {
      const parts = { ...this.#setup.parts, contactUri: branch.binding.uri, sdp };
      branch.request = this.#setup.stack.invite(branch.binding.connection, parts, {
        onProgress: () => this.#progressed(branch),
        onAccept: (response) => void this.#accepted(branch, response),
        onReject: ({ message }) => this.#refused(branch, message.statusCode ?? 500),
        onRedirect: ({ message }) => this.#refused(branch, message.statusCode ?? 500),
      });
      if (branch.request === null) this.#refused(branch, 400);
    }
    if (bindings.length === 0) this.#setup.events.onRefused(480, "network");
  }

  /** Stops ringing, without a reason: the caller is gone. */
  cancel(): void {
    this.#over = true;
    for (const branch of this.#branches) this.#cancelBranch(branch);
  }

  end(): void {
    this.#over = true;
    this.#timers.clear();
    this.dialog?.end();
  }

  connectionClosed(connection: SipConnection): void {
    if (this.dialog !== null) return this.dialog.connectionClosed();
    for (const branch of this.#open().filter((each) => each.binding.connection.current === null)) {
      if (branch.binding.connection === connection || branch.lost === null) {
        branch.lost?.[Symbol.dispose]();
        branch.lost = this.#timers.after(this.#setup.lostSocketMs, () => this.#gone(branch));
      }
    }
  }

  /** The browser of a contact has registered over another connection, known by its contact address. */
  bound(binding: Binding): void {
    for (const branch of this.#branches) {
      if (addressOf(branch.binding.uri) === addressOf(binding.uri)) this.#cameBack(branch, binding.connection);
    }
  }

  /** A message of this call, by the phone with this tag, came over a connection. */
  traffic(remoteTag: string, connection: SipConnection): void {
    // The phones that lost the race still answer their CANCEL.
    if (this.dialog !== null && this.dialog.remoteTag !== remoteTag) return;
    for (const branch of this.#branches) {
      // While it rings, each contact has its own connection, and only a lost one can have come back as this.
      if (this.dialog === null ? branch.binding.connection.current === null : branch === this.#answered) this.#cameBack(branch, connection);
    }
  }

  #cameBack(branch: Branch, connection: SipConnection): void {
    // An earlier call over the same socket may have gone over to this one already.
    if (branch.binding.connection.current !== connection) branch.binding.connection.replaceBy(connection);
    branch.lost?.[Symbol.dispose]();
    branch.lost = null;
    if (branch === this.#answered) this.dialog?.cameBack();
  }

  /**
   * A phone that rings although it was told to stop, as after a reload of its page, has not heard it: it is told again, as
   * proxies do. RFC 3261 section 9.1 sends CANCEL after a provisional response; over TCP nothing repeats it.
   */
  #progressed(branch: Branch): void {
    if (branch.cancel !== null && branch.binding.connection.current !== branch.cancel.over) this.#sendCancel(branch, branch.cancel.reason);
    else if (!this.#over) this.#setup.events.onRinging();
  }

  async #accepted(branch: Branch, response: Core.AckableIncomingResponseWithSession): Promise<void> {
    const { stack, events, media, peer, lostSocketMs } = this.#setup;
    const { connection } = branch.binding;
    branch.status = 200;
    response.ack();
    if (this.#over || this.dialog !== null) {
      // It answered while the CANCEL was under way.
      stack.over(connection, () => response.session.bye());
      return;
    }
    this.#answered = branch;
    this.dialog = new Dialog({ stack, media, peer, connection, session: response.session, lostSocketMs, events });
    for (const other of this.#open()) this.#cancelBranch(other, ELSEWHERE);
    try {
      await media.request({ type: "answered", peer, sdp: response.message.body });
      if (!this.#over) events.onAnswered();
    } catch {
      events.onEnded("network");
    }
  }

  #refused(branch: Branch, status: number): void {
    branch.status = status;
    branch.lost?.[Symbol.dispose]();
    if (this.#over || this.dialog !== null) return;
    // 6xx speaks for all contacts of the agent (RFC 3261 section 16.7).
    if (status >= 600) for (const other of this.#open()) this.#cancelBranch(other);
    else if (this.#open().length > 0) return;
    this.#over = true;
    const by = this.#branches.every(({ isGone }) => isGone) ? "network" : "agent";
    this.#setup.events.onRefused(bestOf(this.#branches.flatMap((each) => each.status ?? [])), by);
  }

  #gone(branch: Branch): void {
    branch.isGone = true;
    this.#cancelBranch(branch);
    this.#refused(branch, 480);
  }

  #open(): Branch[] {
    return this.#branches.filter(({ status }) => status === null);
  }

  #cancelBranch(branch: Branch, reason?: string): void {
    if (branch.status !== null || branch.cancel !== null) return;
    branch.lost?.[Symbol.dispose]();
    this.#sendCancel(branch, reason);
  }

  #sendCancel(branch: Branch, reason?: string): void {
    branch.cancel = { reason, over: branch.binding.connection.current };
    if (branch.request !== null) this.#setup.stack.cancel(branch.binding.connection, branch.request, reason);
  }
}

const UNTRIED = { request: null, cancel: null, status: null, isGone: false, lost: null };

/** A refusal by a person says more than a device that is not there. */
function bestOf(statuses: readonly number[]): number {
  const decline = statuses.find((status) => status >= 600);
  return decline ?? statuses.find((status) => status === 486) ?? statuses[0] ?? 480;
}

function addressOf(uri: string): string {
  return uri.replace(/^sips?:/, "").split(/[;?]/)[0] ?? uri;
}
