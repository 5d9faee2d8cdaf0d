import { pino, type DestinationStream, type Logger } from "pino";

export type Log = Logger;

/**
 * The one log, JSON lines on standard output. What must never be in it is taken out by name, and long digit runs are
 * masked wherever they turn up: a message of the database or of another server may quote a customer's number.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    redact: {
      paths: ["password", "token", "secret", "authorization", "cookie", "*.password", "*.token", "*.secret", "*.authorization", "*.cookie"],
      censor: "[redacted]",
    },
    hooks: { streamWrite: maskNumbers },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface ErrorInLog {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly cause: ErrorInLog | null;
}

/** These and nothing else: a database's error carries the statement's values, a client's the whole request. */
function describeError(error: unknown): ErrorInLog {
  if (!(error instanceof Error)) return { type: typeof error, code: null, message: "no error object", stack: null, cause: null };
  return {
    type: error.name,
    code: "code" in error ? String(error.code) : null,
    message: error.message,
    stack: error.stack ?? null,
    cause: error.cause instanceof Error ? describeError(error.cause) : null,
  };
}

/** Telephone numbers, also behind an escaped line break; parts of UUIDs and hashes have letters around them. */
const NUMBER = /(?<=\\[nrt]|[^\w.-]|^)\+?\d[\d-]{7,18}\d(?![\w-])/g;

/** `09052161119` becomes `…19`. Epoch times of `"time":` stay. */
export function maskNumbers(line: string): string {
  return line.replaceAll(NUMBER, (found, offset: number) => (line.slice(0, offset).endsWith('"time":') ? found : `…${found.slice(-2)}`));
}
