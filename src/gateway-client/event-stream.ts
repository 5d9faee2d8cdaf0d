import * as v from "valibot";
import { PhoneError } from "../core/errors.ts";
import type { Clock, Log, Random, Unsubscribe } from "../core/ports.ts";
import { gatewayEventSchema, type GatewayEvent } from "../protocol/gateway-calls.ts";
import { createEventReader } from "./read-events.ts";

export interface EventStreamParts {
  /** Opens the stream after the event with this id; `null`: from now on. Rejects with `PhoneError`. */
  readonly open: (lastId: string | null, signal: AbortSignal) => Promise<Response>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Log, "write">;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The gateway says something every 20 s. */
const SILENCE_MS = 50_000;
/** By then the leg has rung, or never will. */
const STALE_MS = 20_000;

/**
 * What the gateway tells, whatever becomes of the connection.
 *
 * - [G30] After a break it goes on after the last event that was heard; each is told once, in order.
 * - [G31] A break is followed by a pause that grows and is drawn by lot, so that not everybody comes back at once.
 * - [G32] A stream that says nothing for 50 s is broken.
 * - [G33] A call that was asked for more than 20 s ago is not told.
 * - [G34] Where the session is over, it ends and says so.
 */
export function createEventStream(parts: EventStreamParts): (listener: (event: GatewayEvent) => void, over: () => void) => Unsubscribe {
  let lastId: string | null = null;
  return (listener, over) => {
    const { clock, random, log } = parts;
    let stopped = false;
    let failures = 0;
    let abort = new AbortController();
    let stopPause = (): void => {};
    const once = async (): Promise<void> => {
      abort = new AbortController();
      const response = await parts.open(lastId, abort.signal);
      const reader = createMessages(clock, (ms) => ms > STALE_MS);
      await readBody(response, clock, abort, (text) => {
        for (const { id, event } of reader.take(text)) {
          if (stopped) return;
          failures = 0;
          lastId = id ?? lastId;
          if (event !== null) listener(event);
        }
      });
    };
    const round = async (): Promise<void> => {
      try {
        await once();
      } catch (error) {
        if (stopped) return;
        const code = error instanceof PhoneError ? error.code : "connection";
        log.write("info", "events: broken off", { code });
        if (code === "session-over") {
          stopped = true;
          over();
        }
      }
      if (stopped) return;
      failures += 1;
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
      stopPause = clock.after(longest * (0.25 + random() * 0.75), () => void round());
    };
    void round();
    return () => {
      stopped = true;
      stopPause();
      abort.abort();
    };
  };
}

/** Events out of text, with their ids; `null` for what is not to be told. */
function createMessages(clock: Clock, isStale: (ageMs: number) => boolean) {
  const reader = createEventReader();
  /** The gateway's clock minus ours. */
  let ahead = 0;
  return {
    take: (text: string) =>
      reader.take(text).map(({ id, data }) => {
        const event = readEvent(data);
        if (event?.type === "hello") ahead = event.at - clock.now();
        const isOld = event?.type === "dial-requested" && isStale(clock.now() + ahead - event.at);
        return { id, event: isOld ? null : event };
      }),
  };
}

/** `null` for one that this version does not know. */
function readEvent(data: string): GatewayEvent | null {
  try {
    const result = v.safeParse(gatewayEventSchema, JSON.parse(data));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

async function readBody(response: Response, clock: Clock, abort: AbortController, heard: (text: string) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let stop = (): void => {};
  try {
    for (;;) {
      stop = clock.after(SILENCE_MS, () => abort.abort());
      const { done, value } = await reader.read();
      stop();
      if (done) return;
      heard(decoder.decode(value, { stream: true }));
    }
  } finally {
    stop();
    await reader.cancel().catch(() => undefined);
  }
}
