export interface RetryFacts {
  /** Tries that failed in a row, at least 1. */
  readonly tried: number;
  readonly refused: boolean;
  readonly inCall: boolean;
  /** Uniform in [0, 1). */
  readonly random: number;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const LONGEST_IN_CALL_MS = 2_000;

/**
 * How long to wait before the next try to register; `null`: stop trying. Doubles from half a second to half a minute,
 * two seconds while somebody is on the line. Half of it is left to chance, so that a thousand agents whose server
 * restarts do not come back in the same instant.
 */
export function retryDelayMs({ tried, refused, inCall, random }: RetryFacts): number | null {
  if (refused) return null;
  const longest = inCall ? LONGEST_IN_CALL_MS : LONGEST_MS;
  const full = Math.min(longest, FIRST_MS * 2 ** Math.min(tried - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
