/** What went over the wire, newest last. */
export interface SipLogEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly agent: string | null;
  readonly direction: "in" | "out";
  readonly message: string;
}

const LIMIT = 2000;

export class SipLog {
  readonly #entries: SipLogEntry[] = [];

  add(agent: string | null, direction: "in" | "out", message: string): void {
    this.#entries.push({ at: Date.now(), agent, direction, message: redact(message) });
    if (this.#entries.length > LIMIT) this.#entries.shift();
  }

  entries(): readonly SipLogEntry[] {
    return [...this.#entries];
  }
}

/** Takes credentials and pressed keys out of a SIP message. */
export function redact(message: string): string {
  const plain = message.replace(/^((?:Proxy-)?Authorization\s*:).*$/gim, "$1 [redacted]");
  const body = plain.indexOf("\r\n\r\n");
  if (body < 0 || !/^(?:Content-Type|c)\s*:\s*application\/dtmf/im.test(plain.slice(0, body))) return plain;
  return `${plain.slice(0, body)}\r\n\r\n[redacted]`;
}
