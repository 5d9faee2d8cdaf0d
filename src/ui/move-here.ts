import { PhoneError } from "../core/errors.ts";
import type { Phone } from "../core/view.ts";

/** Brings the phone into this tab. Rejects with `call-in-progress` where it is in use there, or `leader-silent`. */
export async function moveHere(phone: Phone, force = false): Promise<void> {
  if (!(await phone.takeOver(force))) throw new PhoneError("call-in-progress");
}
