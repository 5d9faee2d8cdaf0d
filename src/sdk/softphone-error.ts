import type { SoftphoneErrorCode } from "./softphone.d.ts";

/** What a command rejects with; `code` is for programs, there is no sentence in it for people. */
export class SoftphoneError extends Error {
  readonly code: SoftphoneErrorCode;
  constructor(code: SoftphoneErrorCode) {
    super(code);
    this.name = "SoftphoneError";
    this.code = code;
  }
}
