const PARAMETER = "dial";
const LONGEST = 64;

/**
 * The number of `?dial=`, as written: `+918000000001`, or the whole `tel:` link (RFC 3966) that
 * `navigator.registerProtocolHandler("tel", "…/?dial=%s")` hands over.
 *
 * @returns `number`: `null` where there is none that could be dialled. `rest`: the address without the parameter; `null`
 * where it had none.
 */
export function readDialLink(href: string): { readonly number: string | null; readonly rest: string | null } {
  const url = new URL(href);
  const written = url.searchParams.get(PARAMETER);
  if (written === null) return { number: null, rest: null };
  url.searchParams.delete(PARAMETER);
  return { number: readNumber(written), rest: url.href };
}

function readNumber(written: string): string | null {
  // A `+` that was not escaped arrives as a space.
  const plus = written.startsWith(" ") ? `+${written.trimStart()}` : written;
  const [number = ""] = unescapeAgain(plus.replace(/^\s*tel:/i, "")).split(";", 1);
  const tidy = number.trim();
  return tidy.length <= LONGEST && /^[+\d*#().\-\s]*\d[\d*#().\-\s]*$/.test(tidy) ? tidy : null;
}

/** Some programs escape the `tel:` link once more. */
function unescapeAgain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
