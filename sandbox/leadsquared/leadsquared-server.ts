import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { createRouter, json, type HttpHandler, type HttpReply, type HttpRequest } from "../http/router.ts";
import { refusalOfLog, refusalOfPopup } from "./check-call-log.ts";

/** LeadSquared's secrets, in the places of what its settings show. */
interface LeadSquaredAccount {
  readonly orgKey: string;
  readonly connectorId: string;
  readonly apiKey: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** One phone call activity, as LeadSquared keeps it. */
interface Activity {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  recordingUrl: string | null;
}

/**
 * What happens to the next requests instead: a status, a 429 with its `Retry-After` (RFC 9110 section 10.2.3); `lose`: it is
 * carried out, and the answer never comes.
 */
type Fault = number | "lose";

/** The double's memory; a test reads it and plays with it. */
export interface LeadSquaredState {
  /** By `CallSessionId`. */
  readonly activities: Map<string, Activity>;
  readonly popups: Readonly<Record<string, unknown>>[];
  /** What it refused, with its reason. */
  readonly refused: string[];
  /** Logs of a call that had one already. */
  duplicates: number;
  /** `TelephonyAgentId` of a lead's owner, by the last ten digits of the lead's number. */
  readonly owners: Map<string, string>;
  /** Asked before each request; null: as usual. */
  fault: () => Fault | null;
}

const WINDOW_MS = 5_000;

export interface LeadSquaredOptions {
  readonly account: LeadSquaredAccount;
  readonly now: () => number;
  /** Requests in 5 seconds; 25 unless the account has been granted more. */
  readonly perWindow?: number;
}

/**
 * LeadSquared as its documents describe it: the Universal Telephony Connector (`AgentPopup`, `LogCallComplete`), the
 * asynchronous call log with its status, and the update of a phone call activity. It refuses what they say it refuses.
 */
export function createLeadSquaredServer({ account, now, perWindow = 25 }: LeadSquaredOptions): {
  readonly server: Server;
  readonly state: LeadSquaredState;
} {
  const state: LeadSquaredState = { activities: new Map(), popups: [], refused: [], duplicates: 0, owners: new Map(), fault: () => null };
  const requests = new Map<string, unknown>();
  let times: number[] = [];
  const limited = (): HttpReply | null => {
    times = times.filter((time) => time > now() - WINDOW_MS);
    if (times.length >= perWindow) return refuse(state, 429, `API calls exceeded the limit of ${perWindow} in 5 second(s)`);
    times.push(now());
    return null;
  };
  const synchronous =
    (handler: (body: Readonly<Record<string, unknown>>) => unknown): HttpHandler =>
    async (request) => {
      const fault = state.fault();
      const refusal = limited() ?? failed(fault);
      if (refusal !== null) return refusal;
      const body = await rawJson(request);
      if (body === null)
        return json(200, { Status: "Failure", Message: "Unexpected character encountered while parsing value: S. Path ''" });
      const answer = handler(body);
      // The connection stays open without an answer until the client loses its patience.
      if (fault === "lose") await new Promise<never>(() => undefined);
      return isReply(answer) ? answer : json(200, answer);
    };
  const ofConnector =
    (handler: HttpHandler): HttpHandler =>
    (request) =>
      request.params["org"] === account.orgKey && request.params["connector"] === account.connectorId
        ? handler(request)
        : refuse(state, 404, "the API could not be found");
  const withKeys =
    (handler: HttpHandler): HttpHandler =>
    (request) =>
      hasKeys(request, account) ? handler(request) : refuse(state, 401, "the API call was made with invalid access credentials");
  const log = (body: Readonly<Record<string, unknown>>): unknown => keepLog(state, body, now());
  const server = createRouter([
    ["POST", "/1/api/Telephony/LogCallComplete/:org/:connector", ofConnector(synchronous(log))],
    ["POST", "/1/api/Telephony/AgentPopup/:org/:connector", ofConnector(synchronous((body) => keepPopup(state, body)))],
    ["GET", "/1/api/Telephony/LeadRouteV2/:org/:connector", ofConnector((request) => routeOf(state, request, limited))],
    ["POST", "/v2/Telephony.svc/ShowAgentPopup", withKeys(synchronous((body) => showPopup(state, body)))],
    ["GET", "/1/api/telephony/logcallcomplete/status", (request) => statusOf(requests, request, account)],
    [
      "POST",
      "/1/api/telephony/logcallcomplete/:org/:connector",
      ofConnector(async (request) => {
        if (request.headers["x-api-key"] !== account.apiKey) return refuse(state, 401, "the x-api-key is missing or wrong");
        const body = await rawJson(request);
        if (body === null) return refuse(state, 400, "the body is not JSON");
        const id = randomUUID();
        requests.set(id, log(body));
        return json(200, { Status: "Request accepted. Please use below request id to check the status", RequestID: id });
      }),
    ],
    ["POST", "/v2/Telephony.svc/PhoneCallActivity/Update", withKeys(synchronous((body) => update(state, body)))],
  ]);
  return { server, state };
}

function keepLog(state: LeadSquaredState, body: Readonly<Record<string, unknown>>, now: number): unknown {
  const refusal = refusalOfLog(body, now);
  if (refusal !== null) {
    state.refused.push(refusal);
    return { Status: "Failure", Message: refusal };
  }
  const session = String(body["CallSessionId"]);
  const known = state.activities.get(session);
  const success = { Status: "Success", Message: "Phone Call Logged Successfully" };
  if (known) {
    state.duplicates += 1;
    return { ...success, ProspectActivityId: known.id, Details: "Call Log was already processed" };
  }
  const activity: Activity = { id: randomUUID(), body, recordingUrl: typeof body["ResourceURL"] === "string" ? body["ResourceURL"] : null };
  state.activities.set(session, activity);
  return { ...success, ProspectActivityId: activity.id };
}

function keepPopup(state: LeadSquaredState, body: Readonly<Record<string, unknown>>): unknown {
  const refusal = refusalOfPopup(body);
  if (refusal === null) state.popups.push(body);
  else state.refused.push(refusal);
  return refusal === null ? { Status: "Success" } : { Status: "Failure", Message: refusal };
}

/** Query, as the document has it, or headers. */
function hasKeys({ headers, query }: HttpRequest, account: LeadSquaredAccount): boolean {
  const access = query.get("accessKey") ?? headers["x-lsq-accesskey"];
  return access === account.accessKey && (query.get("secretKey") ?? headers["x-lsq-secretkey"]) === account.secretKey;
}

function showPopup(state: LeadSquaredState, body: Readonly<Record<string, unknown>>): unknown {
  const answer = keepPopup(state, body);
  return JSON.stringify(answer) === '{"Status":"Success"}'
    ? { Status: "Success", Message: { Id: randomUUID(), Message: "Message broadcasted successfully" } }
    : answer;
}

function failed(fault: Fault | null): HttpReply | null {
  if (typeof fault !== "number") return null;
  return json(fault, { Status: "Error", ExceptionMessage: "the double was told to fail" }, fault === 429 ? { "retry-after": "1" } : {});
}

/** The lead's owner. Only that `TelephonyAgentId` is somewhere in it with `agentInfo=true` is known of this answer. */
function routeOf(state: LeadSquaredState, { query }: HttpRequest, limited: () => HttpReply | null): HttpReply {
  const refusal = limited() ?? failed(state.fault());
  if (refusal !== null) return refusal;
  const owner = state.owners.get((query.get("caller_id") ?? "").replaceAll(/\D/g, "").slice(-10));
  if (owner === undefined) return json(200, { Status: "Success", Message: null });
  return json(200, query.get("agentInfo") === "true" ? { Status: "Success", Agent: { TelephonyAgentId: owner } } : { Status: "Success" });
}

function update(state: LeadSquaredState, body: Readonly<Record<string, unknown>>): unknown {
  const activity = [...state.activities.values()].find((one) => one.id === body["ActivityId"]);
  if (!activity) return refuse(state, 400, "the activity is unknown");
  if (typeof body["RecordingURL"] !== "string") return refuse(state, 400, "RecordingURL or CallDuration is mandatory");
  activity.recordingUrl = body["RecordingURL"];
  return { Status: "Success", Message: { Id: activity.id, Message: "Activity updated successfully" } };
}

function statusOf(requests: ReadonlyMap<string, unknown>, request: HttpRequest, account: LeadSquaredAccount): HttpReply {
  if (request.headers["x-api-key"] !== account.apiKey) return json(401, {});
  const id = request.query.get("RequestID") ?? "";
  const message = requests.get(id);
  if (message === undefined) return json(404, {});
  const succeeded = typeof message === "object" && message !== null && "Status" in message && message.Status === "Success";
  const status = succeeded ? "Success" : "FAILURE";
  return json(200, {
    RequestId: id,
    TaskStatus: { TaskType: "Telephony-LogCall", Status: status, StatusReason: status },
    Message: message,
  });
}

function refuse(state: LeadSquaredState, status: number, why: string): HttpReply {
  state.refused.push(`${status} ${why}`);
  return json(status, { Status: "Error", ExceptionMessage: why });
}

/** Raw JSON, whatever the content type says: the connector accepts the form's type with it too. */
async function rawJson(request: HttpRequest): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse((await request.body()).toString("utf8"));
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function isReply(value: unknown): value is HttpReply {
  return typeof value === "object" && value !== null && "status" in value && typeof value.status === "number";
}
