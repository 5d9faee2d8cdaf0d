import { Hono } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { Env } from "../http/environment.ts";
import { GatewayError } from "../errors.ts";
import type { AgentEvents } from "./agent-events.ts";
import type { StreamRound } from "./stream-round.ts";

/** Proxies close what is silent; this also finds streams whose browser is gone. It asks the database nothing. */
const HEARTBEAT_MS = 20_000;
/** Tabs of one agent. */
const MOST_STREAMS = 20;

export interface EventRoutesParts {
  readonly events: AgentEvents;
  readonly streams: Pick<StreamRound, "add">;
  readonly isStopping: () => boolean;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * `GET /api/agents/me/events`: server-sent events, resumable by `Last-Event-ID` (or `?after=`, for a first connection). The
 * stream ends with its session: who comes back then learns by 401 that it is over.
 */
export function eventRoutes(parts: EventRoutesParts): Hono<Env> {
  const { events } = parts;
  const open = new Map<string, number>();
  return new Hono<Env>().get("/", async (context) => {
    const { agent, sessionId, signedInUntil } = context.var;
    const agentId = agent.id;
    const count = open.get(agentId) ?? 0;
    if (count >= MOST_STREAMS) throw new GatewayError("too-many-requests", "too many streams of one agent", { retryAfter: 30 });
    const newest = await events.newest(agentId);
    const last = readSeq(context.req.header("last-event-id") ?? context.req.query("after"));
    context.header("x-accel-buffering", "no");
    return streamSSE(context, async (stream) => {
      open.set(agentId, (open.get(agentId) ?? 0) + 1);
      try {
        await follow(stream, parts, { agentId, sessionId, until: signedInUntil }, last ?? newest);
      } finally {
        open.set(agentId, (open.get(agentId) ?? 1) - 1);
      }
    });
  });
}

function readSeq(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** False where it took longer. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
}

interface Listener {
  readonly agentId: string;
  readonly sessionId: string;
  /** Epoch ms at which that session is over. */
  readonly until: number;
}

async function follow(
  stream: SSEStreamingApi,
  { events, streams, isStopping, now }: EventRoutesParts,
  { agentId, sessionId, until }: Listener,
  from: number,
): Promise<void> {
  let seq = from;
  let mustLook = true;
  let isOver = false;
  let wake: () => void = () => undefined;
  const look = (): void => {
    mustLook = true;
    wake();
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  const offs = [events.onWake(agentId, look), streams.add({ sessionId, seq: () => seq, look, end })];
  stream.onAbort(end);
  try {
    await stream.writeSSE({ event: "hello", id: String(seq), data: JSON.stringify({ type: "hello", at: now() }) });
    while (!isOver && !stream.aborted && !isStopping() && now() < until) {
      // Armed before looking: a wake between looking and waiting is not lost.
      const woken = new Promise<void>((resolve) => (wake = resolve));
      if (mustLook) {
        mustLook = false;
        const told = await tell(stream, events, agentId, seq);
        // There may be more than are told at once.
        mustLook ||= told !== seq;
        seq = told;
      }
      if (mustLook || isOver) continue;
      if (!(await within(woken, Math.min(HEARTBEAT_MS, until - now())))) await stream.write(": still here\n\n");
    }
  } finally {
    for (const off of offs) off();
  }
}

/** What came after `seq`. @returns the newest that is told. */
async function tell(stream: SSEStreamingApi, events: AgentEvents, agentId: string, seq: number): Promise<number> {
  const missed = await events.after(agentId, seq);
  if (missed === null) {
    const newest = await events.newest(agentId);
    await stream.writeSSE({ event: "too-late", id: String(newest), data: JSON.stringify({ type: "too-late" }) });
    return newest;
  }
  for (const event of missed) await stream.writeSSE({ event: event.type, id: String(event.seq), data: JSON.stringify(event.payload) });
  return missed.at(-1)?.seq ?? seq;
}
