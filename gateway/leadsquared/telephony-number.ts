import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min";

/**
 * `+91-9611795983`: LeadSquared expects a hyphen behind the country code. What is no complete number (an extension, a
 * hidden number) stays as it is.
 *
 * @param country ISO 3166-1 alpha-2, for numbers without a country code.
 */
export function telephonyNumber(number: string, country: CountryCode): string {
  const parsed = parsePhoneNumberFromString(number, country);
  return parsed?.isPossible() ? `+${parsed.countryCallingCode}-${parsed.nationalNumber}` : number.replaceAll("+", "");
}
