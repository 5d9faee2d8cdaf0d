/** The few things the network reads from a session description and writes into it (RFC 8866, RFC 3264). Audio only. */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/m;

export function directionOf(sdp: string): Direction {
  // Absent means both ways (RFC 8866 section 6.7).
  const found = DIRECTION.exec(sdp)?.[1];
  return found === "sendonly" || found === "recvonly" || found === "inactive" ? found : "sendrecv";
}

export function withDirection(sdp: string, direction: Direction): string {
  return sdp.replace(DIRECTION, `a=${direction}`);
}

export const sends = (direction: Direction): boolean => direction === "sendrecv" || direction === "sendonly";
export const receives = (direction: Direction): boolean => direction === "sendrecv" || direction === "recvonly";

export function directionFor(send: boolean, receive: boolean): Direction {
  if (send) return receive ? "sendrecv" : "sendonly";
  return receive ? "recvonly" : "inactive";
}

/** What names a transport: the same again means that only the direction has changed. */
export function transportOf(sdp: string): string {
  return ["ice-ufrag", "ice-pwd", "fingerprint"].map((name) => attribute(sdp, name)?.toLowerCase()).join(" ");
}

export function setupOf(sdp: string): string | null {
  return attribute(sdp, "setup");
}

export function withSetup(sdp: string, setup: string): string {
  return sdp.replace(/^a=setup:\w+/m, `a=setup:${setup}`);
}

/** The same session, a new version of it (RFC 3264 section 8). */
export function withOrigin(sdp: string, session: number, version: number): string {
  return sdp.replace(/^o=.*$/m, `o=- ${session} ${version} IN IP4 127.0.0.1`);
}

/** werift also lists interfaces that it does not listen on. */
export function withLoopbackOnly(sdp: string): string {
  return sdp.replace(/^a=candidate:(?!\S+ \d+ udp \d+ 127\.0\.0\.1 ).*\r?\n/gm, "");
}

/** Payload type of `telephone-event/8000`, `null` where it was not taken. */
export function telephoneEventOf(sdp: string): number | null {
  const found = /^a=rtpmap:(\d+) telephone-event\/8000/im.exec(sdp)?.[1];
  return found === undefined ? null : Number(found);
}

/** The first audio format that is G.711, as its payload type: what the other side prefers. */
export function preferredPayloadType(sdp: string): number | null {
  const formats = /^m=audio (\d+) \S+ (.*)$/m.exec(sdp);
  if (formats === null || formats[1] === "0") return null;
  const found = (formats[2] ?? "")
    .trim()
    .split(" ")
    .find((format) => format === "0" || format === "8");
  return found === undefined ? null : Number(found);
}

function attribute(sdp: string, name: string): string | null {
  return new RegExp(`^a=${name}:(.*?)\$`, "m").exec(sdp)?.[1] ?? null;
}
