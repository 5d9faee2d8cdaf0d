import { Invitation, SessionState } from "sip.js";
import type { Clock, Unsubscribe } from "../../core/ports.ts";
import type { LegEnd } from "./leg-end.ts";
import type { LegParts, LegSession } from "./leg-parts.ts";

/** How long a call may ring without a socket: then nobody knows any more whether its caller still waits. */
const LOST_MS = 8_000;
/**
 * How long it may ring on over another socket than its own. A CANCEL that went to the old one is lost, and a caller who has
 * gone says nothing; one who still waits is rung for about as long by the exchange.
 */
const ELSEWHERE_MS = 30_000;

/** Who calls is on the screen first, and nobody clicks sooner. */
const ANSWER_AHEAD_MS = 100;

/** An incoming leg while it rings, also while its socket, or its page, is replaced. */
export class LegRing {
  readonly #session: LegSession;
  readonly #clock: Clock;
  readonly #drop: (end: LegEnd) => void;
  readonly #media: LegParts["media"];
  #stop: Unsubscribe = () => {};
  #stopAnswering: Unsubscribe = () => {};

  constructor({ session, media, clock }: Pick<LegParts, "session" | "media" | "clock">, drop: (end: LegEnd) => void) {
    this.#session = session;
    this.#clock = clock;
    this.#drop = drop;
    this.#media = media;
    this.#answerAhead();
  }

  /** The session, while the agent has not answered it. */
  ringing(): Invitation | null {
    return this.#session instanceof Invitation && this.#session.state === SessionState.Initial ? this.#session : null;
  }

  /** What is answered over the next socket arrives as well (RFC 3261 section 18.2.2). */
  socketLost(): void {
    this.stop();
    this.#media.forgetAnswer();
    this.#stop = this.#clock.after(LOST_MS, () => this.#drop({ reason: "connection-lost", sipCode: null }));
  }

  /** There is another socket: proxies send a CANCEL that they could not deliver again after a provisional response. */
  socketOpen(): void {
    this.stop();
    const rings = this.ringing();
    if (rings === null) return;
    rings.progress().catch(() => undefined);
    this.movedHere();
    this.#answerAhead();
  }

  /** It rings over another socket than the one it came on, or in another page. */
  movedHere(): void {
    this.#stop = this.#clock.after(ELSEWHERE_MS, () => this.ringing() !== null && this.#drop({ reason: "missed", sipCode: 480 }));
  }

  #answerAhead(): void {
    const offer = this.ringing()?.request.body ?? "";
    if (offer !== "") this.#stopAnswering = this.#clock.after(ANSWER_AHEAD_MS, () => this.#media.answerAhead(offer));
  }

  stop(): void {
    this.#stop();
    this.#stopAnswering();
  }
}
