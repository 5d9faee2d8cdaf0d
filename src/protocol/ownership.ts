import type { OrphanState } from "./gateway.ts";

/** Who looks after one call, as far as a gateway has heard: the highest epoch of either kind, -1 before the first. */
export interface Ownership {
  readonly owned: number;
  readonly orphaned: number;
  readonly ended: boolean;
}

export const UNHEARD: Ownership = { owned: -1, orphaned: -1, ended: false };

export interface OwnershipStep {
  readonly after: Ownership;
  /** What becomes of the 5 seconds: they begin anew, are over without an end, or go on as they were. */
  readonly grace: "begins" | "stops" | "as-it-was";
}

/**
 * The rules of `docs/gateway-protocol.md`, for every gateway: messages come in any order and more than once, and the epochs
 * decide. A higher `orphaned` begins the grace anew, a known or lower one does nothing; once ended, ended.
 */
export function hearOwner(before: Ownership, message: "orphaned" | "owned", epoch: number): OwnershipStep {
  if (message === "orphaned") {
    if (before.ended || epoch < before.owned || epoch <= before.orphaned) return { after: before, grace: "as-it-was" };
    return { after: { ...before, orphaned: epoch }, grace: "begins" };
  }
  const after = { ...before, owned: Math.max(before.owned, epoch) };
  return { after, grace: after.owned > after.orphaned ? "stops" : "as-it-was" };
}

export function ownershipState({ owned, orphaned, ended }: Ownership): OrphanState {
  if (ended) return "ended";
  return orphaned >= owned && orphaned >= 0 ? "waiting" : "owned";
}
