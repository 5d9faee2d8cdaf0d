import type { EndReason } from "../../protocol/call.ts";

export interface LegEnd {
  readonly reason: EndReason;
  readonly sipCode: number | null;
}

/** A CANCEL's reason (RFC 3326): the far end gave up, or another phone of this agent took the call. */
export function endByCancel(reasonHeader: string | null): LegEnd {
  const elsewhere = reasonHeader !== null && /\bSIP\b[^,]*;\s*cause\s*=\s*"?200\b/i.test(reasonHeader);
  return { reason: elsewhere ? "answered-elsewhere" : "missed", sipCode: 487 };
}
