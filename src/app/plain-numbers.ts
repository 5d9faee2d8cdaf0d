import type { NumberReader } from "../core/ports.ts";

/** Country calling codes (ITU-T E.164) of the countries that Exotel serves. */
const CALLING_CODES: Readonly<Record<string, string>> = {
  AE: "971",
  AU: "61",
  BD: "880",
  GB: "44",
  ID: "62",
  IN: "91",
  KE: "254",
  LK: "94",
  MY: "60",
  PH: "63",
  SA: "966",
  SG: "65",
  US: "1",
  ZA: "27",
};

/** Reads numbers without the rules of each country: good enough to dial with while those are still on their way. */
export function createPlainReader(country: string): NumberReader {
  const callingCode = CALLING_CODES[country];
  return {
    toE164(text) {
      if (/[^\d\s()+./-]/.test(text)) return null;
      const isInternational = /^\s*(\+|00)/.test(text);
      const digits = text.replace(/\D/g, "").replace(isInternational ? /^00/ : /^0/, "");
      // No country calling code begins with a zero.
      if (digits.length < 7 || digits.length > 15 || (isInternational && digits.startsWith("0"))) return null;
      if (isInternational || !callingCode) return `+${digits}`;
      // Ten digits is a national number nearly everywhere; more, beginning with the calling code, has it already.
      return digits.startsWith(callingCode) && digits.length > 10 ? `+${digits}` : `+${callingCode}${digits}`;
    },
    format: (number) => number,
  };
}
