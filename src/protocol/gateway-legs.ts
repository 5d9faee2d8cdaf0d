import * as v from "valibot";

/**
 * Widget and gateway: what the exchange does to a call's legs, where the account has it. Everything below `/api`.
 *
 * `GET /capabilities` says what this deployment has; what it has not is refused with `not-supported`.
 */
export interface GatewayCapabilities {
  /** Hold, mute, recording, dialling a third party: ExoML. */
  readonly legActions: boolean;
  /** Hanging up a leg; and listen, whisper, barge, for supervisors. */
  readonly monitoring: boolean;
}

export const LEG_ACTIONS = ["hold", "unhold", "mute", "unmute", "start-recording", "stop-recording", "hang-up"] as const;
export type LegAction = (typeof LEG_ACTIONS)[number];

const number = v.pipe(v.string(), v.trim(), v.regex(/^(\+?[\d\s().-]{3,30}|sip:[\w.+-]{1,100})$/, "a telephone number or sip:user"));

/**
 * `POST /calls/{callId}/legs`: the agent's own call, or any call for a supervisor. 202: the exchange has accepted it.
 * `dial` rings a third party and bridges it to the agent's leg: the middle of a warm transfer, between `hold` of the customer
 * and `unhold` or `hang-up`.
 */
export const legRequestSchema = v.variant("action", [
  v.strictObject({ action: v.picklist(LEG_ACTIONS), leg: v.picklist(["agent", "customer"]) }),
  v.strictObject({ action: v.literal("dial"), number }),
]);
export type LegRequest = v.InferInput<typeof legRequestSchema>;

export const MONITOR_MODES = ["listen", "whisper", "barge"] as const;
export type MonitorMode = (typeof MONITOR_MODES)[number];

/** `POST /calls/{callId}/monitor`, for supervisors: the exchange rings the supervisor's telephone. 201 with a `MonitorReply`. */
export const monitorRequestSchema = v.strictObject({ mode: v.picklist(MONITOR_MODES) });

/** `PUT /calls/{callId}/monitor/{legSid}`: from listen to whisper to barge, never back. `DELETE`: the supervisor leaves. */
export interface MonitorReply {
  readonly legSid: string;
  readonly mode: MonitorMode;
}
