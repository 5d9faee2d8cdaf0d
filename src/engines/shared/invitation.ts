import type { LegInvitation } from "../../core/engine-port.ts";

/** A header of the INVITE by its name, in any case. */
export type ReadHeader = (name: string) => string | null | undefined;

/** The facts of an INVITE. Exotel puts the customer's number into the display name; other exchanges into the URI. */
export function readInvitation(leg: string, header: ReadHeader): LegInvitation {
  const { user, name } = readAddress(header("From") ?? "");
  const asNumber = name !== null && looksLikeNumber(name);
  return {
    leg,
    number: asNumber ? name.replace(/[^\d+*#]/g, "") : user,
    name: asNumber || name === "" ? null : name,
    localNumber: calledNumber(header),
    sipCallId: header("Call-ID") ?? null,
    exotelCallSid: header("X-Exotel-Callsid") ?? null,
    exotelLegSid: header("LegSid") ?? null,
  };
}

function calledNumber(header: ReadHeader): string | null {
  // RFC 7315 section 4.2 and RFC 5806: who was really called, where a proxy changed the request's address.
  const told = header("P-Called-Party-ID") ?? header("Diversion");
  if (!told) return null;
  const { user } = readAddress(told);
  const number = user === "" ? told.trim() : user;
  return looksLikeNumber(number) ? number : null;
}

/** `"Name" <sip:user@host>;tag=x`, `Name <sip:user@host>` or `sip:user@host;tag=x` (RFC 3261 section 20.10). */
function readAddress(text: string): { readonly user: string; readonly name: string | null } {
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"/.exec(text);
  const plain = /^\s*([^"<]*?)\s*</.exec(text);
  const name = quoted ? (quoted[1] ?? "").replace(/\\(.)/g, "$1") : (plain?.[1] ?? "");
  const user = /(?:sips?|tel):([^@;>]+)/i.exec(text.slice(quoted?.[0].length ?? 0))?.[1] ?? "";
  return { user: decode(user), name: name.trim() === "" ? null : name.trim() };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function looksLikeNumber(text: string): boolean {
  return /^\+?[\d\s().-]{4,24}$/.test(text) && text.replace(/\D/g, "").length >= 4;
}
