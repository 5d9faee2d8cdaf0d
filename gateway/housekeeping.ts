import type { Log } from "./log/log.ts";
import type { Services } from "./services.ts";

const EVERY_MS = 10 * 60_000;

/** Removes what is over: sessions, used tokens, invitations, old events, counts of limits, recordings beyond their time. @returns the undo. */
export function keepHouse({ sessions, events, orphans, sweepLimits, sweepRecordings }: Services, log: Log): () => void {
  const timer = setInterval(() => {
    Promise.all([sessions.sweep(), events.sweep(), orphans.sweep(), sweepLimits(), sweepRecordings()]).catch((error: unknown) =>
      log.warn({ err: error }, "housekeeping failed"),
    );
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
