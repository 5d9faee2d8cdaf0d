import { looksLikeNumber } from "./call/number.ts";
import type { LegInvitation, NumberReader } from "./ports.ts";

/** Numbers as E.164 where they can be understood, wherever the exchange put them. */
export function tidyInvitation(invitation: LegInvitation, numbers: NumberReader): LegInvitation {
  const e164 = (text: string) => numbers.toE164(text) ?? text;
  const name = invitation.name?.trim() ?? "";
  const shown = looksLikeNumber(name) ? e164(name) : name;
  return { ...invitation, number: e164(invitation.number), name: shown === "" ? null : shown };
}
