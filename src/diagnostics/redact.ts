/**
 * Takes secrets and customers' numbers out of whatever is about to be kept. Pure.
 *
 * Gone: passwords, tokens, digest credentials, values of a URL's query. Masked to the last two digits: telephone
 * numbers, also inside SIP URIs. Kept: call ids (UUIDs, 32 hex digits), addresses of servers, counters and times.
 */
export function redact(value: unknown, secrets: ReadonlySet<string> = new Set()): unknown {
  return visit(value, "", 0, secrets);
}

const GONE = "[removed]";
const SECRET_KEY = /pass(word|wd|phrase)?$|secret|token|credential|authori[sz]ation|^auth$|api-?_?key|^pin$|cookie|nonce/i;
const NUMBER_KEY = /number|phone|^(from|to|caller|callee|digits|msisdn)$/i;
const MOST_READ = 2_000;
const MOST_TEXT = 500;
const MOST_ENTRIES = 30;
const MOST_DEPTH = 4;

function visit(value: unknown, key: string, depth: number, secrets: ReadonlySet<string>): unknown {
  if (SECRET_KEY.test(key) && value !== null && value !== undefined && typeof value !== "boolean") return GONE;
  switch (typeof value) {
    case "string":
      return redactText(value, secrets);
    case "number":
      return NUMBER_KEY.test(key) && Math.abs(value) > 99 ? mask(String(value)) : value;
    case "boolean":
    case "undefined":
      return value;
    case "object":
      return value === null ? null : visitObject(value, depth, secrets);
    default:
      return `[${typeof value}]`;
  }
}

function visitObject(value: object, depth: number, secrets: ReadonlySet<string>): unknown {
  if (depth >= MOST_DEPTH) return "[deep]";
  if (value instanceof Error) {
    const { cause } = value;
    const told = redactText(`${value.name}: ${value.message}`, secrets);
    return cause === undefined ? told : { error: told, cause: visit(cause, "", depth + 1, secrets) };
  }
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => visit(entry, "", depth + 1, secrets));
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(entries.map(([key, entry]) => [redactText(key, secrets), visit(entry, key, depth + 1, secrets)]));
}

/** The same for one piece of text: a header line, a URL, a vendor's message. */
export function redactText(text: string, secrets: ReadonlySet<string> = new Set()): string {
  // The patterns below are quadratic on one endless word; what is read is longer than what is kept, so that a secret
  // that is cut in two at its end is never among what is kept.
  let out = text.slice(0, MOST_READ);
  for (const secret of secrets) if (secret !== "") out = out.replaceAll(secret, GONE);
  if (SUSPICIOUS.test(out)) out = withoutPatterns(out);
  if (text.length > MOST_READ) out = out.slice(0, -MOST_TEXT);
  return out.length > MOST_TEXT ? `${out.slice(0, MOST_TEXT)}…` : out;
}

/** Nothing of what is looked for can be in a text without one of these: most lines are plain words, written while a call waits. */
const SUSPICIOUS = /[=\p{Nd}]|:\/\/|authori|passw|passphrase|secret|token|key|credential|nonce|response|bearer|basic|digest/iu;

function withoutPatterns(text: string): string {
  return text
    .replace(/((?:proxy-)?authori[sz]ation)("?\s*[:=]\s*)[^\r\n]+/gi, `$1$2${GONE}`)
    .replace(/\b(bearer|basic|digest)\s+[^\s,;"'][^\r\n]*/gi, `$1 ${GONE}`)
    .replace(
      /([\w-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api-?_?key|credential|c?nonce|\bresponse))("?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
      `$1$2${GONE}`,
    )
    .replace(/(\w+:\/\/)[^\s/@]+@/g, `$1${GONE}@`)
    .replace(/([?&][^\s=&#"'?]*)=[^\s&#"']*/g, "$1=…")
    .replace(ID_OR_NUMBER, (found, id: string | undefined, address: string | undefined) => id ?? address ?? mask(found));
}

/** A call id or an IPv4 address is kept whole; any other run of seven or more digits is taken for a number. */
const ID_OR_NUMBER =
  /(?<![0-9a-f-])([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{32})(?![0-9a-f-])|(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?![\d.])|\+?\p{Nd}(?:[\s().-]{0,3}\p{Nd}){6,}/giu;

function mask(number: string): string {
  const digits = number.match(/\p{Nd}/gu) ?? [];
  return `•••${digits.slice(-2).join("")}`;
}
