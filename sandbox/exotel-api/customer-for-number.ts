import type { Customer, CustomerBehaviour } from "../network/network.ts";

/**
 * How the customer behind a number behaves: its last two digits decide, so that a test or a demo chooses by dialling.
 * Any other ending speaks.
 */
export const BEHAVIOUR_BY_LAST_DIGITS: Readonly<Record<string, CustomerBehaviour>> = {
  "01": "speaks",
  "02": "echoes",
  "03": "silent",
  "04": "busy",
  "05": "no-answer",
  "06": "hangs-up",
  "07": "holds",
  "08": "presses-digits",
};

/** @param number as it was dialled, in any writing. */
export function customerForNumber(number: string, name: string = ""): Customer {
  const digits = number.replaceAll(/\D/g, "");
  return {
    number,
    name,
    behaviour: BEHAVIOUR_BY_LAST_DIGITS[digits.slice(-2)] ?? "speaks",
    ringMs: 1_500,
    talkMs: 8_000,
    digits: "42#",
  };
}
