import type { Clock, Random, Unsubscribe } from "../../core/ports.ts";

export interface KeepAliveParts {
  readonly clock: Clock;
  readonly random: Random;
  ping(): void;
  /** A server that answers pings has left one unanswered. */
  silent(): void;
}

/** RFC 5626 section 4.4.1: 80 to 100 % of the longest pause, so that a thousand phones do not ping at once. */
const LONGEST_PAUSE_MS = 25_000;
const PONG_MS = 10_000;

/**
 * Pings of one socket (RFC 5626 section 4.4.1). The first asks whether this server knows them: where it does not answer,
 * no more are sent, and the registration alone tells whether the way is open.
 */
export class KeepAlive {
  readonly #parts: KeepAliveParts;
  #isKnown = false;
  #isAsked = false;
  #waiting: (() => void)[] = [];
  #stopTimer: Unsubscribe = () => {};

  constructor(parts: KeepAliveParts) {
    this.#parts = parts;
  }

  start(): void {
    const pauseMs = LONGEST_PAUSE_MS * (0.8 + 0.2 * this.#parts.random());
    this.#after(pauseMs, () => this.#ping());
  }

  /** Resolves with the next pong. `null`: whether this server knows pings is not known yet, or it does not. */
  ask(): Promise<void> | null {
    if (!this.#isAsked) this.#ping();
    return this.#isKnown ? new Promise((resolve) => this.#waiting.push(resolve)) : null;
  }

  onPong(): void {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    this.#isKnown = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((tell) => tell());
    this.start();
  }

  stop(): void {
    this.#stopTimer();
  }

  #ping(): void {
    this.#after(PONG_MS, () => {
      if (this.#isKnown) this.#parts.silent();
    });
    this.#isAsked = true;
    this.#parts.ping();
  }

  #after(ms: number, run: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#parts.clock.after(ms, run);
  }
}
