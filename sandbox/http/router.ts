import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** What a route sees of a request. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of the `:names` of the pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  /** The whole body; rejects with `HttpError` 413 over 1 MB. */
  body(): Promise<Buffer>;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type HttpHandler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** `[method, pattern, handler]`; `:name` in the pattern matches one segment, `*` at its end matches any rest. */
export type HttpRoute = readonly [method: string, pattern: string, handler: HttpHandler];

/** Thrown by a handler: answered as it is. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
  }
}

const LARGEST_BODY = 1_000_000;
/** Any other name is somebody else's page that points its DNS name at this machine. */
const OWN_HOST = /^(127\.0\.0\.1|([a-z0-9-]+\.)*localhost)(:\d+)?$/i;

/**
 * An HTTP server made of routes, tried in their order. HEAD is answered by the GET route, without a body.
 *
 * @param onError turns a failure into the reply of this service; the default is `{ "error": message }`.
 */
export function createRouter(routes: readonly HttpRoute[], onError: (error: HttpError, path: string) => HttpReply = plainError): Server {
  return createServer((incoming, outgoing) => {
    void answer(routes, incoming, onError).then((reply) => send(outgoing, reply, incoming.method === "HEAD"));
  });
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
    body: JSON.stringify(value),
  };
}

/** The body read as JSON; anything else is a 400. */
export async function jsonBody(request: HttpRequest): Promise<unknown> {
  const text = (await request.body()).toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, "the body must be JSON");
  }
}

async function answer(
  routes: readonly HttpRoute[],
  incoming: IncomingMessage,
  onError: (error: HttpError, path: string) => HttpReply,
): Promise<HttpReply> {
  const [rawPath = "/", rawQuery = ""] = (incoming.url ?? "/").split("?", 2);
  try {
    refuseStrangers(incoming);
    const path = decoded(rawPath);
    const method = incoming.method === "HEAD" ? "GET" : (incoming.method ?? "GET");
    const matching = routes.flatMap(([of, pattern, handler]) => {
      const params = match(pattern, path);
      return params ? [{ of, params, handler }] : [];
    });
    const route = matching.find(({ of }) => of === method);
    if (!route) {
      const allowed = matching.map(({ of }) => of);
      throw allowed.length === 0 ? new HttpError(404, "nothing is here") : new HttpError(405, `use ${allowed.join(" or ")}`);
    }
    const request: HttpRequest = {
      method,
      path,
      query: new URLSearchParams(rawQuery),
      params: route.params,
      headers: incoming.headers,
      body: () => readBody(incoming),
    };
    return await route.handler(request);
  } catch (error) {
    if (!(error instanceof HttpError)) process.stderr.write(`${incoming.method} ${rawPath}: ${String(error)}\n`);
    return onError(error instanceof HttpError ? error : new HttpError(500, "the sandbox failed; see its output"), rawPath);
  }
}

/** Loopback is reachable from every page in the browser; only our own may change something here. */
function refuseStrangers({ method, headers }: IncomingMessage): void {
  if (!OWN_HOST.test(headers.host ?? "")) throw new HttpError(421, "use localhost");
  const { origin } = headers;
  if (origin === undefined || method === "GET" || method === "HEAD") return;
  if (URL.parse(origin)?.host !== headers.host) throw new HttpError(403, "only pages of this origin may do that");
}

function plainError(error: HttpError): HttpReply {
  return json(error.status, { error: error.message });
}

function send(outgoing: ServerResponse, reply: HttpReply, headOnly: boolean): void {
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array());
  // RFC 9110 8.6: no length beside 204; beside 304 it would claim that the stored copy is empty.
  const length = reply.status === 204 || reply.status === 304 ? {} : { "content-length": String(body.byteLength) };
  outgoing.writeHead(reply.status, { ...reply.headers, ...length });
  outgoing.end(headOnly ? undefined : body);
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const open = wanted.at(-1) === "*";
  if (open ? given.length < wanted.length : given.length !== wanted.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (open && index === wanted.length - 1) break;
    const value = given[index] ?? "";
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(400, "the address is not readable");
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > LARGEST_BODY) throw new HttpError(413, "the body is larger than 1 MB");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
