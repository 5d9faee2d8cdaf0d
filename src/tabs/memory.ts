import type { TabChannel, TabLockRequest, TabLocks, TabWorld } from "./browser.ts";

interface Waiting {
  readonly tab: MemoryTab;
  readonly grant: () => void;
  readonly refuse: (error: unknown) => void;
}

/** One browser with many tabs, for tests: locks and messages arrive later, in order, as in a browser. Time is wound by hand. */
export class MemoryBrowser {
  now = 0;
  /** Messages come after the lock that was freed behind them, as they may in a browser. */
  isLate = false;
  readonly tabs: MemoryTab[] = [];
  private holder: Waiting | null = null;
  private queue: Waiting[] = [];
  private timers: { at: number; run: () => void }[] = [];

  openTab(has: MemoryTabOptions = {}): MemoryTab {
    const tab = new MemoryTab(this, has);
    this.tabs.push(tab);
    return tab;
  }

  /** Lets everything that is under way arrive. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  async wind(ms: number): Promise<void> {
    this.now += ms;
    const due = this.timers.filter((timer) => timer.at <= this.now);
    this.timers = this.timers.filter((timer) => timer.at > this.now);
    for (const timer of due) timer.run();
    await this.settle();
  }

  soon(run: () => void): void {
    if (this.isLate) setImmediate(run);
    else queueMicrotask(run);
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }

  async request(tab: MemoryTab, how: TabLockRequest, run: (granted: boolean) => Promise<void>): Promise<void> {
    await Promise.resolve();
    if (!tab.isAlive) return new Promise(() => undefined);
    if (how.mode === "if-free" && (this.holder || this.queue.length > 0)) return run(false);
    return new Promise((resolve, reject) => {
      const mine: Waiting = {
        tab,
        grant: () => {
          this.holder = mine;
          void run(true).then(() => {
            if (this.holder === mine) this.free();
            resolve();
          });
        },
        refuse: (error) => reject(error),
      };
      if (how.mode === "steal") {
        const robbed = this.holder;
        mine.grant();
        robbed?.refuse(new DOMException("stolen", "AbortError"));
        return;
      }
      if (how.mode === "queue") how.signal.addEventListener("abort", () => this.abort(mine));
      this.queue.push(mine);
      this.next();
    });
  }

  isHolder(tab: MemoryTab): boolean {
    return this.holder?.tab === tab;
  }

  close(tab: MemoryTab): void {
    this.queue = this.queue.filter((waiting) => waiting.tab !== tab);
    if (this.holder?.tab === tab) this.free();
  }

  private abort(waiting: Waiting): void {
    if (!this.queue.includes(waiting)) return;
    this.queue = this.queue.filter((other) => other !== waiting);
    waiting.refuse(new DOMException("left the queue", "AbortError"));
  }

  private free(): void {
    this.holder = null;
    queueMicrotask(() => this.next());
  }

  private next(): void {
    if (this.holder) return;
    this.queue.shift()?.grant();
  }
}

export interface MemoryTabOptions {
  readonly locks?: boolean;
  readonly channel?: boolean;
  /** The id of a tab that was reloaded, or duplicated. */
  readonly id?: string;
}

export class MemoryTab implements TabWorld {
  isAlive = true;
  readonly locks: TabLocks | null;
  readonly self: TabWorld["self"];
  /** Everything that was posted here. */
  readonly posted: unknown[] = [];
  private reloads = false;
  private readonly browser: MemoryBrowser;
  private readonly hasChannel: boolean;
  private readonly leaving = new Set<() => void>();
  private readonly returning = new Set<() => void>();
  private readonly hearing = new Set<(message: unknown) => void>();
  private ids = 0;

  constructor(browser: MemoryBrowser, { locks = true, channel = true, id }: MemoryTabOptions) {
    this.browser = browser;
    this.hasChannel = channel;
    this.self = { id: id ?? `tab-${browser.tabs.length}`, isBack: id !== undefined };
    const isHolder = async () => browser.isHolder(this);
    this.locks = locks ? { request: (how, run) => browser.request(this, how, run), isHolder } : null;
  }

  openChannel(): TabChannel | null {
    if (!this.hasChannel) return null;
    return {
      post: (message) => {
        const copy: unknown = structuredClone(message);
        this.posted.push(copy);
        for (const tab of this.browser.tabs) if (tab !== this) this.browser.soon(() => tab.hear(copy));
      },
      onMessage: (listener) => void this.hearing.add(listener),
      close: () => this.hearing.clear(),
    };
  }
  isReloading(): boolean {
    return this.reloads;
  }
  onLeave(listener: () => void): () => void {
    this.leaving.add(listener);
    return () => void this.leaving.delete(listener);
  }
  onReturn(listener: () => void): () => void {
    this.returning.add(listener);
    return () => void this.returning.delete(listener);
  }
  newId(): string {
    this.ids += 1;
    return `${this.browser.tabs.indexOf(this)}-${this.ids}`;
  }
  now(): number {
    return this.browser.now;
  }
  after(ms: number, run: () => void): () => void {
    return this.browser.after(ms, () => this.isAlive && run());
  }

  /** The renderer dies: nothing runs here any more, and the browser frees what it held. */
  crash(): void {
    this.isAlive = false;
    this.browser.close(this);
  }
  leave(): void {
    for (const listener of this.leaving) listener();
  }
  /** The page goes, and what loads in its place is another tab of this world with the same id. */
  reload(): MemoryTab {
    this.reloads = true;
    this.leave();
    this.crash();
    return this.browser.openTab({ id: this.self.id });
  }
  comeBack(): void {
    for (const listener of this.returning) listener();
  }
  hear(message: unknown): void {
    if (this.isAlive) for (const listener of this.hearing) listener(message);
  }
}
