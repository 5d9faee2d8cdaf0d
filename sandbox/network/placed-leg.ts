import type { Core } from "sip.js";
import type { CallLeg } from "./call-leg.ts";
import { Dialog } from "./dialog.ts";
import type { DialogEvents } from "./dialog.ts";
import type { Media } from "./media/media.ts";
import type { SipConnection } from "./sip-connection.ts";
import { sessionBody } from "./session-body.ts";
import type { SipStack } from "./sip-stack.ts";

export interface PlacedLegSetup {
  readonly stack: SipStack;
  readonly media: Media;
  /** Name of the audio in the media process. */
  readonly peer: string;
  readonly connection: SipConnection;
  readonly request: Core.IncomingInviteRequest;
  readonly lostSocketMs: number;
  readonly events: DialogEvents & { onAnswered(): void };
}

/** The leg of a call that the agent placed by its own INVITE. */
export class PlacedLeg implements CallLeg {
  dialog: Dialog | null = null;
  readonly #setup: PlacedLegSetup;
  /** A final answer went out. */
  #isAnswered = false;
  #over = false;

  constructor(setup: PlacedLegSetup) {
    this.#setup = setup;
    setup.request.delegate = {
      // RFC 3261 section 9.2: the INVITE itself ends with 487.
      onCancel: () => {
        this.refuse(487);
        setup.events.onEnded("agent");
      },
    };
  }

  get callId(): string {
    return this.#setup.request.message.callId;
  }

  ringing(): void {
    const { stack, connection, request } = this.#setup;
    if (!this.#isAnswered) stack.over(connection, () => request.progress({ statusCode: 180 }));
  }

  refuse(statusCode: number): void {
    const { stack, connection, request } = this.#setup;
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#over = true;
    stack.over(connection, () => request.reject({ statusCode }));
  }

  /** Resolves when the 200 is out; the call is up when its ACK has come. */
  async accept(): Promise<void> {
    const { stack, media, peer, connection, request, events } = this.#setup;
    const { sdp = "" } = await media.request({ type: "offered", peer, sdp: request.message.body });
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const { session } = stack.over(connection, () => request.accept({ statusCode: 200, body: sessionBody(sdp) }));
    session.delegate = {
      // A BYE before the ACK is not allowed (RFC 3261 section 15).
      onAck: () => {
        if (this.#over) return void stack.over(connection, () => session.bye());
        this.dialog = new Dialog({ ...this.#setup, session });
        events.onAnswered();
      },
      onBye: (bye) => {
        bye.accept();
        events.onEnded("agent");
      },
    };
  }

  cancel(): void {
    this.refuse(480);
  }

  end(): void {
    this.#over = true;
    this.dialog?.end();
  }

  connectionClosed(connection: SipConnection): void {
    if (this.dialog !== null) this.dialog.connectionClosed();
    else if (connection === this.#setup.connection && !this.#over) {
      this.#isAnswered = true;
      this.#setup.events.onEnded("network");
    }
  }

  /** Another connection of the same browser shows itself by a message of this call. */
  bound(): void {}

  traffic(remoteTag: string, connection: SipConnection): void {
    const { connection: own } = this.#setup;
    if (this.dialog?.remoteTag !== remoteTag) return;
    if (own.current !== connection) own.replaceBy(connection);
    this.dialog.cameBack();
  }
}
