import type { Unsubscribe } from "../core/ports.ts";

export interface LeavingPage {
  addEventListener(type: "beforeunload" | "pagehide", listener: (event: Pick<Event, "preventDefault">) => void): void;
  removeEventListener(type: "beforeunload" | "pagehide", listener: (event: Pick<Event, "preventDefault">) => void): void;
}

/**
 * Asks the agent before a page with a call on it is left (browsers do so only after a click in the frame), and ends the
 * call at the far end where it is left all the same.
 */
export function watchLeaving(page: LeavingPage, isCallUp: () => boolean, leave: () => void): Unsubscribe {
  const ask = (event: Pick<Event, "preventDefault">): void => {
    if (isCallUp()) event.preventDefault();
  };
  page.addEventListener("beforeunload", ask);
  page.addEventListener("pagehide", leave);
  return () => {
    page.removeEventListener("beforeunload", ask);
    page.removeEventListener("pagehide", leave);
  };
}
