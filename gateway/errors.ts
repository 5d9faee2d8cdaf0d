import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { GatewayErrorCode, GatewayErrorReply } from "../src/protocol/gateway-errors.ts";

const STATUS: Readonly<Record<GatewayErrorCode, ContentfulStatusCode>> = {
  "invalid-request": 400,
  "not-signed-in": 401,
  "wrong-credentials": 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "lease-lost": 409,
  "outside-call-hours": 409,
  "not-supported": 501,
  "too-large": 413,
  "too-many-requests": 429,
  "exotel-refused": 502,
  "exotel-unavailable": 503,
  "not-ready": 503,
  internal: 500,
};

/** The one error that handlers throw. Its message goes to the client: no secret, no customer's number. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  /** Seconds after which to try again, where that is known (RFC 9110 section 10.2.3). */
  readonly retryAfter: number | null;

  constructor(code: GatewayErrorCode, message: string, options: { readonly retryAfter?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "GatewayError";
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
  }

  get status(): ContentfulStatusCode {
    return STATUS[this.code];
  }

  get reply(): GatewayErrorReply {
    return { error: { code: this.code, message: this.message } };
  }
}
