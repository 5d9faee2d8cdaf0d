import { Hono } from "hono";
import { signInRequestSchema, type SessionReply } from "../../src/protocol/gateway-agents.ts";
import { clientAddress } from "../http/client-address.ts";
import type { Env } from "../http/environment.ts";
import { readBody } from "../http/read-body.ts";
import { clearSessionCookie, refuseForeignSignIn, sessionToken, setSessionCookie } from "../http/require-agent.ts";
import type { Audit } from "../storage/audit.ts";
import { profileOf, type ProfileParts } from "./profile.ts";
import type { Sessions } from "./sessions.ts";
import { signIn, type SignInParts } from "./sign-in.ts";

export interface SessionRoutesParts extends SignInParts, ProfileParts {
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly publicUrl: string;
  readonly now: () => number;
}

/** `POST /api/sessions` signs in, `DELETE /api/sessions/current` signs out. */
export function sessionRoutes(parts: SessionRoutesParts): Hono<Env> {
  return new Hono<Env>()
    .post("/", async (context) => {
      refuseForeignSignIn(context, parts.publicUrl);
      const request = await readBody(context, signInRequestSchema);
      const { agent, way } = await signIn(parts, request, clientAddress(context));
      const { token, expiresAt } = await parts.sessions.begin(agent.id, way);
      await parts.audit.add("sign-in", agent.id, way);
      if (!request.bearer) setSessionCookie(context, token, expiresAt, parts.now());
      const reply: SessionReply = { agent: await profileOf(parts, agent), expiresAt, ...(request.bearer ? { token } : {}) };
      return context.json(reply, 201);
    })
    .delete("/current", async (context) => {
      refuseForeignSignIn(context, parts.publicUrl);
      const given = sessionToken(context);
      if (given) await parts.sessions.end(given.token);
      clearSessionCookie(context);
      return context.body(null, 204);
    });
}
