import type { Phone } from "../core/view.ts";

/** Spaces inside a number would let it wrap. */
const NO_BREAK = "\u00a0";

/** Country calling codes of one, two and three digits (ITU-T E.164). */
const COUNTRY_CODE = /^(\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))?(\d*)$/;

/** The last four digits: enough to tell two callers apart, not enough to call them. */
export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, "");
  return digits.length <= 4 ? "••••" : `••••••${NO_BREAK}${digits.slice(-4)}`;
}

/** A number for reading: formatted, or masked where the deployment says so. */
export function shownNumber(phone: Pick<Phone, "config" | "formatNumber">, number: string): string {
  if (number === "") return "Unknown number";
  if (phone.config.numbers.masked) return maskNumber(number);
  return groupDigits(phone.formatNumber(number)).replaceAll(" ", NO_BREAK);
}

/** Groups an undecorated number while it is typed. Whatever else somebody pastes is left as it is. */
export function groupDigits(text: string): string {
  if (!/^\+?\d{6,}$/.test(text)) return text;
  const indian = /^(\+91|0)?([6-9]\d{0,4})(\d{0,5})$/.exec(text);
  if (indian) return indian.slice(1).filter(Boolean).join(" ");
  const [, code = "", rest = ""] = COUNTRY_CODE.exec(text) ?? [];
  return [code, ...(rest.match(/\d{3}(?=\d{3})|\d+/g) ?? [])].filter(Boolean).join(" ");
}
