import type { Clock, Unsubscribe } from "../core/ports.ts";

type WakingEvent = "online" | "offline" | "pageshow" | "visibilitychange" | "freeze" | "resume";
type Listener = (event: Event) => void;

export interface WakingPage {
  addEventListener(type: WakingEvent, listener: Listener): void;
  removeEventListener(type: WakingEvent, listener: Listener): void;
}

/** What the machine under the page does, as the phone should hear it. */
export interface Waking {
  networkChanged(online: boolean): void;
  /** The browser is about to stop the page. */
  froze(): void;
  /** What was true before must be checked. `slept`: the page did not run meanwhile. */
  woke(slept: boolean): void;
}

/** How soon after a sleep it is noticed, where no event tells. */
const LOOK_MS = 5_000;
/** Without a worker to time it a hidden frame's timers run once a minute; a longer gap is a machine that slept. */
const SLEEP_MS = 75_000;

/** @param isVisible  a page that becomes hidden has nothing to check. */
export function watchWaking(pages: readonly WakingPage[], isVisible: () => boolean, clock: Clock, phone: Waking): Unsubscribe {
  let lookedAt = clock.now();
  let stopLooking: Unsubscribe = () => undefined;
  const look = (): void => {
    const now = clock.now();
    if (now - lookedAt > SLEEP_MS) phone.woke(true);
    lookedAt = now;
    stopLooking = clock.after(LOOK_MS, look);
  };
  const listeners: Readonly<Record<WakingEvent, Listener>> = {
    online: () => phone.networkChanged(true),
    offline: () => phone.networkChanged(false),
    // Out of the back/forward cache; the first showing of a page is no waking.
    pageshow: (event) => "persisted" in event && event.persisted === true && phone.woke(true),
    freeze: () => phone.froze(),
    resume: () => phone.woke(true),
    visibilitychange: () => isVisible() && phone.woke(false),
  };
  const each = (act: (page: WakingPage, type: WakingEvent, listener: Listener) => void): void => {
    for (const page of pages) for (const type of TYPES) act(page, type, listeners[type]);
  };
  each((page, type, listener) => page.addEventListener(type, listener));
  stopLooking = clock.after(LOOK_MS, look);
  return () => {
    stopLooking();
    each((page, type, listener) => page.removeEventListener(type, listener));
  };
}

const TYPES = ["online", "offline", "pageshow", "visibilitychange", "freeze", "resume"] as const;
