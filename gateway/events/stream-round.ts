import { sql } from "kysely";
import type { Log } from "../log/log.ts";
import type { Db } from "../storage/database.ts";
import type { AgentEvents } from "./agent-events.ts";

/** One open event stream. */
export interface OpenStream {
  /** The session that opened it. */
  readonly sessionId: string;
  /** The newest event that it has told. */
  seq(): number;
  /** There are events that it has not told. */
  look(): void;
  /** Its session is over, or its agent no longer active. */
  end(): void;
}

/**
 * Looks after the open streams of this process, all in one query: an idle stream asks the database nothing.
 *
 * - [G120] A round is one query, however many streams there are.
 * - [G121] A stream ends with its session: within a round of signing out, of being removed, of its last hour.
 * - [G122] An event whose notice was lost is told within a round; at once where the connection that hears notices is back.
 */
export interface StreamRound {
  add(stream: OpenStream): () => void;
  runOnce(): Promise<void>;
  /** Runs every `ROUND_MS` until `stop`. */
  start(): void;
  stop(): void;
}

export interface StreamRoundParts {
  readonly db: Db;
  readonly events: Pick<AgentEvents, "onMissed">;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

const ROUND_MS = 20_000;

export function createStreamRound({ db, events, log, now }: StreamRoundParts): StreamRound {
  const streams = new Set<OpenStream>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  const runOnce = async (): Promise<void> => {
    // One that is opened while the database answers was not asked for.
    const asked = [...streams];
    if (asked.length === 0) return;
    const newest = await newestBySession(db, new Set(asked.map((stream) => stream.sessionId)), now());
    for (const stream of asked) {
      const seq = newest.get(stream.sessionId);
      if (seq === undefined) stream.end();
      else if (seq !== stream.seq()) stream.look();
    }
  };
  const round = (): void => {
    running ??= runOnce()
      .catch((error: unknown) => log.warn({ err: error }, "event streams were not looked after"))
      .finally(() => (running = null));
  };
  events.onMissed(round);
  return {
    add(stream) {
      streams.add(stream);
      return () => streams.delete(stream);
    },
    runOnce,
    start() {
      timer = setInterval(round, ROUND_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** The newest event of each session's agent; a session that is over has none. */
async function newestBySession(db: Db, sessions: ReadonlySet<string>, now: number): Promise<ReadonlyMap<string, number>> {
  // As one value: a statement has room for 65,535 of them.
  const asked = sql<string>`(select json_array_elements_text(${JSON.stringify([...sessions])}::json))`;
  const rows = await db
    .selectFrom("sessions")
    .innerJoin("agents", "agents.id", "sessions.agent_id")
    .select(["sessions.token_hash", "agents.event_seq"])
    .where("sessions.token_hash", "in", asked)
    .where("sessions.expires_at", ">", now)
    .where("agents.active", "=", true)
    .execute();
  return new Map(rows.map((row) => [row.token_hash, row.event_seq]));
}
