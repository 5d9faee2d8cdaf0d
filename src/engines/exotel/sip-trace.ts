/** One SIP message as it passed the SDK's log. */
export interface SipTrace {
  readonly direction: "in" | "out";
  /** Of a request; `null` for a response. */
  readonly method: string | null;
  /** Of a response; `null` for a request. */
  readonly status: number | null;
  /** Method named by CSeq: what a response answers. */
  readonly cseqMethod: string;
  readonly callId: string;
  /** First header of this name, in any case; `null` where there is none. */
  header(name: string): string | null;
}

/** sip.js writes one of these and then the message (`traceSip`). */
const MARK = /(Sending WebSocket message|Received WebSocket (?:text|binary) message):\n\n/;
/** The mark comes within the first words of a line; SDP and the rest need not be searched for it. */
const MARK_WITHIN = 300;

/** Reads one line of the SDK's log; `null` where it holds no SIP message. */
export function readTrace(line: unknown): SipTrace | null {
  if (typeof line !== "string") return null;
  const mark = MARK.exec(line.slice(0, MARK_WITHIN));
  if (mark === null) return null;
  const text = line.slice(mark.index + mark[0].length);
  const end = text.search(/\r?\n\r?\n/);
  const head = end < 0 ? text : text.slice(0, end);
  const start = /^(?:SIP\/2\.0 (\d{3})|([A-Z]+) )/.exec(head);
  if (start === null) return null;
  const header = (name: string) => headerOf(head, name);
  return {
    direction: mark[1]?.startsWith("Sending") ? "out" : "in",
    method: start[2] ?? null,
    status: start[1] === undefined ? null : Number(start[1]),
    cseqMethod: /\b[A-Z]+$/.exec(header("CSeq") ?? "")?.[0] ?? "",
    callId: header("Call-ID") ?? header("i") ?? "",
    header,
  };
}

/** Compact forms (RFC 3261 section 7.3.3) of the headers that are asked for. */
const COMPACT: Readonly<Record<string, string>> = { from: "f", to: "t", "call-id": "i" };

function headerOf(head: string, name: string): string | null {
  const short = COMPACT[name.toLowerCase()];
  const names = short === undefined ? name : `${name}|${short}`;
  return new RegExp(`^(?:${names})[ \\t]*:[ \\t]*(.*?)[ \\t\\r]*$`, "im").exec(head)?.[1] ?? null;
}
