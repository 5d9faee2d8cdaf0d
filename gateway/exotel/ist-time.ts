/** India has one time zone, without summer time: UTC+05:30. Exotel and LeadSquared's connector write every time in it. */
const OFFSET_MS = 5.5 * 3_600_000;

/** `2012-08-17 12:31:49`. @param at epoch ms. */
export function istTime(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** @returns epoch ms; null where it is no time, or the constant 1970-01-01 05:30:00 that Passthru sends as `EndTime`. */
export function readIstTime(text: string | null): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? "");
  if (!match) return null;
  const at = Date.parse(`${text?.replace(" ", "T")}Z`) - OFFSET_MS;
  return Number.isNaN(at) || at === 0 ? null : at;
}
