import * as v from "valibot";

/**
 * What the phone says to the deployment's gateway, version 1 (`docs/gateway-protocol.md`): who looks after a call, so that
 * one that every tab has left is ended and no customer is kept in silence.
 *
 * Each page that takes a call up has a higher epoch than the one before; the two messages may arrive in any order and more
 * than once, and the epochs decide. Bodies are JSON sent as `text/plain`: a beacon from a page that goes away has no time
 * for a preflight request. Unknown fields are ignored, so that some can be added.
 */
const callId = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** Counts the owners of one call, from 0. */
const epoch = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** One schema a request: the last part of its address. */
export const gatewayPayloads = {
  /** `POST {gateway}/calls/{callId}/orphaned`: the page that had this epoch goes away, and knows of no other. */
  orphaned: v.object({
    callId,
    /** Exotel's id of the whole call, by which it can be ended; `null` where it was never told. */
    exotelCallSid: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
    /** Exotel's id of the agent's own leg, for accounts that can end a leg; `null` where it was never told. */
    exotelLegSid: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), null),
    epoch,
    /** Epoch ms by the phone's clock: for logs, never for a decision. */
    at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
  /** `POST {gateway}/calls/{callId}/owned`: a page with this epoch has the call. */
  owned: v.object({ callId, epoch }),
} as const;
export type GatewayRequest = keyof typeof gatewayPayloads;
export type GatewayPayload<T extends GatewayRequest> = v.InferOutput<(typeof gatewayPayloads)[T]>;

/** Milliseconds between the news that a call is orphaned and its end. A reload takes less. */
export const ORPHAN_GRACE_MS = 5_000;

/** Where a call stands: `{ state }` is the answer to both requests. */
export const ORPHAN_STATES = [
  /** Its newest owner has left; it is ended when the grace is over. */
  "waiting",
  "owned",
  "ended",
] as const;
export type OrphanState = (typeof ORPHAN_STATES)[number];

/** Why a request was refused: `{ error, field }`. */
export const GATEWAY_ERRORS = ["malformed", "unknown-call", "too-large"] as const;
export type GatewayError = (typeof GATEWAY_ERRORS)[number];

/** Bytes of the largest body. */
export const GATEWAY_BODY_BYTES = 4_096;

/** The payload, or the path of the first field that does not fit; a body that is no JSON has none. */
export type ReadGatewayRequest<T extends GatewayRequest> =
  | { readonly ok: true; readonly payload: GatewayPayload<T> }
  | { readonly ok: false; readonly field: string | null };

/** @param idInPath the `{callId}` of the address: it must be the body's. */
export function readGatewayRequest<T extends GatewayRequest>(request: T, idInPath: string, body: string): ReadGatewayRequest<T> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { ok: false, field: null };
  }
  const result = v.safeParse(gatewayPayloads[request] as v.GenericSchema<unknown, GatewayPayload<T>>, value);
  if (!result.success) return { ok: false, field: v.getDotPath(result.issues[0]) };
  return result.output.callId === idInPath ? { ok: true, payload: result.output } : { ok: false, field: "callId" };
}
