const WINDOW_MS = 1000;

/** Mean square of what arrived in the last second, so that a mute shows within a second and a stopped stream as 0. */
export class Meter {
  packets = 0;
  lastPacketAt: number | null = null;
  #recent: { readonly at: number; readonly energy: number }[] = [];

  frame(samples: Int16Array, now: number): void {
    let sum = 0;
    for (const sample of samples) sum += (sample / 32_768) ** 2;
    this.#recent.push({ at: now, energy: samples.length === 0 ? 0 : sum / samples.length });
    this.packets += 1;
    this.lastPacketAt = now;
  }

  /** 0 to 1. */
  energy(now: number): number {
    this.#recent = this.#recent.filter((frame) => frame.at > now - WINDOW_MS);
    return this.#recent.length === 0 ? 0 : this.#recent.reduce((sum, frame) => sum + frame.energy, 0) / this.#recent.length;
  }
}
