import { Core, Session, SessionState } from "sip.js";
import type { UserAgent } from "sip.js";

/**
 * A session that begins in the middle: its dialog was established by another page. It is up from the start and has no
 * media until its first re-INVITE is answered.
 *
 * Uses members that sip.js 0.21.2 marks internal (`_dialog`, `_id`, `_contact`, `_sessions`) and what its dialog reads
 * of the transaction that it was made from, the request alone: `resume.test.ts` watches them.
 */
export class ResumedSession extends Session {
  readonly localIdentity: Core.NameAddrHeader;
  readonly remoteIdentity: Core.NameAddrHeader;
  protected _id: string;
  protected readonly logger: Core.Logger;

  constructor(userAgent: UserAgent, state: Core.DialogState) {
    super(userAgent);
    this.logger = userAgent.getLogger("sip.resumed");
    const { userAgentCore: core } = userAgent;
    const { localURI, remoteURI, remoteTarget, callId, localTag, remoteTag } = state;
    // Without a body it leaves offer and answer open: neither side has described anything to this page.
    const request = core.makeOutgoingRequestMessage(
      "INVITE",
      remoteTarget,
      localURI,
      remoteURI,
      { callId, fromTag: localTag, toTag: remoteTag },
      [],
    );
    this.localIdentity = request.from;
    this.remoteIdentity = request.to;
    this._id = state.id;
    this._contact = userAgent.contact.toString();
    const transaction: Core.InviteClientTransaction = Object.create(Core.InviteClientTransaction.prototype, {
      request: { value: request },
    });
    this._dialog = new Core.SessionDialog(transaction, core, state, this.#delegate());
    userAgent._sessions[this._id] = this;
    this.stateTransition(SessionState.Established);
  }

  /**
   * The ACK of a re-INVITE that an earlier page sent (RFC 3261 section 13.2.2.4). The 200 itself went to that page's socket;
   * without the ACK its sender hangs up after 32 s.
   */
  acknowledge(cseq: number): void {
    const { transport } = this.userAgent;
    if (!(this._dialog instanceof Core.SessionDialog)) return;
    const message = this._dialog.createOutgoingRequestMessage("ACK", { cseq });
    message.setViaHeader(`z9hG4bK${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`, transport.protocol);
    transport.send(message.toString()).catch(() => undefined);
  }

  #delegate(): Core.SessionDelegate {
    return {
      onAck: (request) => this.onAckRequest(request),
      onBye: (request) => this.onByeRequest(request),
      onInfo: (request) => this.onInfoRequest(request),
      onInvite: (request) => this.onInviteRequest(request),
      onMessage: (request) => this.onMessageRequest(request),
      onNotify: (request) => this.onNotifyRequest(request),
      onPrack: (request) => this.onPrackRequest(request),
      onRefer: (request) => this.onReferRequest(request),
    };
  }
}
