import * as v from "valibot";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { AgentServer, CallQuery, Clock, Log, Random, Recording } from "../core/ports.ts";
import { type SignInProof, sipAccountSchema } from "../protocol/gateway-agents.ts";
import { historyPageSchema } from "../protocol/gateway-calls.ts";
import type { SignIn } from "../protocol/host.ts";
import { createEventStream } from "./event-stream.ts";

export interface AgentServerOptions {
  /** `config.gateway.url`, a path on this origin. */
  readonly url: string;
  readonly send: typeof fetch;
  /** The browser keeps a session cookie, and is meant to. `false`: the session is a token, and ends with this page. */
  readonly keepsCookie: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Log, "write">;
  /** From now on this text never appears in the log. */
  readonly hide: (secret: string) => void;
}

/** The gateway as this page knows it: the port, and what only the page's own start and end need. */
export interface AgentSession extends AgentServer {
  /** The account of whoever is signed in from before; `null` where nobody is. Rejects with `gateway-silent` and `no-account`. */
  account(): Promise<SignIn | null>;
  /** Ends the session at the gateway as well. */
  signOut(): Promise<void>;
  /** As `fetch`, in the name of the agent. */
  readonly send: typeof fetch;
}

const TIMEOUT_MS = 10_000;
const USUAL_PAUSE_SECONDS = 15;

/** The deployment's gateway over HTTP (`docs/operate.md`). Its session is a cookie that no script can read, or a token in memory. */
export function createAgentServer(options: AgentServerOptions): AgentSession {
  const base = options.url.replace(/\/+$/, "");
  let token: string | null = null;
  const send: typeof fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    return options.send(input, { ...init, headers, credentials: token === null ? "same-origin" : "omit", cache: "no-store" });
  };
  const ask = createAsk(base, send, options.log);
  const account = async (): Promise<SignIn | null> => {
    const response = await ask("/agents/me/sip-account", {}, { 401: null, 404: "no-account" });
    if (response === null) return null;
    const found = await read(response, sipAccountSchema);
    options.hide(found.password);
    return found;
  };
  return {
    send,
    account,
    signIn: async (proof) => {
      for (const secret of secretsOf(proof)) options.hide(secret);
      const refused = "password" in proof ? "sign-in-refused" : "sign-in-used";
      const refusals = { 400: refused, 401: refused, 429: "sign-in-too-often" } as const;
      token = null;
      const reply = await need(ask("/sessions", jsonBody("POST", { ...proof, bearer: !options.keepsCookie }), refusals));
      const session = await read(reply, v.object({ token: v.optional(v.string()) }));
      token = session.token ?? null;
      if (token !== null) options.hide(token);
      return (await account()) ?? fail("session-over");
    },
    signOut: async () => {
      // Also where nobody answers: who signs out here is signed out here.
      await ask("/sessions/current", { method: "DELETE" }, {}).catch(() => null);
      token = null;
    },
    saveCallLog: async (log) => void (await ask(`/calls/${encodeURIComponent(log.logId)}/log`, jsonBody("PUT", log), {})),
    follow: createEventStream({
      ...options,
      open: (lastId, signal) => need(ask("/agents/me/events", { headers: lastId === null ? {} : { "last-event-id": lastId }, signal }, {})),
    }),
    findCalls: async (query) => read(await need(ask(`/calls?${parametersOf(query)}`, {}, {})), historyPageSchema),
    recording: async (callId) => {
      const path = `/recordings/${encodeURIComponent(callId)}`;
      const headers = token === null ? { range: "bytes=0-0" } : {};
      const response = await ask(path, { headers }, { 404: null, 410: null });
      return response === null ? { kind: "none" } : recordingIn(response, `${base}${path}`, token !== null);
    },
  };
}

type Refusals = Readonly<Record<number, PhoneErrorCode | null>>;
type Ask = (path: string, init: RequestInit, refusals: Refusals) => Promise<Response | null>;

/** @returns a function that asks and turns every refusal into a `PhoneError`, or into `null` where `refusals` says so. */
function createAsk(base: string, send: typeof fetch, log: Pick<Log, "write">): Ask {
  return async (path, init, refusals) => {
    let response: Response;
    try {
      response = await send(`${base}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
    } catch (error) {
      throw new PhoneError("gateway-silent", error);
    }
    if (response.ok) return response;
    const { status } = response;
    void response.body?.cancel();
    const code = status in refusals ? (refusals[status] ?? null) : usual(status);
    if (code !== null) log.write("warn", "gateway-refused", { status, code });
    return code === null ? null : fail(code);
  };
}

function usual(status: number): PhoneErrorCode {
  if (status === 401) return "session-over";
  return status >= 500 || status === 429 ? "gateway-silent" : "internal";
}

async function need(response: Promise<Response | null>): Promise<Response> {
  return (await response) ?? fail("internal");
}

function fail(code: PhoneErrorCode): never {
  throw new PhoneError(code);
}

async function read<T>(response: Response, schema: v.GenericSchema<unknown, T>): Promise<T> {
  try {
    return v.parse(schema, await response.json());
  } catch {
    // Without its cause: a parser's words quote what it could not read.
    return fail("internal");
  }
}

/** Where the cookie goes with it the browser plays, and seeks, by itself; a token has to fetch all of it. */
async function recordingIn(response: Response, address: string, isFetched: boolean): Promise<Recording> {
  if (response.status === 202) {
    void response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after"));
    return { kind: "later", seconds: seconds > 0 && seconds < 3_600 ? seconds : USUAL_PAUSE_SECONDS };
  }
  if (isFetched) return { kind: "here", url: URL.createObjectURL(await response.blob()) };
  void response.body?.cancel();
  return { kind: "here", url: address };
}

function jsonBody(method: "POST" | "PUT", value: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function secretsOf(proof: SignInProof): readonly string[] {
  if ("token" in proof) return [proof.token];
  return "invitation" in proof ? [proof.invitation] : [proof.password];
}

function parametersOf(query: CallQuery): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
