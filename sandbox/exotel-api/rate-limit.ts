/** Counts requests in the last minute; the vendor's limits are "per minute", without a word on how the minute is cut. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  #times: number[] = [];

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** `false`: this one is over the limit. A refused request does not count. */
  allow(): boolean {
    const now = this.#now();
    this.#times = this.#times.filter((time) => time > now - 60_000);
    if (this.#times.length >= this.#perMinute) return false;
    this.#times.push(now);
    return true;
  }
}
