import type { Clock } from "../ports.ts";

/** Time that passes when it is wound. */
export class FakeClock implements Clock {
  #now = 1_800_000_000_000;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }
  timerCount(): number {
    return this.#timers.length;
  }
  /** Runs what is due on the way, in its order, and what follows from it. */
  async wind(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#nextBefore(until); next !== undefined; next = this.#nextBefore(until)) {
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = until;
  }
  #nextBefore(until: number) {
    return this.#timers.filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that waits for promises alone come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
