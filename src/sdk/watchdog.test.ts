import { expect, test } from "vitest";
import { createWatchdog } from "./watchdog.ts";

/** A page whose time is wound, with a frame that is alive or dead. */
class Page {
  hidden = false;
  alive = true;
  readonly events: string[] = [];
  pings = 0;
  #now = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  readonly watchdog = createWatchdog({
    clock: {
      now: () => this.#now,
      after: (ms, run) => {
        const timer = { at: this.#now + ms, run };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((other) => other !== timer));
      },
    },
    isHidden: () => this.hidden,
    ping: () => {
      this.pings += 1;
      if (this.alive) this.watchdog.heard();
    },
    onSilent: () => void this.events.push(`silent ${this.#now}`),
    reload: () => void this.events.push(`reload ${this.#now}`),
  });

  wind(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.#run(next, Math.max(next.at, this.#now));
    }
    this.#now = until;
  }
  /** A long task, or timers that the browser lets run seldom: what falls due meanwhile runs at its end, once. */
  block(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.#now)) this.#run(timer, this.#now);
  }
  #run(timer: Page["timers"][number], now: number): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#now = now;
    timer.run();
  }
  get timers() {
    return this.#timers;
  }
}
function connected(): Page {
  const page = new Page();
  page.watchdog.connected();
  return page;
}
const seconds = (events: readonly string[]) =>
  events.filter((event) => event.startsWith("reload")).map((event) => Number(event.slice(7)) / 1_000);

test("[S40] a phone that answers is pinged once a second, twice with a call up, and left alone", () => {
  const page = connected();
  page.wind(60_000);
  expect(page.pings).toBe(60);
  page.watchdog.callIsUp(true);
  page.wind(60_000);
  expect([page.pings, page.events]).toEqual([180, []]);
});

test("[S41] three pings without a word: the phone is given up and its frame loaded anew", () => {
  const page = connected();
  page.wind(5_000);
  page.alive = false;
  page.wind(3_000);
  expect(page.events).toEqual([]);
  page.wind(1_000);
  expect(page.events).toEqual(["silent 8500", "reload 8500"]);
});

test("[S42] with a call up, less than two seconds pass from any crash to the reload", () => {
  for (let at = 0; at < 1_000; at += 50) {
    const page = connected();
    page.watchdog.callIsUp(true);
    page.wind(5_000 + at);
    page.alive = false;
    page.wind(2_000);
    expect([at, (seconds(page.events)[0] ?? 99) < 7 + at / 1_000]).toEqual([at, true]);
  }
});

test("[S43] any word counts as an answer, also that of a phone that does not know the ping", () => {
  const page = connected();
  page.alive = false;
  for (let i = 0; i < 20; i += 1) {
    page.wind(2_500);
    page.watchdog.heard();
  }
  expect(page.events).toEqual([]);
});

test("[S44] the page's own long task never counts against the phone: the count starts anew", () => {
  const page = connected();
  page.alive = false;
  page.wind(3_100);
  page.block(4_000);
  expect(page.events).toEqual([]);
  page.wind(2_400);
  page.block(4_000);
  expect(page.events).toEqual([]);
  page.wind(2_600);
  expect(page.events).toHaveLength(2);
});

test("[S45] in a hidden page, where timers run once a minute, a dead phone is noticed all the same", () => {
  const page = connected();
  page.hidden = true;
  page.block(60_000);
  page.alive = false;
  for (let i = 0; i < 3; i += 1) page.block(60_000);
  expect(page.events).toEqual([]);
  page.block(60_000);
  expect(page.events).toEqual(["silent 300000", "reload 300000"]);
});

test("[S46] a frame that does not come back is tried again after 1, 2, 4 … 30 s from its load, until it is there", () => {
  const page = connected();
  page.alive = false;
  page.wind(3_500);
  for (let i = 0; i < 8; i += 1) {
    page.watchdog.loaded();
    page.wind([1_000, 2_000, 4_000, 8_000, 16_000, 30_000][i] ?? 30_000);
  }
  const at = seconds(page.events);
  expect(at.slice(1).map((second, i) => second - (at[i] ?? 0))).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  page.alive = true;
  page.watchdog.connected();
  page.wind(60_000);
  expect(seconds(page.events)).toHaveLength(at.length);
  expect(page.events.filter((event) => event.startsWith("silent"))).toHaveLength(1);
});

test("[S47] a page that is still on its way is not loaded again before ten seconds", () => {
  const page = connected();
  page.alive = false;
  page.wind(3_500 + 9_900);
  expect(seconds(page.events)).toEqual([3.5]);
  page.wind(100);
  expect(seconds(page.events)).toEqual([3.5, 13.5]);
});

test("[S48] a first load that does not even load is waited for without end", () => {
  const page = new Page();
  page.wind(600_000);
  expect([page.events, page.pings]).toEqual([[], 0]);
});

test("[S48] a first load that died before it connected is loaded anew 15 s later, three times, then waited for without end", () => {
  const page = new Page();
  page.watchdog.loaded();
  page.wind(1_000);
  page.watchdog.greeted();
  page.wind(14_900);
  expect(page.events).toEqual([]);
  page.wind(100);
  expect(seconds(page.events)).toEqual([16]);
  for (let i = 0; i < 5; i += 1) {
    page.watchdog.loaded();
    page.wind(100_000);
  }
  expect([seconds(page.events), page.pings]).toEqual([[16, 31, 131], 0]);
  page.watchdog.connected();
  page.wind(60_000);
  expect(seconds(page.events)).toHaveLength(3);
});

test("[S49] after a reload that is not ours, a phone that greets and then does not connect is loaded anew", () => {
  const page = connected();
  page.watchdog.greeted();
  page.wind(9_900);
  expect(page.events).toEqual([]);
  page.wind(100);
  expect(seconds(page.events)).toEqual([10]);
});

test("[S49] after a reload that is not ours, a page that never greets is loaded anew; the count begins at its load", () => {
  const page = connected();
  page.alive = false;
  page.wind(3_000);
  page.watchdog.loaded();
  page.wind(2_000);
  expect(page.events).toEqual([]);
  page.wind(2_000);
  expect(page.events).toHaveLength(2);
});

test("[S50] closed, nothing is left to run", () => {
  const page = connected();
  page.watchdog.close();
  expect(page.timers).toEqual([]);
});
