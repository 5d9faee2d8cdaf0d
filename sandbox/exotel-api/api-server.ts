import { timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { createRouter, HttpError, type HttpHandler, type HttpReply, type HttpRequest, type HttpRoute } from "../http/router.ts";
import { partOf } from "../http/ranges.ts";
import type { Network } from "../network/network.ts";
import { account } from "./account.ts";
import { callAnswer, failure, type Format } from "./answer.ts";
import { callFields, type ConnectRequest } from "./api-call.ts";
import { customerForNumber } from "./customer-for-number.ts";
import { RateLimit } from "./rate-limit.ts";
import { readConnect } from "./read-connect.ts";

export interface ApiOptions {
  readonly network: Network;
  /** Origin of this server. */
  readonly api: string;
  /** Filled by `Calls/connect`: what was asked for, by call. */
  readonly requests: Map<string, ConnectRequest>;
  /** Agents by telephone number, beside `sip:user`. */
  readonly agentWithNumber: (number: string) => string | null;
  readonly nameOfNumber: (number: string) => string;
  readonly now?: () => number;
  /** Chapters that have a file of their own, each with its own way of failing. */
  readonly more?: readonly HttpRoute[];
}

const PER_MINUTE = 200;

/** Exotel's HTTP API, version 1, as far as a softphone and its CRM use it (chapters 3.2.4, 5.19 and 5.22). */
export function createApiServer(options: ApiOptions): Server {
  const now = options.now ?? Date.now;
  const limits = { connect: new RateLimit(PER_MINUTE, now), details: new RateLimit(PER_MINUTE, now) };
  const guarded =
    (handler: (request: HttpRequest, format: Format) => HttpReply | Promise<HttpReply>, limit: RateLimit | null): HttpHandler =>
    (request) => {
      const format = formatOf(request.path);
      if (!authorized(request.headers.authorization)) return failure(401, "Authentication failed", format);
      if ((request.params["account"] ?? account.sid) !== account.sid) return failure(404, "No matching results", format);
      return limit && !limit.allow() ? failure(429, "Too Many Requests", format) : handler(request, format);
    };
  const connect = guarded((request, format) => placeCall(options, request, format), limits.connect);
  const recording = guarded((request, format) => sendRecording(options, request, format), null);
  return createRouter(
    [
      ["POST", "/v1/Accounts/:account/Calls/connect", connect],
      ["POST", "/v1/Accounts/:account/Calls/connect.json", connect],
      ["GET", "/v1/Accounts/:account/Calls/:call", guarded((request, format) => details(options, request, format), limits.details)],
      ["GET", "/exotelrecordings/:account/:file", recording],
      ...(options.more ?? []),
    ],
    (error, path) => failure(error.status, error.status === 404 ? "No matching results" : error.message, formatOf(path)),
  );
}

function formatOf(path: string): Format {
  return path.endsWith(".json") ? "json" : "xml";
}

function authorized(header: string | undefined): boolean {
  const wanted = Buffer.from(`${account.apiKey}:${account.apiToken}`);
  const given = Buffer.from(/^Basic ([\w+/=]+)$/i.exec(header ?? "")?.[1] ?? "", "base64");
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
}

async function placeCall(options: ApiOptions, request: HttpRequest, format: Format): Promise<HttpReply> {
  const wanted = readConnect(await readForm(request));
  if ("refused" in wanted) return failure(400, wanted.refused, format);
  const agent = agentOf(options, wanted.from);
  if (agent === null) return failure(400, "Invalid Parameter: From is missing or invalid", format);
  if (wanted.to.replaceAll(/\D/g, "").length < 3) return failure(400, "Invalid Parameter: To is missing or invalid", format);
  const customer = customerForNumber(wanted.to, options.nameOfNumber(wanted.to));
  const call = options.network.connect(agent, customer, { timeOutMs: wanted.timeOutMs, timeLimitMs: wanted.timeLimitMs });
  options.requests.set(call.sid, wanted);
  // The vendor answers once the first leg is on its way, and says "in-progress" then.
  const fields = callFields(call, wanted, options.api).map(
    ([name, value]) => [name, name === "Status" && call.endedAt === null ? "in-progress" : value] as const,
  );
  return callAnswer(fields, format);
}

/** `sip:asha`, `sip:asha@domain` or the agent's telephone number. */
function agentOf(options: ApiOptions, from: string): string | null {
  const user = /^sip:([^@;]+)/i.exec(from)?.[1];
  if (user === undefined) return options.agentWithNumber(from);
  return options.network.agents().find((agent) => agent.user === user)?.user ?? null;
}

/** As `curl -d` sends it, or as Postman's form-data does. */
async function readForm(request: HttpRequest): Promise<URLSearchParams> {
  const body = await request.body();
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return new URLSearchParams(body.toString("utf8"));
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => {
    throw new HttpError(400, "Bad Request");
  });
  return new URLSearchParams([...form].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

function details(options: ApiOptions, request: HttpRequest, format: Format): HttpReply {
  const sid = (request.params["call"] ?? "").replace(/\.json$/, "");
  const call = options.network.call(sid);
  if (!call) return failure(404, "No matching results", format);
  return callAnswer(callFields(call, options.requests.get(sid) ?? null, options.api), format);
}

async function sendRecording(options: ApiOptions, request: HttpRequest, format: Format): Promise<HttpReply> {
  const call = options.network.call((request.params["file"] ?? "").replace(/\.wav$/, ""));
  if (!call?.recording || options.requests.get(call.sid)?.record === false) return failure(404, "No matching results", format);
  const bytes = await readFile(call.recording).catch(() => null);
  if (!bytes) return failure(404, "No matching results", format);
  return partOf(bytes, request.headers.range, { "content-type": "audio/wav", "cache-control": "private, no-store" });
}
