/**
 * Everything that can go wrong for an agent, as a closed list. The sentence for each code lives in `ui/strings.ts`;
 * a host page receives the code.
 */
export const PHONE_ERROR_CODES = [
  "microphone-missing",
  "microphone-refused",
  "microphone-not-delegated",
  "microphone-busy",
  "sound-blocked",
  "browser-unsupported",
  "credentials-refused",
  "sign-in-refused",
  "sign-in-used",
  "sign-in-too-often",
  "session-over",
  "gateway-silent",
  "no-account",
  "server-unreachable",
  "server-not-allowed",
  "account-incomplete",
  "not-signed-in",
  "not-ready",
  "no-call",
  "call-in-progress",
  "number-invalid",
  "digit-invalid",
  "dial-failed",
  "dial-not-configured",
  "not-possible-now",
  "not-supported",
  "hold-refused",
  "transfer-failed",
  "host-silent",
  "storage-full",
  "phone-is-elsewhere",
  "leader-silent",
  "internal",
] as const;
export type PhoneErrorCode = (typeof PHONE_ERROR_CODES)[number];

/** The one error class. `cause` keeps the original for the diagnostics log; it is never shown or sent. */
export class PhoneError extends Error {
  readonly code: PhoneErrorCode;
  constructor(code: PhoneErrorCode, cause?: unknown) {
    super(code, { cause });
    this.name = "PhoneError";
    this.code = code;
  }
}
