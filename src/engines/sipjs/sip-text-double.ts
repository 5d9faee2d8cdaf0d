/** One SIP message, read and written by the played network without the library that it plays against. */
export interface SipText {
  /** `null` for a response. */
  readonly method: string | null;
  /** Of the CSeq header. */
  readonly cseqMethod: string;
  readonly uri: string;
  readonly status: number | null;
  readonly body: string;
  readonly text: string;
  /** First value, "" where there is none. */
  header(name: string): string;
  all(name: string): readonly string[];
}

export function readSip(text: string): SipText {
  const [head = "", body = ""] = text.split(/\r\n\r\n([\s\S]*)/);
  const [start = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()] as const);
  const all = (name: string): readonly string[] => headers.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value);
  const response = /^SIP\/2\.0 (\d{3})/.exec(start);
  const [method = "", uri = ""] = start.split(" ");
  return {
    method: response ? null : method,
    cseqMethod: (all("CSeq")[0] ?? "").split(" ")[1] ?? "",
    uri,
    status: response ? Number(response[1]) : null,
    body,
    text,
    header: (name) => all(name)[0] ?? "",
    all,
  };
}

export function writeSip(start: string, headers: readonly string[], body = ""): string {
  return [start, ...headers, `Content-Length: ${new TextEncoder().encode(body).length}`, "", body].join("\r\n");
}

/** A response to `request`. */
export function answerSip(request: SipText, status: number, headers: readonly string[] = [], body = "", tag = "net"): string {
  const to = request.header("To");
  return writeSip(
    `SIP/2.0 ${status} Played`,
    [
      ...request.all("Via").map((via) => `Via: ${via}`),
      `From: ${request.header("From")}`,
      `To: ${/;\s*tag=/.test(to) ? to : `${to};tag=${tag}`}`,
      `Call-ID: ${request.header("Call-ID")}`,
      `CSeq: ${request.header("CSeq")}`,
      ...headers,
      ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    ],
    body,
  );
}
