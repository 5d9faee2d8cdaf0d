/**
 * Whether two spellings mean the same telephone: the last ten digits decide, because one network writes `+91`, the next
 * `0` and a third nothing in front of them. Shorter numbers must be equal as a whole.
 */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [lastDigits(a), lastDigits(b)];
  return x !== "" && x === y;
}

/** Whether a text is a number written down, not a name: Exotel sends the customer's number as the display name. */
export function looksLikeNumber(text: string): boolean {
  return /^\+?[\d\s().-]{3,24}$/.test(text) && /\d{3}/.test(text.replace(/\D/g, ""));
}

function lastDigits(text: string): string {
  return text.replace(/\D/g, "").slice(-10);
}
