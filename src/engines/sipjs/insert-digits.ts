import type { DigitSender } from "./world.ts";

const DIGIT_MS = 160;
const GAP_MS = 70;

/** Digits in the audio (RFC 4733). False where the far end did not agree to it. */
export function insertDigits(sender: DigitSender | null, digits: string): boolean {
  if (!sender?.canInsertDTMF) return false;
  // A new string replaces what is still to be sent.
  sender.insertDTMF(sender.toneBuffer + digits, DIGIT_MS, GAP_MS);
  return true;
}
