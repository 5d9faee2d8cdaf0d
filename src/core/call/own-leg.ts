import { sameNumber } from "./number.ts";
import type { CallLeg, OwnDial } from "./state.ts";

/**
 * Whether a leg that rings here is the one that the exchange rings because this agent dialled. Exotel's call id decides
 * where both sides have it, else the number. `unknown`: the dial reply, which may name the call, is still awaited.
 */
export function whoseLeg(dial: OwnDial, leg: CallLeg): "own" | "foreign" | "unknown" {
  if (dial.reply === "direct") return "foreign";
  const sid = dial.reply === "awaited" ? null : dial.reply.exotelCallSid;
  if (sid !== null && leg.exotelCallSid !== null) return sid === leg.exotelCallSid ? "own" : "foreign";
  if (sameNumber(dial.number, leg.number) || (leg.name !== null && sameNumber(dial.number, leg.name))) return "own";
  return dial.reply === "awaited" ? "unknown" : "foreign";
}
