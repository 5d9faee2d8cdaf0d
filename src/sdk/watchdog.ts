/**
 * Notices that the phone in the frame is dead and has it loaded anew. A crash takes every frame of one site in a browser
 * with it, and nothing in them is left to run: only the page around can see it.
 *
 * 1. A first load that has loaded a page, or greeted, and is not connected 15 s later is loaded anew, three times. Then it
 *    is waited for without end, as one that does not load at all: perhaps no phone is there.
 * 2. While connected it pings. `PINGS` of them with no word from the phone at all, and the frame is loaded anew.
 * 3. A timer that comes late shows that this page was busy, and the answer may still be waiting in its queue: the count
 *    starts anew. Not while the page is hidden, where browsers let timers run once a second, later once a minute, and
 *    messages come in time all the same.
 * 4. A page that was loaded has 1, 2, 4 … 30 s to say hello and connect; one that does not even load, `LOAD_MS`.
 */
export interface Watchdog {
  /** The handshake is done. */
  connected(): void;
  /** Any word from the phone on its port. */
  heard(): void;
  /** A new phone has said hello and is not connected yet. */
  greeted(): void;
  /** The frame has loaded a page, whichever. */
  loaded(): void;
  /** Whether a call is up: then it is looked at twice as often. */
  callIsUp(isUp: boolean): void;
  close(): void;
}

interface WatchdogOptions {
  /** Milliseconds. */
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  readonly isHidden: () => boolean;
  readonly ping: () => void;
  /** The phone has fallen silent. `reload` follows. */
  readonly onSilent: () => void;
  readonly reload: () => void;
}

const PING_MS = 1_000;
const PINGS = 3;
const LATE_MS = 500;
const LOAD_MS = 10_000;
const LONGEST_RETRY_MS = 30_000;
const FIRST_LOAD_MS = 15_000;
const FIRST_LOADS = 3;

export function createWatchdog({ clock, isHidden, ping, onSilent, reload }: WatchdogOptions): Watchdog {
  let state: "first-load" | "connected" | "gone" = "first-load";
  let stop = (): void => {};
  let pings = 0;
  let reloads = 0;
  let pingMs = PING_MS;
  const wait = (ms: number, run: (lateMs: number) => void): void => {
    stop();
    const due = clock.now() + ms;
    stop = clock.after(ms, () => run(clock.now() - due));
  };
  const look = (lateMs: number): void => {
    if (lateMs > LATE_MS && !isHidden()) pings = 0;
    if (pings === PINGS) {
      state = "gone";
      onSilent();
      return revive();
    }
    pings += 1;
    ping();
    // The last one is waited for half as long: with a call up, two seconds are all there is from a crash to the reload.
    wait(pings === PINGS ? pingMs / 2 : pingMs, look);
  };
  const revive = (): void => {
    reloads += 1;
    if (state === "gone") wait(LOAD_MS, revive);
    reload();
  };
  const giveTime = (): void => {
    if (state === "gone") wait(reloads === 0 ? LOAD_MS : Math.min(500 * 2 ** reloads, LONGEST_RETRY_MS), revive);
    else if (state !== "connected" && reloads < FIRST_LOADS) wait(FIRST_LOAD_MS, revive);
  };
  return {
    connected() {
      state = "connected";
      pings = 0;
      reloads = 0;
      wait(pingMs, look);
    },
    heard: () => void (pings = 0),
    greeted() {
      if (state === "connected") state = "gone";
      giveTime();
    },
    loaded() {
      giveTime();
      pings = 0;
    },
    callIsUp(isUp) {
      const next = isUp ? PING_MS / 2 : PING_MS;
      if (next === pingMs) return;
      pingMs = next;
      if (state === "connected") wait(pingMs, look);
    },
    close() {
      stop();
      state = "first-load";
    },
  };
}
