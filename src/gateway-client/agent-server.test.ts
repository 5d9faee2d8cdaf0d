import { expect, test } from "vitest";
import type { PhoneError } from "../core/errors.ts";
import { createAgentServer } from "./agent-server.ts";

const ACCOUNT = { sipId: "asha", password: "sip-secret", domain: "acme1.voip.example.com", proxy: "voip.example.com:443" };
const PROOF = { user: "asha", password: "typed-secret" };

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | "dead";

/** @param answers by request, such as `POST /api/sessions`. */
function stage(answers: Record<string, Answer>, keepsCookie = true) {
  const sent: { readonly request: string; readonly headers: Headers; readonly credentials: string; readonly body: string }[] = [];
  const hidden: string[] = [];
  const logged: string[] = [];
  const server = createAgentServer({
    url: "/api/",
    keepsCookie,
    clock: { now: () => 0, after: () => () => {} },
    random: () => 0.5,
    log: { write: (level, event, facts) => void logged.push(`${level} ${event} ${JSON.stringify(facts)}`) },
    hide: (secret) => void hidden.push(secret),
    send: async (input, init = {}) => {
      const request = `${init.method ?? "GET"} ${String(input)}`;
      sent.push({ request, headers: new Headers(init.headers), credentials: init.credentials ?? "", body: String(init.body ?? "") });
      const answer = answers[request] ?? "dead";
      if (answer === "dead") throw new TypeError("Failed to fetch");
      const body = answer.body === undefined ? null : JSON.stringify(answer.body);
      return new Response(body, { status: answer.status, headers: answer.headers ?? {} });
    },
  });
  return { server, sent, hidden, logged };
}
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: PhoneError) => error.code,
  );

test("[G50] a password becomes a session cookie and then the account; no secret can come into the log", async () => {
  const { server, sent, hidden } = stage({
    "POST /api/sessions": { status: 201, body: { agent: {}, expiresAt: 1 } },
    "GET /api/agents/me/sip-account": { status: 200, body: ACCOUNT },
  });
  expect(await server.signIn(PROOF)).toEqual(ACCOUNT);
  expect(sent.map(({ request, credentials }) => [request, credentials])).toEqual([
    ["POST /api/sessions", "same-origin"],
    ["GET /api/agents/me/sip-account", "same-origin"],
  ]);
  expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ ...PROOF, bearer: false });
  expect(hidden).toEqual([PROOF.password, ACCOUNT.password]);
});

test("[G51] where no cookie is kept the session is a token, shown to the gateway alone and gone with a sign-out", async () => {
  const { server, sent, hidden } = stage(
    {
      "POST /api/sessions": { status: 201, body: { token: "session-token-0123456789" } },
      "GET /api/agents/me/sip-account": { status: 200, body: ACCOUNT },
      "DELETE /api/sessions/current": { status: 204 },
    },
    false,
  );
  await server.signIn({ invitation: "from-a-link" });
  await server.signOut();
  await server.account();
  expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual([
    null,
    "Bearer session-token-0123456789",
    "Bearer session-token-0123456789",
    null,
  ]);
  expect(hidden).toContain("session-token-0123456789");
});

test.each([
  ["POST /api/sessions", 401, PROOF, "sign-in-refused"],
  ["POST /api/sessions", 401, { invitation: "used" }, "sign-in-used"],
  ["POST /api/sessions", 400, { token: "no token" }, "sign-in-used"],
  ["POST /api/sessions", 429, PROOF, "sign-in-too-often"],
  ["POST /api/sessions", 503, PROOF, "gateway-silent"],
  ["GET /api/agents/me/sip-account", 404, PROOF, "no-account"],
  ["GET /api/agents/me/sip-account", 401, PROOF, "session-over"],
] as const)("[G52] %s answered with %i is said as what it is", async (request, status, proof, expected) => {
  const { server, logged } = stage({
    "POST /api/sessions": { status: 201, body: {} },
    "GET /api/agents/me/sip-account": { status: 200, body: ACCOUNT },
    [request]: { status, body: { error: { code: "x", message: "typed-secret" } } },
  });
  expect(await code(server.signIn(proof))).toBe(expected);
  expect(logged.join()).not.toMatch(/secret/);
});

test("[G53] nobody signed in is no error; nobody there is one, and so is an answer that cannot be read", async () => {
  const path = "GET /api/agents/me/sip-account";
  expect(await stage({ [path]: { status: 401 } }).server.account()).toBeNull();
  expect(await code(stage({}).server.account())).toBe("gateway-silent");
  expect(await code(stage({ [path]: { status: 200, body: { sipId: 5 } } }).server.account())).toBe("internal");
});

test("[G54] a recording is there, comes later, or is none", async () => {
  const of = (answer: Answer) => stage({ "GET /api/recordings/call%2F1": answer }).server.recording("call/1");
  expect(await of({ status: 206 })).toEqual({ kind: "here", url: "/api/recordings/call%2F1" });
  expect(await of({ status: 202, headers: { "retry-after": "20" } })).toEqual({ kind: "later", seconds: 20 });
  expect(await of({ status: 404 })).toEqual({ kind: "none" });
  expect(await code(of({ status: 502 }))).toBe("gateway-silent");
});

test("[G55] what is looked for goes into the address, what is not does not", async () => {
  const { server, sent } = stage({
    "GET /api/calls?search=Ravi+%26+Co&direction=incoming&missed=true": { status: 200, body: { calls: [], next: null } },
  });
  expect(await server.findCalls({ search: "Ravi & Co", direction: "incoming", missed: true, from: undefined })).toEqual({
    calls: [],
    next: null,
  });
  expect(sent).toHaveLength(1);
});
