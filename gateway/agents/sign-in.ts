import type { SignInRequest } from "../../src/protocol/gateway-agents.ts";
import { GatewayError } from "../errors.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Agent } from "./agent.ts";
import type { AgentStore } from "./agent-store.ts";
import type { TakeCrmToken } from "./crm-token.ts";
import type { Invitations } from "./invitations.ts";
import { isPassword } from "./password.ts";
import type { SignInLimits } from "./sign-in-limits.ts";

export type SignInWay = "token" | "invitation" | "password";

export interface SignInParts {
  readonly agents: AgentStore;
  readonly invitations: Invitations;
  /** Null: this deployment takes no tokens. */
  readonly takeCrmToken: TakeCrmToken | null;
  readonly signInLimits: SignInLimits;
  readonly metrics: Metrics;
}

/**
 * Finds out who signs in.
 *
 * @param address of the client, for the limits.
 * @throws GatewayError `wrong-credentials`, the same for an unknown name and a wrong password; `too-many-requests`.
 */
export async function signIn(
  parts: SignInParts,
  request: SignInRequest,
  address: string,
): Promise<{ readonly agent: Agent; readonly way: SignInWay }> {
  const way: SignInWay = "token" in request ? "token" : "invitation" in request ? "invitation" : "password";
  const attempt = await parts.signInLimits.begin(way, address, "user" in request ? request.user : null);
  try {
    const agent = await whoIs(parts, request);
    if (!agent?.active) throw new GatewayError("wrong-credentials", REASON[way]);
    await attempt.right();
    parts.metrics.count("gateway_sign_ins_total", { way, result: "ok" });
    return { agent, way };
  } catch (error) {
    parts.metrics.count("gateway_sign_ins_total", { way, result: "refused" });
    await attempt.wrong();
    throw error;
  }
}

const REASON: Readonly<Record<SignInWay, string>> = {
  token: "no active agent is mapped to the token's user",
  invitation: "the invitation is unknown, used or over",
  password: "the name or the password is wrong",
};

async function whoIs(parts: SignInParts, request: SignInRequest): Promise<Agent | null> {
  if ("token" in request) {
    if (!parts.takeCrmToken) throw new GatewayError("wrong-credentials", "this gateway takes no tokens");
    return parts.agents.byCrmUser(await parts.takeCrmToken(request.token));
  }
  if ("invitation" in request) {
    const id = await parts.invitations.take(request.invitation);
    return id === null ? null : parts.agents.byId(id);
  }
  const found = await parts.agents.bySignInName(request.user);
  return (await isPassword(request.password, found?.passwordHash ?? null)) ? (found?.agent ?? null) : null;
}
