/** India has one time zone, without summer time: UTC+05:30. */
const OFFSET_MS = 5.5 * 3_600_000;

/** `2012-08-17 12:31:49`, Indian Standard Time: how Exotel writes every time. @param at epoch ms. */
export function istTime(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** `Wed, 27 Dec 2023 12:17:05`: how the Passthru applet alone writes `Created` (chapter 5.18). */
export function istLongTime(at: number): string {
  return new Date(at + OFFSET_MS).toUTCString().slice(0, 25);
}
