import type { CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Log, NumberReader } from "../core/ports.ts";
import { createPlainReader } from "./plain-numbers.ts";

export interface LateNumberReader extends NumberReader {
  /** Fetches the rules of every country (35 kB). Until then, and without them, the plain reader answers. */
  load(): Promise<void>;
}

export type Parse = typeof parsePhoneNumberFromString;

/** Emergency and service numbers, dialled as they are. */
const SHORT_CODE = /^[*#]?\d{2,6}#?$/;

/** @param country  ISO 3166-1 alpha-2: how a number without a country code is read. */
export function createNumberReader(country: string, fetchRules: () => Promise<Parse>, log: Log): LateNumberReader {
  const plain = createPlainReader(country);
  let parse: Parse | null = null;
  const read = (text: string) => parse?.(tidy(text), { defaultCountry: country as CountryCode }) ?? null;
  const format = remembered((number) => {
    const known = read(number);
    return known?.isPossible() ? known.formatInternational() : number;
  });
  return {
    toE164(text) {
      const tidied = tidy(text);
      const short = tidied.replace(/[\s().-]/g, "");
      if (SHORT_CODE.test(short)) return short;
      if (!parse) return plain.toE164(tidied);
      const number = read(text);
      return number?.isPossible() ? number.number : null;
    },
    format: (number) => (parse ? format(number) : plain.format(number)),
    async load() {
      try {
        parse = await fetchRules();
      } catch (error) {
        log.write("warn", "number rules did not load, numbers are read plainly", { error });
      }
    },
  };
}

/** Each line that shows a number asks for it again, and the rules of a country are long. */
const REMEMBERED = 200;

function remembered(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const made = known.get(text) ?? make(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, made);
    return made;
  };
}

/** `tel:+91-98450-00012;ext=4`, full-width digits and those of India's scripts, as CRMs and people write them. */
function tidy(text: string): string {
  return (
    text
      .normalize("NFKC")
      // Marks of writing direction and the like come along unseen when a number is pasted.
      .replace(/\p{Cf}/gu, "")
      .replace(/\p{Pd}/gu, "-")
      // From Devanagari to Malayalam each script's zero has a code point that ends in 6.
      .replace(/[\u0966-\u0d6f]/g, (sign) => (/\p{Nd}/u.test(sign) ? String((sign.charCodeAt(0) & 15) - 6) : sign))
      .trim()
      .replace(/^(tel|sip|callto):(\/\/)?/i, "")
      .replace(/[;@?].*$/s, "")
  );
}
