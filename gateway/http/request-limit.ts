import { GatewayError } from "../errors.ts";

/** So many in so long, by key; of this process alone, for what is asked so often that a database should not count it. */
export interface RequestLimit {
  /** Counts one. @throws GatewayError `too-many-requests` with the seconds to wait. */
  take(key: string): void;
}

export interface RequestLimitOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly now: () => number;
}

/** Keys are forgotten oldest first beyond this: somebody who invents keys fills no memory. */
const MOST_KEYS = 20_000;

interface Window {
  readonly startedAt: number;
  count: number;
}

export function createRequestLimit({ limit, windowMs, now }: RequestLimitOptions): RequestLimit {
  const windows = new Map<string, Window>();
  const current = (key: string): Window => {
    const known = windows.get(key);
    return known && now() - known.startedAt < windowMs ? known : { startedAt: now(), count: 0 };
  };
  const check = (key: string): Window => {
    const window = current(key);
    if (window.count < limit) return window;
    const retryAfter = Math.max(1, Math.ceil((window.startedAt + windowMs - now()) / 1_000));
    throw new GatewayError("too-many-requests", "too many requests; wait a little", { retryAfter });
  };
  return {
    take(key) {
      const window = check(key);
      window.count += 1;
      windows.delete(key);
      windows.set(key, window);
      const oldest = windows.size > MOST_KEYS ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
    },
  };
}
