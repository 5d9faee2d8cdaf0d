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

const CANDIDATE = /^a=(candidate:.*?|end-of-candidates)\s*\r?\n/gm;

/** The same description of somebody whose addresses are not known yet (RFC 8840 section 4.1). */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(CANDIDATE, "");
}

/** A far end's addresses, each with the place of its `m=` section. */
export function candidatesOf(sdp: string): { readonly candidate: string; readonly sdpMLineIndex: number }[] {
  const [, ...media] = sdp.split(/^m=/m);
  return media.flatMap((section, sdpMLineIndex) =>
    [...section.matchAll(/^a=(candidate:.*?)\s*$/gm)].map(([, candidate = ""]) => ({ candidate, sdpMLineIndex })),
  );
}

/** Session id and version of an `o=` line (RFC 4566 section 5.2): decimal numbers of up to 64 bits, so kept as text. */
export interface SdpOrigin {
  readonly id: string;
  readonly version: string;
}

export function sdpOrigin(sdp: string): SdpOrigin | null {
  const [, id, version] = /^o=\S+ (\d{1,19}) (\d{1,19}) /m.exec(sdp) ?? [];
  return id === undefined || version === undefined ? null : { id, version };
}

/** A far end must see one session: the same id as before, and a version that has grown by one (RFC 3264 section 8). */
export function afterOrigin(sdp: string, last: SdpOrigin): string {
  const version = BigInt(last.version) + 1n;
  return sdp.replace(/^(o=\S+) \d+ \d+ /m, (_line, name: string) => `${name} ${last.id} ${version} `);
}

export function isSdpOrigin(value: unknown): value is SdpOrigin {
  if (typeof value !== "object" || value === null || !("id" in value && "version" in value)) return false;
  return [value.id, value.version].every((part) => typeof part === "string" && /^\d{1,19}$/.test(part));
}
