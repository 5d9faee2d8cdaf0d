import { Agent, get, type ClientRequest } from "node:http";
import { once } from "node:events";
import { SignJWT } from "jose";
import { admin } from "../../gateway/fakes/people.ts";
import { CANARIES, TEST_CONFIG } from "../../gateway/fakes/test-configuration.ts";

const AT_ONCE = 50;

/** Uploads so many agents and signs each of them in. @returns a bearer token each. */
export async function signInAgents(address: string, count: number): Promise<readonly string[]> {
  const rows = Array.from({ length: count }, (_, n) => `user-${n},Agent ${n},sip:agent-${n},SIP,yes`);
  const body = ["CRM User ID,CRM User,SIP User Name,Device Type,Click2Call", ...rows].join("\n");
  const uploaded = await fetch(`${address}/api/admin/agents/csv`, { method: "PUT", headers: admin, body });
  const result: unknown = await uploaded.json();
  if (!JSON.stringify(result).includes(`"succeeded":${count}`)) throw new Error(`agents: ${JSON.stringify(result).slice(0, 300)}`);
  const tokens: string[] = [];
  for (let at = 0; at < count; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, n) => signIn(address, `user-${at + n}`));
    tokens.push(...(await Promise.all(some)));
  }
  return tokens;
}

async function signIn(address: string, sub: string): Promise<string> {
  const { issuer, audience } = TEST_CONFIG.signIn.token;
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, aud: audience, sub, iat: now, exp: now + 60, jti: `bench-${sub}` };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(CANARIES.SIGN_IN_SECRET));
  const body = JSON.stringify({ token, bearer: true });
  const headers = { "content-type": "application/json" };
  const answer: unknown = await (await fetch(`${address}/api/sessions`, { method: "POST", headers, body })).json();
  if (typeof answer !== "object" || answer === null || !("token" in answer)) throw new Error(`${sub} is not signed in`);
  return String(answer.token);
}

/** Event streams that are open and heard. */
export interface Streams {
  readonly count: number;
  /** Called with everything that any stream says. */
  onText(heard: (text: string, stream: number) => void): void;
  close(): void;
}

/** Opens a stream for each agent. Resolves when each has said hello. */
export async function openStreams(address: string, tokens: readonly string[]): Promise<Streams> {
  const count = tokens.length;
  const agent = new Agent({ keepAlive: false });
  const open: ClientRequest[] = [];
  let heard: (text: string, stream: number) => void = () => undefined;
  const one = async (index: number): Promise<void> => {
    const headers = { authorization: `Bearer ${tokens[index]}` };
    const request = get(`${address}/api/agents/me/events`, { headers, agent });
    open.push(request);
    const [response] = await once(request, "response");
    if (response.statusCode !== 200) throw new Error(`a stream was answered with ${response.statusCode}`);
    response.on("error", () => undefined);
    request.on("error", () => undefined);
    await once(response, "data");
    response.on("data", (chunk: Buffer) => heard(chunk.toString(), index));
  };
  for (let at = 0; at < count; at += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, n) => one(at + n)));
  }
  return {
    count,
    onText: (listener) => (heard = listener),
    close: () => {
      for (const request of open) request.destroy();
    },
  };
}
