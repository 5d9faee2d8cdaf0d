/**
 * Text as PostgreSQL takes it: NUL is none there, and half of a surrogate pair (a note that was cut in the middle of an
 * emoji) is no JSON. Refusing it would lose the note, or the report that Exotel sends again and again.
 */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").replaceAll(/\p{Surrogate}/gu, "\ufffd");
}

/** Nobody's request is deeper; a deeper one would be the end of our stack. */
const DEEPEST = 20;

/** The same for every text in a JSON value; what lies too deep is null. */
export function cleanValue(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((one) => cleanValue(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanValue(inner, depth + 1)]));
}
