import type { Clock } from "../../core/ports.ts";
import type { OpenAck } from "../shared/open-ack.ts";
import { reinvite } from "./reinvite.ts";
import type { SdkDescriptionOptions, SdkSession } from "./sdk.ts";

/**
 * The way by which a call that is up reaches its far end. When its socket is gone, the SDK registers on a new one and
 * forgets the call's own: this opens it again, so that a hang-up still arrives.
 */
export interface LegSignalling {
  readonly ok: boolean;
  lost(): void;
  /** Opens a socket for this call, and tells the far end by a re-INVITE. Resolves to the answer's status code. */
  restore(options: SdkDescriptionOptions): Promise<number | null>;
  /** Opens a socket for this call, if that can be done in time. */
  open(): Promise<boolean>;
  /** The call is over: its own socket, if it has one, is closed, and with it a user agent that the SDK has forgotten. */
  close(): void;
}

const OPEN_MS = 2_500;
/** The BYE and its answer still pass. */
const LINGER_MS = 1_000;

export class SessionSignalling implements LegSignalling {
  ok = true;
  #own = false;
  readonly #session: SdkSession;
  readonly #ack: OpenAck;
  readonly #clock: Clock;

  constructor(session: SdkSession, ack: OpenAck, clock: Clock) {
    this.#session = session;
    this.#ack = ack;
    this.#clock = clock;
  }

  lost(): void {
    this.ok = false;
  }

  async restore(options: SdkDescriptionOptions): Promise<number | null> {
    if (!(await this.open()) || this.#session.state !== "Established") return null;
    const status = await reinvite(this.#session, this.#ack, options);
    // Kept by the session for its answers to re-INVITEs of the far end; the restart was for this one alone.
    this.#session.sessionDescriptionHandlerOptionsReInvite = { hold: options.hold ?? false };
    this.ok = status === 200;
    return status;
  }

  async open(): Promise<boolean> {
    const { userAgent } = this.#session;
    // The SDK's listener registers, with a registerer that it has thrown away.
    userAgent.transport.stateChange.removeAllListeners();
    // A silent socket is still closing. Opening the next one rejects that closing, whose promise the SDK has thrown away.
    if (userAgent.transport.state === "Disconnecting") userAgent.transport.disconnect().catch(() => {});
    const opened = userAgent.reconnect().then(
      () => true,
      () => false,
    );
    this.#own = true;
    const late = new Promise<boolean>((resolve) => void this.#clock.after(OPEN_MS, () => resolve(false)));
    return Promise.race([opened, late]);
  }

  close(): void {
    if (!this.#own) return;
    this.#clock.after(LINGER_MS, () => void this.#session.userAgent.stop().catch(() => {}));
  }
}
