import type { Network, NetworkCall } from "../network/network.ts";
import type { ConnectRequest } from "./api-call.ts";
import { passthruValues, popupValues, statusCallbackValues, type PopupEvent, type StatusCallbackValues } from "./callback-values.ts";

/** Where the call flow's applets report to; `null`: nowhere. */
export interface CallbackUrls {
  readonly popup: string | null;
  readonly passthru: string | null;
}

export interface CallbackOptions {
  readonly network: Network;
  /** Origin of the API, for addresses of recordings. */
  readonly api: string;
  readonly urls: () => CallbackUrls;
  /** What `Calls/connect` was asked for, by call. */
  readonly requestOf: (sid: string) => ConnectRequest | null;
  /** The number by which an agent is known to callers' side. */
  readonly numberOfAgent: (user: string) => string;
  readonly now: () => number;
  readonly fetch: typeof fetch;
}

const ANSWER_MS = 15_000;

/**
 * Reports calls to the addresses that were asked for: popup and Passthru for inbound calls, `StatusCallback` for those of
 * the API. One report after the other for each call, as they happened; one that is not answered is tried twice more, as
 * the vendor says.
 *
 * @returns the undo.
 */
export function reportCalls(options: CallbackOptions): () => void {
  const queues = new Map<string, Promise<void>>();
  const seen = new Map<string, Set<string>>();
  let stopped = false;

  const enqueue = (sid: string, run: () => Promise<Response>): void => {
    const next = (queues.get(sid) ?? Promise.resolve()).then(() => (stopped ? undefined : deliver(run)));
    queues.set(sid, next);
    void next.then(() => {
      if (queues.get(sid) === next) queues.delete(sid);
    });
  };
  const once = (call: NetworkCall, what: string, run: () => Promise<Response>): void => {
    const reported = seen.get(call.sid) ?? new Set();
    if (reported.has(what)) return;
    seen.set(call.sid, reported.add(what));
    enqueue(call.sid, run);
  };

  const off = options.network.on("call", (call) => {
    if (call.direction === "inbound") reportInbound(options, call, once);
    else reportStatus(options, call, once);
    if (call.endedAt !== null) seen.delete(call.sid);
  });
  return () => {
    stopped = true;
    off();
  };
}

type Once = (call: NetworkCall, what: string, run: () => Promise<Response>) => void;

function reportInbound(options: CallbackOptions, call: NetworkCall, once: Once): void {
  const { popup, passthru } = options.urls();
  const agentNumber = options.numberOfAgent(call.agent);
  if (popup) {
    for (const event of popupEvents(call)) {
      once(call, event, () => get(options, popup, popupValues(call, agentNumber, event)));
    }
  }
  if (passthru && call.endedAt !== null) {
    once(call, "passthru", () => get(options, passthru, passthruValues(call, agentNumber, options.api, options.now())));
  }
}

/** Everything that must have happened by now, so that a status the network skipped is not missing. */
function popupEvents(call: NetworkCall): PopupEvent[] {
  return [
    "Dial",
    ...(call.ringingAt === null ? [] : (["Ringing"] as const)),
    ...(call.answeredAt === null ? [] : (["Answered"] as const)),
    ...(call.endedAt === null ? [] : (["Terminal"] as const)),
  ];
}

function reportStatus(options: CallbackOptions, call: NetworkCall, once: Once): void {
  const request = options.requestOf(call.sid);
  if (!request?.statusCallback) return;
  const { statusCallback: url, statusCallbackEvents: events } = request;
  const send = (event: "terminal" | "answered" | null): void =>
    once(call, event ?? "status", () => post(options, url, request, statusCallbackValues(call, request, event, options.api)));
  if (call.answeredAt !== null && events.includes("answered")) send("answered");
  if (call.endedAt === null) return;
  if (events.includes("terminal")) send("terminal");
  else if (events.length === 0) send(null);
}

function post(options: CallbackOptions, url: string, request: ConnectRequest, { fields, legs }: StatusCallbackValues): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  if (request.statusCallbackContentType === "application/json") {
    const body = JSON.stringify({ ...Object.fromEntries(fields), ...(legs.length > 0 ? { Legs: legs } : {}) });
    return options.fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body, signal });
  }
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (const [index, leg] of legs.entries()) {
    for (const [name, value] of Object.entries(leg)) form.append(`Legs[${index}][${name}]`, String(value));
  }
  return options.fetch(url, { method: "POST", body: form, signal });
}

async function deliver(run: () => Promise<Response>): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const response = await run().catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
}

/** A name and password in the address (`https://key:token@…`, as the vendor's guides have it) are Basic authentication. */
function get(options: CallbackOptions, address: string, values: readonly (readonly [string, string])[]): Promise<Response> {
  const url = new URL(address);
  for (const [name, value] of values) url.searchParams.append(name, value);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === "" ? {} : { headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
  return options.fetch(url.href, { ...headers, signal: AbortSignal.timeout(ANSWER_MS) });
}
