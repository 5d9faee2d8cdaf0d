/** Timers of one owner, cleared together, so that nothing happens after its end. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  after(ms: number, work: () => void): Disposable {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      work();
    }, ms);
    this.#running.add(timer);
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        this.#running.delete(timer);
      },
    };
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
