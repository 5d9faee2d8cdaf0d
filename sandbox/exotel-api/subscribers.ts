import { jsonBody, json, type HttpHandler, type HttpReply, type HttpRequest, type HttpRoute } from "../http/router.ts";
import { account } from "./account.ts";
import { RateLimit } from "./rate-limit.ts";

/** One subscriber as the account has it. */
interface Subscriber {
  readonly userName: string;
  password: string;
  email: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** What happens to the next request instead: a status; `lose`: it is carried out, and the answer never comes. */
type SubscriberFault = number | "lose" | null;

/** For a test to look at and to break. */
export interface SubscriberState {
  readonly subscribers: Map<string, Subscriber>;
  /** How many names each request carried. */
  readonly sizes: { readonly method: string; readonly count: number }[];
  fault: () => SubscriberFault;
}

export interface SubscriberOptions {
  readonly now: () => number;
  /** A phone may register with it from now on. */
  readonly onPassword?: (userName: string, password: string, displayName: string) => void;
}

const MOST_CREATED = 25;
const MOST_DELETED = 50;
const PER_MINUTE = 100;

/**
 * Exotel's Subscriber Management (chapter 3.2.3): batches of 25 and 50, an answer with a row for each, Basic authentication
 * with the account's SID. The shape of a row that failed is that of its older chapter (3.3.2: `error_data`, 207).
 */
export function createSubscribersApi({ now, onPassword }: SubscriberOptions): {
  readonly routes: readonly HttpRoute[];
  readonly state: SubscriberState;
} {
  const state: SubscriberState = { subscribers: new Map(), sizes: [], fault: () => null };
  const guarded = guardOf(state, new RateLimit(PER_MINUTE, now));
  const stamp = (): string => new Date(now()).toISOString().replace(/\.\d+Z$/, "Z");
  const setPassword = (one: Subscriber, password: string): void => {
    one.password = password;
    one.updatedAt = stamp();
    onPassword?.(one.userName, password, one.userName);
  };
  const add = (value: unknown): unknown => {
    const userName = textOf(value, "user_name");
    const password = textOf(value, "password");
    if (userName === null || password === null || /\s/.test(userName)) return failed(400, "user_name and password are mandatory");
    if (state.subscribers.has(userName)) return failed(409, "Subscriber already exists");
    const one: Subscriber = { userName, password, email: textOf(value, "email"), createdAt: stamp(), updatedAt: stamp() };
    state.subscribers.set(userName, one);
    setPassword(one, password);
    return succeeded(one);
  };
  const routes: HttpRoute[] = [
    [
      "POST",
      "/v2/accounts/:account/subscribers",
      guarded(async (request) => {
        const wanted = listOf(await jsonBody(request), "subscribers");
        state.sizes.push({ method: "POST", count: wanted.length });
        if (wanted.length === 0 || wanted.length > MOST_CREATED) return failure(400, `1 to ${MOST_CREATED} subscribers`);
        return rows("POST", wanted.map(add));
      }),
    ],
    [
      "GET",
      "/v2/accounts/:account/subscribers",
      guarded((request) => {
        const names = request.query.get("user_name")?.split(",");
        const found = [...state.subscribers.values()].filter((one) => !names || names.includes(one.userName));
        const offset = Number(request.query.get("offset") ?? 0);
        const size = Math.min(250, Number(request.query.get("page_size") ?? 250));
        return rows("GET", found.slice(offset, offset + size).map(succeeded));
      }),
    ],
    ["PUT", "/v2/accounts/:account/subscribers/:user", guarded((request) => change(state, request, setPassword))],
    ["DELETE", "/v2/accounts/:account/subscribers", guarded((request) => remove(state, request))],
  ];
  return { routes, state };
}

/** Checks what every request of the chapter must have, and breaks it where a test wants that. */
function guardOf(state: SubscriberState, limit: RateLimit) {
  return (handler: (request: HttpRequest) => HttpReply | Promise<HttpReply>): HttpHandler =>
    async (request) => {
      if (request.headers.authorization !== `Basic ${Buffer.from(`${account.sid}:${account.apiToken}`).toString("base64")}`) {
        return failure(401, "Authentication failed");
      }
      if (request.params["account"] !== account.sid) return failure(404, "Not Found");
      if (!limit.allow()) return failure(429, "Too Many Requests");
      const fault = state.fault();
      if (typeof fault === "number") return failure(fault, "the double was told to fail");
      const reply = await handler(request);
      // The connection stays open without an answer until the client loses its patience.
      if (fault === "lose") await new Promise<never>(() => undefined);
      return reply;
    };
}

async function change(
  state: SubscriberState,
  request: HttpRequest,
  setPassword: (one: Subscriber, password: string) => void,
): Promise<HttpReply> {
  const one = state.subscribers.get(request.params["user"] ?? "");
  if (!one) return failure(404, "Subscriber not found");
  const body = await jsonBody(request);
  one.email = textOf(body, "email") ?? one.email;
  const password = textOf(body, "password");
  if (password !== null) setPassword(one, password);
  return json(200, { request_id: "r", method: "PUT", http_code: 200, response: succeeded(one) });
}

function remove(state: SubscriberState, request: HttpRequest): HttpReply {
  const names = (request.query.get("user_name") ?? "").split(",").filter(Boolean);
  state.sizes.push({ method: "DELETE", count: names.length });
  if (names.length === 0 || names.length > MOST_DELETED) return failure(400, `1 to ${MOST_DELETED} names`);
  const deleted = names.map((name) => {
    const one = state.subscribers.get(name);
    if (!one) return failed(404, "Subscriber not found");
    state.subscribers.delete(name);
    return succeeded(one);
  });
  return rows("DELETE", deleted);
}

function succeeded({ userName, email, createdAt, updatedAt }: Subscriber): unknown {
  const data = { user_name: userName, date_created: createdAt, date_updated: updatedAt, email, domain: account.voipDomain };
  return { code: 200, error_data: null, status: "success", data: { ...data, status: "inactive", display_name: null, dc_id: null } };
}

function failed(code: number, message: string): { readonly code: number } {
  return Object.assign({ code }, { error_data: { code, message, description: message }, status: "failure", data: null });
}

function rows(method: string, response: readonly unknown[]): HttpReply {
  const success = response.filter((one) => JSON.stringify(one).includes('"status":"success"')).length;
  const status = success === response.length ? 200 : 207;
  const metadata = { total: response.length, success, failed: response.length - success };
  return json(status, { request_id: "r", method, http_code: status, metadata, response });
}

function failure(status: number, message: string): HttpReply {
  return json(status, {
    request_id: "r",
    http_code: status,
    response: { code: status, error_data: { message }, status: "failure", data: null },
  });
}

function textOf(value: unknown, key: string): string | null {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : null;
  return typeof found === "string" && found !== "" ? found : null;
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : null;
  return Array.isArray(found) ? found : [];
}
