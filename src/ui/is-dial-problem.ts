import type { PhoneErrorCode } from "../core/errors.ts";

const DIAL_PROBLEMS: readonly PhoneErrorCode[] = ["number-invalid", "dial-failed", "dial-not-configured", "not-ready", "call-in-progress"];

/** What the dial pad says under the number; everything else is a strip. */
export const isDialProblem = (code: PhoneErrorCode | null): code is PhoneErrorCode => code !== null && DIAL_PROBLEMS.includes(code);
