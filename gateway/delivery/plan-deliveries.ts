import type { LedgerEntry } from "../calls/call-ledger.ts";
import type { LeadSquaredConfig } from "../config/gateway-config.ts";

export const DELIVERY_KINDS = ["popup", "call-log", "recording"] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** One thing that the CRM must be told about a call. */
export interface PlannedDelivery {
  readonly kind: DeliveryKind;
  /** Epoch ms: not before. */
  readonly dueAt: number;
  /** Epoch ms: not after; null: no matter how late. */
  readonly expiresAt: number | null;
}

/** A popup that comes later than this would cover the next call. */
const POPUP_LIFE_MS = 30_000;

/**
 * What the CRM must be told once a call looks like this (pure). Asked at every change, it names the same deliveries again:
 * each exists once, and only ever becomes due earlier.
 *
 * LeadSquared takes one log a call and ignores a second one, so the log waits for the agent's note, or until the time for
 * writing it is over; the recording's link is added afterwards.
 */
export function planDeliveries(config: LeadSquaredConfig | undefined, { agentId, view }: LedgerEntry, now: number): PlannedDelivery[] {
  if (!config) return [];
  const planned: PlannedDelivery[] = [];
  if (config.showPopup && view.isRinging && agentId !== null) {
    planned.push({ kind: "popup", dueAt: now, expiresAt: now + POPUP_LIFE_MS });
  }
  // Without a name from Exotel nobody was ever rung; unless the agent's phone says otherwise there is nothing to log.
  if (!view.isOver || (view.exotelSid === null && !view.isWritten)) return planned;
  const wait = config.wrapUpSeconds * 1_000;
  // A note that came before the exchange's own report waits a moment for it: its times and duration are the better ones.
  const isComplete = view.isWritten && view.isReported;
  const dueAt = isComplete ? now : (view.endedAt ?? now) + (view.isWritten ? Math.min(wait, SHORT_WAIT_MS) : wait);
  planned.push({ kind: "call-log", dueAt, expiresAt: null });
  if (view.recordingUrl !== null) planned.push({ kind: "recording", dueAt: now, expiresAt: null });
  return planned;
}

const SHORT_WAIT_MS = 30_000;
