import * as v from "valibot";
import type { Clock, Log } from "../core/ports.ts";
import type { Config } from "../protocol/config.ts";

type IceServer = Config["sip"]["iceServers"][number];

export interface IceServers {
  /** Those to use now: what was fetched, until it expires, else the configured ones. Waits for nothing. */
  current(): readonly IceServer[];
  /** Fetches, and again before it expires. */
  start(): void;
  stop(): void;
}

export interface IceServersParts {
  readonly url: string;
  readonly configured: readonly IceServer[];
  readonly send: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** From now on this text never appears in the log. */
  readonly hide: (secret: string) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
/** For an answer that does not say. */
const USUAL_SECONDS = 3_600;

/** TURN servers whose credentials expire, in memory only. While they cannot be had, the configured ones stand in. */
export function createIceServers(parts: IceServersParts): IceServers {
  const { url, configured, send, clock, log, hide, random } = parts;
  let fetched: { readonly servers: readonly IceServer[]; readonly expiresAt: number } | null = null;
  let failures = 0;
  let started = false;
  let fetching = false;
  let stopTimer = () => {};

  const again = (ms: number): void => {
    stopTimer();
    if (started) stopTimer = clock.after(ms, () => void refresh());
  };
  const refresh = async (): Promise<void> => {
    if (fetching || !started) return;
    fetching = true;
    stopTimer();
    try {
      const answer = await ask(send, url, hide);
      failures = 0;
      fetched = { servers: answer.servers, expiresAt: clock.now() + answer.seconds * 1_000 };
      again((answer.seconds * 1_000 * 2) / 3);
    } catch (error) {
      failures += 1;
      // The answer itself is never in it: a parser's message quotes what it could not read.
      log.write("warn", "ice servers: not fetched", { problem: error instanceof Problem ? error.message : "no answer" });
      again(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.5 + random() / 2));
    } finally {
      fetching = false;
    }
  };
  return {
    current() {
      if (fetched !== null && clock.now() < fetched.expiresAt) return fetched.servers;
      // The computer slept over it, and its timer with it.
      if (fetched !== null) void refresh();
      return configured;
    },
    start() {
      started = true;
      void refresh();
    },
    stop() {
      started = false;
      stopTimer();
    },
  };
}

/** Says what is wrong without quoting anything. */
class Problem extends Error {}

async function ask(send: typeof fetch, url: string, hide: (secret: string) => void): Promise<Answer> {
  const response = await send(url, {
    headers: { accept: "application/json" },
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Problem(`the server answered ${response.status}`);
  const value: unknown = await response.json();
  for (const secret of secretsIn(value)) hide(secret);
  return readIceServers(value);
}

interface Answer {
  readonly servers: readonly IceServer[];
  /** How long the credentials hold. */
  readonly seconds: number;
}

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const seconds = v.optional(v.pipe(v.number(), v.minValue(30), v.maxValue(7 * 86_400)), USUAL_SECONDS);
const urls = v.union([text, v.array(text)]);
/** As `RTCIceServer`. */
const plain = v.object({
  iceServers: v.array(v.object({ urls, username: v.optional(text), credential: v.optional(text) })),
  ttlSeconds: seconds,
});
/** draft-uberti-behave-turn-rest-00 section 2.2. */
const rest = v.object({ username: text, password: text, ttl: seconds, uris: v.array(text) });

/** Throws `Problem` where there is no server in it that a browser would take. */
export function readIceServers(value: unknown): Answer {
  const answer = v.safeParse(v.union([plain, rest]), value);
  if (!answer.success) throw new Problem("the answer is not a list of ICE servers");
  const { output } = answer;
  const servers: IceServer[] =
    "uris" in output ? [{ urls: output.uris, username: output.username, credential: output.password }] : output.iceServers;
  const usable = servers.flatMap(usablePart);
  if (usable.length === 0) throw new Problem("the answer names no server that can be used");
  return { servers: usable, seconds: "uris" in output ? output.ttl : output.ttlSeconds };
}

/** One address that a browser does not take, or a TURN server without credentials, would cost every call. */
function usablePart(server: IceServer): IceServer[] {
  const hasCredentials = server.username !== undefined && server.credential !== undefined;
  const known = [server.urls].flat().filter((each) => (hasCredentials ? /^(stun|turn)s?:\S+$/ : /^stuns?:\S+$/).test(each));
  return known.length === 0 ? [] : [{ ...server, urls: known }];
}

/** Every text in the answer that is no address; whatever its form, none belongs into the log. */
function secretsIn(value: unknown): string[] {
  if (typeof value === "string") return /^(stun|turn)s?:/.test(value) ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
