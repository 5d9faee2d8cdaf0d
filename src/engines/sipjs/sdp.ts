export type MediaDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** Direction of the audio as its writer means it; `sendrecv` unless said otherwise (RFC 3264 section 5.1). */
export function audioDirection(sdp: string): MediaDirection {
  const [session = "", ...media] = sdp.split(/^m=/m);
  const audio = media.find((section) => section.startsWith("audio")) ?? "";
  const found = DIRECTION.exec(audio) ?? DIRECTION.exec(session);
  return (found?.[1] ?? "sendrecv") as MediaDirection;
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m;

/**
 * An offer that leaves the DTLS role open costs 1 to 2 s with servers that then take the active part themselves
 * (rtpengine). The connection that made it accepts either answer.
 */
export function withActiveSetup(sdp: string): string {
  return sdp.replace(/^a=setup:actpass\s*$/gm, "a=setup:active\r");
}
