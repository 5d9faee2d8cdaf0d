/** One SIP message as text (RFC 3261 section 7), read as far as a customer's telephone needs. */
export interface SipText {
  /** Of a request; `null` for a response. */
  readonly method: string | null;
  /** Of a response; `null` for a request. */
  readonly status: number | null;
  /** Method of the CSeq header, its number in `sequence`. */
  readonly of: string;
  readonly sequence: number;
  readonly callId: string;
  readonly body: string;
  /** The first of this name; empty where there is none. */
  header(name: string): string;
  /** All of this name, in order, one entry a value. */
  headers(name: string): readonly string[];
}

export function readSip(text: string): SipText {
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  const [first = "", ...lines] = head.split("\r\n");
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  const headers = (name: string) => fields.filter((field) => field.name === name.toLowerCase()).map((field) => field.value);
  const header = (name: string) => headers(name)[0] ?? "";
  const [sequence = "0", of = ""] = header("CSeq").split(/\s+/);
  const status = /^SIP\/2\.0 (\d{3})/.exec(first)?.[1];
  return {
    method: status === undefined ? (first.split(" ")[0] ?? "") : null,
    status: status === undefined ? null : Number(status),
    of,
    sequence: Number(sequence),
    callId: header("Call-ID"),
    body,
    header,
    headers,
  };
}

/** A message of these lines and this body, an SDP where there is one. */
export function writeSip(lines: readonly string[], body = ""): string {
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  return [...lines, ...type, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n");
}

/** The URI between `<` and `>`. */
export function uriOf(address: string): string {
  return /<([^>]+)>/.exec(address)?.[1] ?? address;
}

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export interface SdpFacts {
  readonly port: number;
  readonly address: string;
  readonly direction: Direction;
}

/** Where the other side wants its sound, and which ways it flows (RFC 4566, RFC 3264). `null` where there is no audio. */
export function readSdp(sdp: string): SdpFacts | null {
  const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? Number.NaN);
  if (Number.isNaN(port)) return null;
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp)?.[1];
  return { port, address: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? "127.0.0.1", direction: isDirection(direction) ? direction : "sendrecv" };
}

/** What may be answered to an offer of this direction (RFC 3264 section 6.1) by somebody who wants both. */
export const ANSWERED: Readonly<Record<Direction, Direction>> = {
  sendrecv: "sendrecv",
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
};

function isDirection(word: string | undefined): word is Direction {
  return word !== undefined && word in ANSWERED;
}
