import { SignJWT } from "jose";
import { CANARIES } from "./test-configuration.ts";
import type { TestGateway } from "./test-gateway.ts";

/** The administrator's upload that most tests begin with. */
export const AGENTS_CSV = `CRM User ID,CRM User,Exotel User,Caller Id,Device Type,SIP User Name,Mobile Number,Click2Call,Sign-in Name
lsq-asha,Asha Rao,asha@example.com,,SIP,sip:asha,08047000101,yes,asha
lsq-ravi,Ravi Menon,ravi@example.com,08047112244,SIP,ravi,08047000102,yes,ravi
`;

export const admin = { authorization: `Bearer ${CANARIES.GATEWAY_ADMIN_TOKEN}` } as const;

export async function importAgents(gateway: TestGateway, csv: string = AGENTS_CSV): Promise<Response> {
  return gateway.app.request("/api/admin/agents/csv", { method: "PUT", headers: admin, body: csv });
}

let tokens = 0;

/** What the CRM's server signs; `changes` replaces claims. */
export function crmToken(gateway: TestGateway, user: string, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const now = Math.floor(gateway.clock.now / 1_000);
  tokens += 1;
  const claims = { iss: "crm.example.com", aud: "phone.example.com", sub: user, iat: now, exp: now + 60, jti: `jti-${tokens}`, ...changes };
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(CANARIES.SIGN_IN_SECRET));
}

/** Signs in with a CRM token and returns the header that later requests carry. */
export async function signedIn(gateway: TestGateway, user: string): Promise<{ readonly authorization: string }> {
  const response = await post(gateway, "/api/sessions", { token: await crmToken(gateway, user), bearer: true });
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null || !("token" in body)) throw new Error(`${user} is not signed in: ${response.status}`);
  return { authorization: `Bearer ${String(body.token)}` };
}

export async function post(
  gateway: TestGateway,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  method = "POST",
): Promise<Response> {
  return gateway.app.request(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
