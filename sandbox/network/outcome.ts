import type { CallStatus, Customer } from "./network.ts";

/** Whether the customer takes the call before the network gives up. */
export function answers({ behaviour, ringMs }: Customer, timeOutMs: number): boolean {
  return !["busy", "no-answer", "gives-up"].includes(behaviour) && ringMs <= timeOutMs;
}

/** Exotel's word for an agent's final SIP status. */
export function statusOfRefusal(status: number): CallStatus {
  if ([486, 600, 603].includes(status)) return "busy";
  return [408, 480, 487].includes(status) ? "no-answer" : "failed";
}

/** A quoted string (RFC 3261 section 25.1); line ends in it would forge headers. */
export function displayNameOf({ name, number, showName = false }: Customer): string {
  const shown = showName && name !== "" ? name : number;
  // eslint-disable-next-line no-control-regex
  return shown.replace(/[\u0000-\u001f\u007f]/g, " ").replace(/["\\]/g, "\\$&");
}
