import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { Sessions } from "../agents/sessions.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "./environment.ts";
import type { RequestLimit } from "./request-limit.ts";

const COOKIE = "gateway-session";
/** `Partitioned`: the widget sits in a CRM's page, where a cookie without it is a third party's (CHIPS). */
const ATTRIBUTES = { path: "/", secure: true, httpOnly: true, sameSite: "None", partitioned: true, prefix: "host" } as const;

export function setSessionCookie(context: Context, token: string, expiresAt: number, now: number): void {
  setCookie(context, COOKIE, token, { ...ATTRIBUTES, maxAge: Math.floor((expiresAt - now) / 1_000) });
}

export function clearSessionCookie(context: Context): void {
  deleteCookie(context, COOKIE, ATTRIBUTES);
}

/** The session's token, from the header or the cookie; the header wins. */
export function sessionToken(context: Context): { readonly token: string; readonly from: "header" | "cookie" } | null {
  const bearer = /^Bearer ([\w-]{20,200})$/i.exec(context.req.header("authorization") ?? "")?.[1];
  if (bearer !== undefined) return { token: bearer, from: "header" };
  const cookie = getCookie(context, COOKIE, "host");
  return cookie ? { token: cookie, from: "cookie" } : null;
}

export interface RequireAgentParts {
  readonly sessions: Sessions;
  /** Requests of one agent, all his tabs together. */
  readonly requests: RequestLimit;
}

/** Whoever is signed in is `context.var.agent`. @param publicUrl origin that our own pages have. */
export function requireAgent({ sessions, requests }: RequireAgentParts, publicUrl: string) {
  return createMiddleware<Env>(async (context, next) => {
    const given = sessionToken(context);
    if (given?.from === "cookie") refuseForeignPages(context, publicUrl);
    const session = given ? await sessions.find(given.token) : null;
    if (!session) throw new GatewayError("not-signed-in", "sign in first");
    requests.take(session.agent.id);
    context.set("agent", session.agent);
    context.set("signedInUntil", session.expiresAt);
    context.set("sessionId", session.id);
    await next();
  });
}

/** Signing in needs no cookie yet: a server names no page, and a page must be our own (no site signs its visitor in as somebody else). */
export function refuseForeignSignIn(context: Context, publicUrl: string): void {
  if (context.req.header("origin") !== undefined) refuseForeignPages(context, publicUrl);
}

/** A cookie travels with requests that another site makes too; browsers tell whose page it was (RFC 6454). */
function refuseForeignPages(context: Context, publicUrl: string): void {
  if (context.req.method === "GET" || context.req.method === "HEAD") return;
  if (context.req.header("origin") !== publicUrl) throw new GatewayError("forbidden", "this page may not ask that");
}
