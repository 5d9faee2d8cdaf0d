import * as v from "valibot";

/**
 * Widget and gateway: which of an agent's phones is registered. One at a time, across CRMs, browsers and machines.
 * Everything below `/api`, for the agent who is signed in.
 *
 * 1. `POST /lease` asks. `granted`: register, and renew every `renewAfterMs`. `elsewhere`: another page has it; say where, and
 *    offer "answer here", which asks again with `move: true`.
 * 2. `POST /lease/renew`. Refused with `lease-lost`: somebody else has it; unregister at once and ask again only when the agent
 *    wants it. Not answered until `expiresAt`: unregister too, because another page may have it by then.
 * 3. `POST /lease/release` when the page goes away; a beacon will do.
 * 4. The event `lease-changed` says the same sooner than the next renewal.
 *
 * The token is a fencing token: it grows with every change of hands, and never repeats for an agent. A page that slept through
 * a change has an old one, whatever its own clock says, and is refused.
 */

/** How long a lease lasts without being renewed, in ms. */
export const LEASE_MS = 30_000;
export const LEASE_RENEW_MS = 10_000;

/** Header of other requests, optional: `POST /calls` and `GET /agents/me/sip-account` refuse an old token with `lease-lost`. */
export const LEASE_HEADER = "lease-token";

/** The page's own name for itself, the same after a reload: it then gets its lease back with the token it had. */
const holder = v.pipe(v.string(), v.regex(/^[\w-]{8,100}$/, "8 to 100 letters, digits, - and _"));
const token = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** `POST /api/lease`. */
export const leaseRequestSchema = v.strictObject({
  holder,
  /** What the agent is shown on his other pages: "LeadSquared, Chrome on Windows". */
  label: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
  /** The agent wants the phone here. Not granted while the other page has a call. */
  move: v.optional(v.boolean(), false),
});
export type LeaseRequest = v.InferInput<typeof leaseRequestSchema>;

/** `POST /api/lease/renew`. `isOnCall`: an answered call is up; one that rings can still be answered elsewhere. */
export const leaseRenewalSchema = v.strictObject({ holder, token, isOnCall: v.optional(v.boolean(), false) });
export type LeaseRenewal = v.InferInput<typeof leaseRenewalSchema>;

/** `POST /api/lease/release`; 204. What is not held any more is released already. */
export const leaseReleaseSchema = v.strictObject({ holder, token });
export type LeaseRelease = v.InferInput<typeof leaseReleaseSchema>;

export interface GrantedLease {
  readonly state: "granted";
  readonly token: number;
  /** Epoch ms by the gateway's clock; count `expiresInMs` from when the request was sent. */
  readonly expiresAt: number;
  readonly expiresInMs: number;
  readonly renewAfterMs: number;
}

export interface ForeignLease {
  readonly state: "elsewhere";
  readonly label: string;
  /** It cannot be moved now. */
  readonly isOnCall: boolean;
  /** When to ask again, unless an event comes first. */
  readonly expiresAt: number;
  readonly expiresInMs: number;
}

/** Answer of `POST /api/lease`. */
export type LeaseReply = GrantedLease | ForeignLease;

/** `GET /api/lease`: who has it, without asking for it. */
export type LeaseView = { readonly state: "free" } | (Omit<ForeignLease, "state"> & { readonly state: "held"; readonly holder: string });
