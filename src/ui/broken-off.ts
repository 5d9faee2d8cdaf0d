import type { CallView, HistoryEntry } from "../core/view.ts";
import type { EndReason } from "../protocol/call.ts";
import { BROKEN_OFF_WORDS, END_WORDS } from "./strings.ts";

/** How a call that was up can end without either of them wanting it. */
export type BrokenOff = keyof typeof BROKEN_OFF_WORDS;

type Ended = Pick<CallView, "endReason" | "answeredAt"> | Pick<HistoryEntry, "endReason" | "answered">;

/** `null`: somebody ended it, or it never came about. */
export function brokenOff(call: Ended): BrokenOff | null {
  const wasUp = "answered" in call ? call.answered : call.answeredAt !== null;
  return wasUp && isBrokenOff(call.endReason) ? call.endReason : null;
}

/** How it ended, in words; `null` while it has not. */
export function endWords(call: Ended): string | null {
  const broken = brokenOff(call);
  if (broken !== null) return BROKEN_OFF_WORDS[broken];
  return call.endReason === null ? null : END_WORDS[call.endReason];
}

function isBrokenOff(reason: EndReason | null): reason is BrokenOff {
  return reason !== null && Object.hasOwn(BROKEN_OFF_WORDS, reason);
}
