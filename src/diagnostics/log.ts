import type { Log, LogLevel } from "../core/ports.ts";
import { redact, redactText } from "./redact.ts";

export interface SessionLog extends Log {
  /** From now on this text never appears in the log, whatever it stands in. */
  hide(secret: string): void;
  entries(): readonly LogEntry[];
}

export interface LogEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly level: LogLevel;
  readonly event: string;
  readonly facts: unknown;
}

const MOST_ENTRIES = 500;

/**
 * The only log: the newest 500 entries in memory, redacted before they are kept. Nothing is printed and nothing stored.
 *
 * Levels: `error` the agent sees it; `warn` something failed and was made good; `info` once per step of a call or of a
 * registration; `debug` everything else.
 *
 * @param about  what stands above the entries in the text for support: version, browser, capabilities.
 */
export function createLog(now: () => number, about: () => Readonly<Record<string, unknown>> = () => ({})): SessionLog {
  const kept: LogEntry[] = [];
  const secrets = new Set<string>();
  return {
    write(level, event, facts) {
      kept.push({ at: now(), level, event: redactText(event, secrets), facts: facts === undefined ? undefined : redact(facts, secrets) });
      if (kept.length > MOST_ENTRIES) kept.shift();
    },
    hide(secret) {
      // Shorter ones would tear ordinary words apart, and show by their absence what they are.
      if (secret.length >= 4) secrets.add(secret);
    },
    entries: () => kept,
    text() {
      const head = Object.entries(about()).map(([key, value]) => `${key}: ${oneLine(redact(value, secrets))}`);
      return [...head, "", ...kept.map(line)].join("\n");
    },
  };
}

function line(entry: LogEntry): string {
  const facts = entry.facts === undefined ? "" : ` ${oneLine(entry.facts)}`;
  return `${new Date(entry.at).toISOString()} ${entry.level.padEnd(5)} ${entry.event}${facts}`;
}

function oneLine(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
