/** One letter with its marks; in Indian scripts with what a virama joins to it. */
const LETTER = /\p{L}(?:\p{M}|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d])\p{L})*/u;

/**
 * The letters that stand for a name: `Ravi Kumar` is `RK`. One letter where the script has no capitals, because two of
 * them would join to something that nobody wrote. Null where there is no letter, such as in a number.
 */
export function initialsOf(name: string): string | null {
  const letters = name.split(/\s+/).flatMap((word) => LETTER.exec(word)?.[0] ?? []);
  const first = letters[0]?.toUpperCase();
  const last = letters.at(-1)?.toUpperCase();
  if (first === undefined || last === undefined) return null;
  return letters.length === 1 || first === first.toLowerCase() ? first : first + last;
}
