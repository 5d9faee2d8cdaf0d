import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Network } from "../network/network.ts";
import { ControlError, networkRoutes } from "./routes.ts";
import type { Route } from "./routes.ts";

export interface ControlServerOptions {
  readonly network: Network;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  /** Routes of the other parts of the sandbox. They are asked first. */
  readonly extraRoutes?: readonly Route[];
  /** Pages that may call the control from a browser, such as the demo CRM. */
  readonly allowedOrigins?: readonly string[];
}

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

const BODY_LIMIT = 1_000_000;
/** Names under which a browser on this machine reaches us; any other is somebody else's page that rebinds its DNS name. */
const OWN_HOST = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d+)?$/i;

/** The HTTP control of the sandbox (`sandbox/README.md`). Resolves when it listens. */
export async function createControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const routes = [...(options.extraRoutes ?? []), ...networkRoutes(options.network)];
  const origins = options.allowedOrigins ?? [];
  const server = createServer((request, response) => {
    answer(request, response, routes, origins).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : options.port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  origins: readonly string[],
): Promise<void> {
  const { origin } = request.headers;
  response.setHeader("Vary", "Origin");
  if (origin !== undefined) {
    if (!origins.includes(origin)) throw new ControlError(403, "this page may not use the control");
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    response.setHeader("Access-Control-Allow-Headers", "content-type");
  }
  if (!OWN_HOST.test(request.headers.host ?? "")) throw new ControlError(403, "use 127.0.0.1 or localhost");
  if (request.method === "OPTIONS") return void response.writeHead(204).end();

  const url = new URL(request.url ?? "/", "http://localhost");
  const onPath = routes.flatMap((route) => {
    const params = match(route.path, url.pathname);
    return params === null ? [] : [{ route, params }];
  });
  if (onPath.length === 0) throw new ControlError(404, "there is no such path; sandbox/README.md lists them");
  const found = onPath.find(({ route }) => route.method === request.method);
  if (found === undefined) throw new ControlError(405, `use ${[...new Set(onPath.map(({ route }) => route.method))].join(" or ")} here`);
  const body = await readJson(request);
  const reply = await found.route.handle({ params: found.params, query: url.searchParams, body });
  send(response, reply.status ?? 200, reply.body);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.end();
  const message = error instanceof Error ? error.message : String(error);
  send(response, error instanceof ControlError ? error.status : 500, { error: message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new ControlError(413, "the body is larger than 1 MB");
    chunks.push(bytes);
  }
  if (size === 0) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return parsed;
  } catch {
    throw new ControlError(400, "the body is not JSON");
  }
}

/** Values of the `:name` parts, `null` where the path is another one. */
function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  if (wanted.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = parts[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new ControlError(400, "the path is not well encoded");
  }
}
