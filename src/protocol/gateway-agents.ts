import * as v from "valibot";

/** Widget and gateway: who telephones, and with what account. Everything below `/api`. */

const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));

/**
 * `POST /api/sessions`: one of three ways in. The answer (201) is a `SessionReply`, and the session a cookie; with
 * `bearer: true` a token in its place, for callers that have no cookies.
 */
export const signInRequestSchema = v.intersect([
  v.object({ bearer: v.optional(v.boolean(), false) }),
  v.union([
    /** JWT of the CRM's own server. */
    v.object({ token: text(8_000) }),
    /** From an invitation link; works once. */
    v.object({ invitation: text(200) }),
    v.object({ user: text(200), password: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)) }),
  ]),
]);
export type SignInRequest = v.InferOutput<typeof signInRequestSchema>;

/** Who the agent says to be, in one of the three ways. A secret: never in a log or an address that is sent anywhere. */
export type SignInProof =
  | { readonly token: string }
  | { readonly invitation: string }
  | { readonly user: string; readonly password: string };

export const DEVICES = ["sip", "phone"] as const;
/** What rings: the softphone, or the agent's telephone. */
export type Device = (typeof DEVICES)[number];

/** The agent as his own widget may see him. `GET /api/agents/me`. */
export interface AgentProfile {
  readonly id: string;
  readonly name: string;
  readonly crmUser: string;
  readonly device: Device;
  /** Devices that this agent can switch to: those the gateway knows an address for. */
  readonly devices: readonly Device[];
  readonly callerId: string | null;
  readonly clickToCall: boolean;
  readonly role: "agent" | "supervisor";
  readonly availability: Availability;
}

export interface SessionReply {
  readonly agent: AgentProfile;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Only where `bearer: true` was asked for. */
  readonly token?: string;
}

/** `GET /api/agents/me/sip-account` answers with the payload of the host protocol's `signIn`. */
export { signInPayload as sipAccountSchema, type SignIn as SipAccount } from "./host.ts";

/** `PUT /api/agents/me/device`. */
export const deviceRequestSchema = v.strictObject({ device: v.picklist(DEVICES) });

export const AVAILABILITY_STATES = ["ready", "break", "wrap-up", "offline"] as const;

/** `PUT /api/agents/me/availability`. */
export const availabilityRequestSchema = v.strictObject({
  state: v.picklist(AVAILABILITY_STATES),
  reason: v.optional(v.nullable(text(100)), null),
});

export interface Availability {
  readonly state: (typeof AVAILABILITY_STATES)[number];
  readonly reason: string | null;
  /** Epoch ms. */
  readonly since: number;
}
