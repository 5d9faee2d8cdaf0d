import type { Log } from "./log/log.ts";
import type { Services } from "./services.ts";

const EVERY_MS = 10 * 60_000;

/** Removes what is over: sessions, used tokens, invitations, old events. @returns the undo. */
export function keepHouse({ sessions, events, sweepLimits }: Services, log: Log): () => void {
  const timer = setInterval(() => {
    Promise.all([sessions.sweep(), events.sweep(), sweepLimits()]).catch((error: unknown) =>
      log.warn({ err: error }, "housekeeping failed"),
    );
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
