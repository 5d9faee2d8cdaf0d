import { randomUUID } from "node:crypto";
import { json, jsonBody, type HttpHandler, type HttpReply, type HttpRequest, type HttpRoute } from "../http/router.ts";
import { account } from "./account.ts";
import { failure } from "./answer.ts";

interface Leg {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly origin: "inbound" | "outbound" | "outbound-dial" | "monitor";
  lastAction: string;
  /** Where its end is reported. */
  readonly statusCallback?: string;
}

/** For a test to fill and to look at. */
export interface LegState {
  /** Legs of calls in progress, by `CallSid`. */
  readonly calls: Map<string, Leg[]>;
  /** ExoML elements that were accepted, with their leg. */
  readonly actions: { readonly legSid: string; readonly exoml: string }[];
  /** Exotel has switched it on for the account. */
  isEnabled: boolean;
}

const FLOW = /^<\?xml version="1\.0" encoding="UTF-8"\?><Flow>(<([A-Za-z]+)((?: [A-Za-z]+="[^"<>]*")*)><\/\2>)<\/Flow>$/;
/** Elements of chapter 2.4.4 with the attributes that they must have. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Hold: [],
  UnHold: [],
  Mute: [],
  UnMute: [],
  Hangup: [],
  Dial: ["contactUri", "exophone"],
  StartRecording: [],
  StopRecording: [],
};
const LEVELS = ["listen", "whisper", "barge"];

/** Tells a status callback something, as JSON. */
type Report = (url: string, body: string) => Promise<unknown>;
const post: Report = (url, body) => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });

/** Active legs, monitoring and hang-up (chapter 5.2), and ExoML leg actions (chapter 2.4.4), without any sound behind them. */
export function createLegsApi(report: Report = post): { readonly routes: readonly HttpRoute[]; readonly state: LegState } {
  const state: LegState = { calls: new Map(), actions: [], isEnabled: true };
  const guarded =
    (handler: HttpHandler): HttpHandler =>
    (request) => {
      const wanted = `Basic ${Buffer.from(`${account.apiKey}:${account.apiToken}`).toString("base64")}`;
      if (request.headers.authorization !== wanted) return failure(401, "Authentication failed", "xml");
      return state.isEnabled ? handler(request) : failure(403, "Forbidden", "xml");
    };
  const call = "/v1/Accounts/:account/Calls/:call";
  const routes: HttpRoute[] = [
    ["GET", `${call}/ActiveLegs.json`, guarded((request) => activeLegs(state, request))],
    ["POST", `${call}/Legs`, guarded((request) => monitor(state, request))],
    ["PUT", `${call}/Legs/:leg`, guarded((request) => change(state, request, report))],
    ["POST", "/v2/accounts/:account/legs/:leg/actions", guarded((request) => act(state, request))],
  ];
  return { routes, state };
}

function activeLegs(state: LegState, { params }: HttpRequest): HttpReply {
  const legs = state.calls.get(params["call"] ?? "");
  if (!legs) return failure(404, "Given callSID is not in-progress", "json");
  return json(200, {
    Legs: legs.map((leg) => ({
      Sid: leg.sid,
      CallSid: params["call"],
      PhoneNumber: leg.phoneNumber,
      Status: "in-progress",
      Origin: leg.origin,
      LastAction: leg.lastAction,
    })),
  });
}

async function monitor(state: LegState, request: HttpRequest): Promise<HttpReply> {
  const legs = state.calls.get(request.params["call"] ?? "");
  if (!legs) return failure(404, "Given callSID is not in-progress", "xml");
  const { Action, PhoneNumber, TargetLegSid, StatusCallback } = await fieldsOf(request);
  if (!LEVELS.includes(Action ?? "")) return failure(400, "Invalid Parameter: Action is missing or invalid", "xml");
  if (!/^0\d{10}$/.test(PhoneNumber ?? "")) return failure(400, "Invalid Parameter: PhoneNumber is missing or invalid", "xml");
  if (Action === "whisper" && !legs.some((leg) => leg.sid === TargetLegSid)) return failure(400, "Invalid Parameter: TargetLegSid", "xml");
  const callback = StatusCallback ? { statusCallback: StatusCallback } : {};
  const leg: Leg = { sid: randomUUID(), phoneNumber: PhoneNumber ?? "", origin: "monitor", lastAction: Action ?? "", ...callback };
  legs.push(leg);
  return legAnswer(leg);
}

/** Hang-up, or the next level of a monitor's leg. */
async function change(state: LegState, request: HttpRequest, report: Report): Promise<HttpReply> {
  const legs = state.calls.get(request.params["call"] ?? "");
  const leg = legs?.find((one) => one.sid === request.params["leg"]);
  if (!legs || !leg) return failure(404, "Given legSID does not exist. Please check the legSID passed", "xml");
  const { Action = "", TargetLegSid } = await fieldsOf(request);
  if (Action === "hangup") {
    legs.splice(legs.indexOf(leg), 1);
    if (leg.statusCallback) await report(leg.statusCallback, JSON.stringify(terminal(request.params["call"] ?? "", leg)));
  } else {
    const isUp = LEVELS.indexOf(Action) > LEVELS.indexOf(leg.lastAction);
    if (leg.origin !== "monitor" || !isUp || (Action === "whisper" && !TargetLegSid))
      return failure(400, "Invalid Parameter: Action", "xml");
  }
  leg.lastAction = Action;
  return legAnswer(leg);
}

async function act(state: LegState, request: HttpRequest): Promise<HttpReply> {
  const legSid = request.params["leg"] ?? "";
  const isKnown = [...state.calls.values()].flat().some((leg) => leg.sid === legSid);
  if (!isKnown) return json(404, { http_code: 404, response: { error: { message: "Leg not found" } } });
  const { exoml = "" } = await fieldsOf(request);
  const [, element = "", name = "", attributes = ""] = FLOW.exec(exoml) ?? [];
  const missing = (ELEMENTS[name] ?? ["element"]).find((key) => !new RegExp(` ${key}="[^"]+"`).test(attributes));
  if (missing !== undefined) return json(400, { http_code: 400, response: { error: { message: "Invalid EXOML or parameters" } } });
  state.actions.push({ legSid, exoml: element });
  return json(202, { request_id: "r", http_code: 202, response: { data: { leg_sid: legSid } } });
}

async function fieldsOf(request: HttpRequest): Promise<Readonly<Record<string, string | undefined>>> {
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (isForm) return Object.fromEntries(new URLSearchParams((await request.body()).toString("utf8")));
  const body = await jsonBody(request);
  return typeof body === "object" && body !== null
    ? Object.fromEntries(Object.entries(body).map(([key, value]) => [key, typeof value === "string" ? value : undefined]))
    : {};
}

/** As the sample of chapter 5.2. */
function terminal(callSid: string, { sid, origin, lastAction, phoneNumber }: Leg): object {
  const times = { StartTime: "2021-02-08 19:33:59", EndTime: "2021-02-08 19:34:32", OnCallDuration: "52" };
  const names = { LegSid: sid, CallSid: callSid, AccountSid: account.sid, PhoneNumber: phoneNumber };
  return { ...names, ...times, Status: "completed", Origin: origin, LastAction: lastAction, CustomField: "", EventType: "terminal" };
}

function legAnswer({ sid, origin, lastAction }: Leg): HttpReply {
  const inner = `<Sid>${sid}</Sid><AccountSid>${account.sid}</AccountSid><Status>in-progress</Status><Origin>${origin}</Origin><LastAction>${lastAction}</LastAction>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?><TwilioResponse><Leg>${inner}</Leg></TwilioResponse>`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}
