/** Every way in which the gateway refuses a request. Codes are never renamed, only added. */
export const GATEWAY_ERROR_CODES = [
  "invalid-request",
  "not-signed-in",
  "wrong-credentials",
  "forbidden",
  "not-found",
  "conflict",
  "lease-lost",
  "outside-call-hours",
  "not-supported",
  "too-large",
  "too-many-requests",
  "exotel-refused",
  "exotel-unavailable",
  "not-ready",
  "internal",
] as const;
export type GatewayErrorCode = (typeof GATEWAY_ERROR_CODES)[number];

/** Body of every answer with a status of 400 or more. `message` is for engineers: no secret and no customer's number in it. */
export interface GatewayErrorReply {
  readonly error: { readonly code: GatewayErrorCode; readonly message: string };
}
