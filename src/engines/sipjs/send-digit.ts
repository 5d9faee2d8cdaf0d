import { PhoneError } from "../../core/errors.ts";
import { digitRequest } from "../shared/digit-request.ts";
import type { LegParts } from "./leg-parts.ts";

/** One digit: in the audio (RFC 4733) where the deployment says so and the far end agreed, else by SIP INFO. */
export async function sendDigit({ dtmf, media, session }: Pick<LegParts, "dtmf" | "media" | "session">, digit: string): Promise<void> {
  if (dtmf === "rtp" && media.sendDtmf(digit)) return;
  try {
    await session.info(digitRequest(digit));
  } catch (error) {
    throw new PhoneError("not-possible-now", error);
  }
}
