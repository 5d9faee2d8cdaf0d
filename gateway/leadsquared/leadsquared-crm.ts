import * as v from "valibot";
import type { Crm, CrmAnswer, CrmRequest } from "../delivery/crm.ts";
import { logBody, popupBody, recordingLink, showPopupBody, type BodyParts } from "./call-bodies.ts";

export interface LeadSquaredParts extends BodyParts {
  readonly secrets: {
    readonly orgKey: string;
    readonly apiKey: string | null;
    readonly accessKey: string | null;
    readonly secretKey: string | null;
  };
  readonly fetch: typeof fetch;
}

/** How long an accepted log may stay in LeadSquared's queue before we look again. */
const POLL_MS = 15_000;
const WINDOW_MS = 5_000;

const success = v.object({ Status: v.literal("Success"), ProspectActivityId: v.optional(v.nullable(v.string()), null) });
const failure = v.object({ Message: v.string() });
const accepted = v.object({ RequestID: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) });
const status = v.object({
  TaskStatus: v.object({ Status: v.string(), StatusReason: v.optional(v.nullable(v.string()), null) }),
  Message: v.optional(v.unknown()),
});
const logResult = v.object({ activityId: v.string() });

/** LeadSquared's Universal Telephony Connector. A log that it has already is as good as one that it takes. */
export function createLeadSquaredCrm(parts: LeadSquaredParts): Crm {
  const { config, secrets } = parts;
  const connector = `${secrets.orgKey}/${config.connectorId}`;
  const telephony = (what: string, body: object) => post(parts, `${config.telephony}/1/api/Telephony/${what}/${connector}`, body);
  return {
    async deliver(request) {
      switch (request.kind) {
        case "popup":
          if (config.popupBy === "user") return showPopup(parts, request);
          return judge(await telephony("AgentPopup", popupBody(parts, request.call, request.agent)), parts);
        case "call-log":
          if (config.asynchronous !== undefined) return logAsynchronously(parts, connector, request);
          return judge(await telephony("LogCallComplete", logBody(parts, request.call, request.agent)), parts);
        case "recording":
          return addRecording(parts, request);
      }
    },
  };
}

async function logAsynchronously(parts: LeadSquaredParts, connector: string, request: CrmRequest): Promise<CrmAnswer> {
  const base = `${parts.config.asynchronous}/1/api/telephony/logcallcomplete`;
  const headers = { "x-api-key": parts.secrets.apiKey ?? "" };
  const before = v.safeParse(accepted, request.progress);
  if (!before.success) {
    const sent = await post(parts, `${base}/${connector}`, logBody(parts, request.call, request.agent), headers);
    if (!sent.ok) return judge(sent, parts);
    const receipt = v.safeParse(accepted, sent.body);
    if (!receipt.success) return { type: "retry", reason: "the answer names no RequestID" };
    return { type: "pending", progress: receipt.output, afterMs: POLL_MS };
  }
  const asked = await ask(parts, `${base}/status?RequestID=${before.output.RequestID}`, { headers });
  if (!asked.ok) return judge(asked, parts);
  const found = v.safeParse(status, asked.body);
  if (!found.success) return { type: "retry", reason: "the status cannot be read" };
  switch (found.output.TaskStatus.Status) {
    case "Success":
      return { type: "done", result: resultOf(found.output.Message) };
    case "In-Queue":
      return { type: "pending", progress: before.output, afterMs: POLL_MS };
    default:
      return { type: "refused", reason: quiet(found.output.TaskStatus.StatusReason ?? found.output.TaskStatus.Status) };
  }
}

async function showPopup(parts: LeadSquaredParts, { call, agent }: CrmRequest): Promise<CrmAnswer> {
  const { config, secrets } = parts;
  // In headers, where the document has them in the address: LeadSquared takes both, and addresses are logged on their way.
  const headers = { "x-LSQ-AccessKey": secrets.accessKey ?? "", "x-LSQ-SecretKey": secrets.secretKey ?? "" };
  return judge(await post(parts, `${config.api}/v2/Telephony.svc/ShowAgentPopup`, showPopupBody(parts, call, agent), headers), parts);
}

async function addRecording(parts: LeadSquaredParts, { call, logResult: log }: CrmRequest): Promise<CrmAnswer> {
  const { config, secrets } = parts;
  if (config.api === undefined) return { type: "done", result: "leadsquared.api is not configured" };
  const known = v.safeParse(logResult, log);
  if (!known.success) return { type: "refused", reason: "the log's answer named no activity" };
  const headers = { "x-LSQ-AccessKey": secrets.accessKey ?? "", "x-LSQ-SecretKey": secrets.secretKey ?? "" };
  const body = { ActivityId: known.output.activityId, RecordingURL: recordingLink(parts.publicUrl, call.id) };
  return judge(await post(parts, `${config.api}/v2/Telephony.svc/PhoneCallActivity/Update`, body, headers), parts);
}

type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number | null; readonly body: unknown; readonly retryAfter: number | null };

function post(parts: LeadSquaredParts, url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(parts, url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
}

async function ask({ config, fetch }: LeadSquaredParts, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(config.answerSeconds * 1_000) });
    const body: unknown = await response.json().catch(() => null);
    const retryAfter = Number(response.headers.get("retry-after")) || null;
    return response.ok ? { ok: true, body } : { ok: false, status: response.status, body, retryAfter };
  } catch {
    // Its message may carry the address, which is the connector's secret.
    return { ok: false, status: null, body: null, retryAfter: null };
  }
}

/** LeadSquared says "Failure" with 200, and the reason in words. */
function judge(answer: Answer, parts: LeadSquaredParts): CrmAnswer {
  if (answer.ok) {
    const taken = v.safeParse(success, answer.body);
    if (taken.success) return { type: "done", result: resultOf(answer.body) };
    const refused = v.safeParse(failure, answer.body);
    return refused.success
      ? { type: "refused", reason: quiet(refused.output.Message) }
      : { type: "retry", reason: "the answer cannot be read" };
  }
  const { status: code, retryAfter } = answer;
  if (code === 429) return { type: "retry", reason: "429", afterMs: (retryAfter ?? WINDOW_MS / 1_000) * 1_000, all: true };
  if (code === null) return { type: "retry", reason: "no answer" };
  // Wrong keys and addresses are mended in our configuration, or in LeadSquared's: the calls wait for that.
  const isMendable = code >= 500 || code === 401 || code === 403 || code === 404 || code === 408;
  const said = v.safeParse(v.object({ ExceptionMessage: v.string() }), answer.body);
  const words = said.success ? `: ${quiet(said.output.ExceptionMessage)}` : "";
  return { type: isMendable ? "retry" : "refused", reason: `${code}${words}`.replaceAll(parts.secrets.orgKey, "…") };
}

function resultOf(body: unknown): unknown {
  const found = v.safeParse(v.object({ ProspectActivityId: v.string() }), typeof body === "string" ? parsed(body) : body);
  return found.success ? { activityId: found.output.ProspectActivityId } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Their words may quote what we sent: no number stays in them. */
function quiet(words: string): string {
  return words.replaceAll(/\+?\d[\d-]{5,}/g, "…").slice(0, 300);
}
