import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import type { Addresses } from "../addresses.ts";
import { createRouter, HttpError, json, jsonBody, type HttpReply, type HttpRequest } from "../http/router.ts";
import { serveFiles } from "../http/static-files.ts";
import type { CallLogStore } from "./call-log-store.ts";
import { connectCall, ExotelRefused, fetchRecording, type ExotelAccount } from "./exotel-client.ts";
import type { ExotelInbox } from "./exotel-inbox.ts";
import { leads, leadsWithNumber } from "./leads.ts";
import { readCallLog } from "./read-call-log.ts";

/** What the CRM's own database knows about an agent's telephone account. */
interface AgentAccount {
  readonly user: string;
  readonly displayName: string;
  readonly password: string;
  readonly domain: string;
  readonly proxy: string;
}

export interface CrmOptions {
  readonly addresses: Addresses;
  readonly exotel: ExotelAccount;
  readonly agents: () => readonly AgentAccount[];
  readonly store: CallLogStore;
  readonly inbox: ExotelInbox;
}

const page = fileURLToPath(new URL("page", import.meta.url));
/** Requests that the demo's buttons may pass on to the sandbox's control. */
const SIMULATION = /^\/(calls|calls\/[\w-]+\/(hangup|hold|digits|media)|sockets|restart)$/;

/** The demo CRM: its pages, and the small server behind them that holds what no browser may hold. */
export function createCrmServer(options: CrmOptions): Server {
  const { addresses, store, inbox } = options;
  const policy = contentSecurityPolicy(addresses.phone);
  return createRouter([
    ["GET", "/api/leads", () => json(200, leads)],
    ["GET", "/api/leads/match", (request) => json(200, leadsWithNumber(request.query.get("number") ?? ""))],
    [
      "GET",
      "/api/agents",
      () =>
        json(
          200,
          options.agents().map(({ user, displayName }) => ({ user, displayName })),
        ),
    ],
    ["GET", "/api/agents/:user/credentials", (request) => credentials(options, request)],
    ["POST", "/api/place-call", (request) => placeCall(options, request)],
    [
      "GET",
      "/api/call-logs",
      () =>
        json(
          200,
          [...store.all()].reverse().map((stored) => ({ ...stored, recording: recordingPath(options, stored.log.call.exotelCallSid) })),
        ),
    ],
    ["POST", "/api/call-logs", (request) => saveCallLog(options, request)],
    ["GET", "/api/recordings/:sid", (request) => recording(options, request)],
    ["GET", "/api/exotel", () => json(200, inbox.all())],
    ["GET", "/exotel/popup", (request) => received(inbox, "popup", Object.fromEntries(request.query))],
    ["GET", "/exotel/passthru", (request) => received(inbox, "passthru", Object.fromEntries(request.query))],
    ["POST", "/exotel/status", async (request) => received(inbox, "status", await jsonBody(request))],
    ["POST", "/api/simulate/*", (request) => simulate(options, request)],
    ["GET", "/api/simulate/*", (request) => simulate(options, request)],
    [
      "GET",
      "/*",
      serveFiles({
        root: page,
        headers: (path) => ({
          "content-security-policy": policy,
          "referrer-policy": "same-origin",
          "x-content-type-options": "nosniff",
          // As in a CRM: a page that is loaded again has what it is made of.
          ...(path.endsWith(".html") ? {} : { "cache-control": "max-age=60" }),
        }),
        rewrite: (_path, text) => text.replaceAll("%PHONE%", addresses.phone).replaceAll("%SIP_PROXY%", addresses.sipProxy),
      }),
    ],
  ]);
}

function contentSecurityPolicy(phone: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${phone}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "connect-src 'self'",
    `frame-src ${phone}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

function agentOf(options: CrmOptions, user: unknown): AgentAccount {
  const agent = options.agents().find((one) => one.user === user);
  if (!agent) throw new HttpError(404, "no such agent");
  return agent;
}

function credentials(options: CrmOptions, request: HttpRequest): HttpReply {
  const { user, password, domain, proxy, displayName } = agentOf(options, request.params["user"]);
  return json(200, { sipId: `sip:${user}`, password, domain, proxy, displayName });
}

async function placeCall(options: CrmOptions, request: HttpRequest): Promise<HttpReply> {
  const { agent, number, callId } = record(await jsonBody(request));
  if (typeof number !== "string" || typeof callId !== "string") throw new HttpError(400, "number and callId are needed");
  try {
    const exotelCallSid = await connectCall(options.exotel, {
      agent: agentOf(options, agent).user,
      number,
      callId,
      statusCallback: `http://127.0.0.1:${new URL(options.addresses.crm).port}/exotel/status`,
    });
    return json(200, { exotelCallSid });
  } catch (error) {
    if (error instanceof ExotelRefused) return json(502, { error: error.message });
    throw error;
  }
}

async function saveCallLog(options: CrmOptions, request: HttpRequest): Promise<HttpReply> {
  const { agent, log } = record(await jsonBody(request));
  const read = readCallLog(log);
  if (!read) throw new HttpError(400, "this is not a call log");
  switch (options.store.save(read, typeof agent === "string" ? agent : null, Date.now())) {
    case "refused":
      return json(503, { error: "the CRM's database is told to fail" });
    case "acknowledgement-lost":
      // Stored, but the answer never arrives: what a dropped connection looks like to the page.
      return json(504, { lost: true });
    default:
      return json(200, { stored: true });
  }
}

function recordingPath(options: CrmOptions, sid: string | null): string | null {
  return sid && options.inbox.recordingOf(sid) ? `/api/recordings/${sid}` : null;
}

/** The browser gets the sound from its own CRM; only the CRM's server knows Exotel's key. */
async function recording(options: CrmOptions, request: HttpRequest): Promise<HttpReply> {
  const url = options.inbox.recordingOf(request.params["sid"] ?? "");
  // The address came in a callback that anybody could have sent: the key goes to Exotel and nowhere else.
  if (!url || new URL(url).origin !== options.exotel.api) throw new HttpError(404, "no recording of this call");
  const response = await fetchRecording(options.exotel, url, request.headers.range);
  const kept = ["content-type", "content-range", "accept-ranges"].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status: response.status, headers: Object.fromEntries(kept), body: new Uint8Array(await response.arrayBuffer()) };
}

function received(inbox: ExotelInbox, kind: "popup" | "passthru" | "status", values: unknown): HttpReply {
  inbox.add(kind, record(values), Date.now());
  return { status: 200, headers: { "content-type": "text/plain" }, body: "OK" };
}

async function simulate(options: CrmOptions, request: HttpRequest): Promise<HttpReply> {
  const path = request.path.slice("/api/simulate".length);
  if (!SIMULATION.test(path)) throw new HttpError(404, "nothing is here");
  const body = request.method === "POST" ? { body: new Uint8Array(await request.body()) } : {};
  const response = await fetch(`${options.addresses.control}${path}`, {
    method: request.method,
    headers: { "content-type": "application/json" },
    ...body,
  }).catch(() => {
    throw new HttpError(503, "the sandbox's control does not answer");
  });
  return {
    status: response.status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: await response.text(),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
