import { Hono, type Context } from "hono";
import type { Agent } from "../agents/agent.ts";
import type { CallLedger, LedgerEntry } from "../calls/call-ledger.ts";
import { GatewayError } from "../errors.ts";
import type { Env } from "../http/environment.ts";
import type { Audit } from "../storage/audit.ts";
import type { FetchRecording } from "./recording-source.ts";

export interface RecordingParts {
  readonly ledger: CallLedger;
  readonly audit: Audit;
  readonly fetchRecording: FetchRecording;
  readonly keepDays: number;
  readonly now: () => number;
}

/** Exotel needs up to five minutes; twice that, because its clock is not ours. */
const READY_AFTER_MS = 10 * 60_000;
const ASK_AGAIN_S = 20;
/** A player asks for one recording in many ranges: that is one play. */
const ONE_PLAY_MS = 60_000;

const CALL_ID = /^[\w-]{1,100}$/;
const ASKED = ["range", "if-range", "if-none-match", "if-modified-since"];
const ANSWERED = ["accept-ranges", "content-length", "content-range", "etag", "last-modified"];

/**
 * `GET /api/recordings/{callId}`: the recording as Exotel sends it (ranges and conditions included), 202 with `Retry-After`
 * while it is not there yet. For the agent of the call and for supervisors; every play is in the audit.
 */
export function recordingRoutes(parts: RecordingParts): Hono<Env> {
  const plays = new Map<string, number>();
  return new Hono<Env>().get("/:callId", async (context) => {
    const { agent } = context.var;
    const call = await findCall(parts, context.req.param("callId"), agent);
    const url = call.view.recordingUrl;
    if (url === null) return notYet(context, parts, call);
    const upstream = await parts.fetchRecording(url, asked(context), context.req.raw.signal);
    if (upstream.status === 404) {
      await upstream.body?.cancel();
      return notYet(context, parts, call);
    }
    if (!upstream.ok && upstream.status !== 304 && upstream.status !== 416) {
      await upstream.body?.cancel();
      throw new GatewayError("exotel-unavailable", `Exotel answered ${upstream.status}`);
    }
    await audited(parts, plays, agent, call);
    return answer(upstream);
  });
}

async function findCall({ ledger, keepDays, now }: RecordingParts, callId: string, agent: Agent): Promise<LedgerEntry> {
  const call = CALL_ID.test(callId) ? await ledger.byId(callId) : null;
  // A colleague's call looks like none at all.
  const isMine = call !== null && (call.agentId === agent.id || agent.role === "supervisor");
  if (!isMine || now() - call.view.createdAt > keepDays * 86_400_000) {
    throw new GatewayError("not-found", "there is no recording of this call");
  }
  return call;
}

function notYet(context: Context<Env>, { now }: RecordingParts, { view }: LedgerEntry): Response {
  const isRecent = !view.isOver || now() - (view.endedAt ?? view.createdAt) < READY_AFTER_MS;
  const wasSpoken = !view.isOver || view.talkSeconds > 0 || view.outcome === "completed" || view.outcome === "voicemail";
  if (!isRecent || !wasSpoken) throw new GatewayError("not-found", "there is no recording of this call");
  context.header("retry-after", String(ASK_AGAIN_S));
  return context.json({ state: "not-yet" }, 202);
}

function asked(context: Context<Env>): Headers {
  const headers = new Headers({ "accept-encoding": "identity" });
  for (const name of ASKED) {
    const value = context.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

/** Nothing of the vendor's answer but what a player needs: no cookie, no address, and only sound. */
function answer(upstream: Response): Response {
  const headers = new Headers({ "cache-control": "private, no-cache", "content-disposition": "inline" });
  for (const name of ANSWERED) {
    const value = upstream.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const type = upstream.headers.get("content-type") ?? "";
  headers.set("content-type", /^audio\/[\w.+-]+$/.test(type) ? type : "application/octet-stream");
  return new Response(upstream.body, { status: upstream.status, headers });
}

async function audited({ audit, now }: RecordingParts, plays: Map<string, number>, agent: Agent, call: LedgerEntry): Promise<void> {
  const key = `${agent.id} ${call.id}`;
  const last = plays.get(key);
  if (last !== undefined && now() - last < ONE_PLAY_MS) return;
  for (const [old, at] of plays) if (now() - at >= ONE_PLAY_MS) plays.delete(old);
  plays.set(key, now());
  await audit.add("recording-played", agent.id, call.id);
}
