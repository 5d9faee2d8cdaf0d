import type { Clock, Unsubscribe } from "../core/ports.ts";

export interface WakingPage {
  addEventListener(type: "online" | "offline" | "pageshow" | "visibilitychange" | "resume", listener: () => void): void;
  removeEventListener(type: "online" | "offline" | "pageshow" | "visibilitychange" | "resume", listener: () => void): void;
}

/** What the machine under the page does, as the phone should hear it. */
export interface Waking {
  networkChanged(online: boolean): void;
  /** Time may have passed unseen: what was true before the sleep must be checked. */
  woke(): void;
}

const LOOK_MS = 20_000;
/** A hidden frame's timers run once a minute; a longer gap is a machine that slept. */
const SLEEP_MS = 100_000;

/** @param isVisible  a page that becomes hidden has nothing to check. */
export function watchWaking(pages: readonly WakingPage[], isVisible: () => boolean, clock: Clock, phone: Waking): Unsubscribe {
  let lookedAt = clock.now();
  let stopLooking: Unsubscribe = () => undefined;
  const look = (): void => {
    const now = clock.now();
    if (now - lookedAt > SLEEP_MS) phone.woke();
    lookedAt = now;
    stopLooking = clock.after(LOOK_MS, look);
  };
  const listeners = {
    online: () => phone.networkChanged(true),
    offline: () => phone.networkChanged(false),
    pageshow: () => phone.woke(),
    resume: () => phone.woke(),
    visibilitychange: () => isVisible() && phone.woke(),
  } as const;
  const types = ["online", "offline", "pageshow", "resume", "visibilitychange"] as const;
  for (const page of pages) for (const type of types) page.addEventListener(type, listeners[type]);
  stopLooking = clock.after(LOOK_MS, look);
  return () => {
    stopLooking();
    for (const page of pages) for (const type of types) page.removeEventListener(type, listeners[type]);
  };
}
