import type { EndReason } from "../../protocol/call.ts";

export interface LegEnd {
  readonly reason: EndReason;
  readonly sipCode: number | null;
}

/** The far end has gone where it was sent. */
export const TRANSFERRED: LegEnd = { reason: "transferred", sipCode: null };

/** What of a response is read. */
export interface FinalResponse {
  readonly statusCode?: number | undefined;
  getHeader(name: string): string | undefined;
}

/** One value of a Reason header (RFC 3326): `SIP;cause=200;text="…"`, `Q.850;cause=26`. */
interface Cause {
  readonly protocol: "SIP" | "Q.850";
  readonly cause: number;
}

/** ITU-T Q.850: the network failed, nobody hung up. 27 destination out of order, 38 network, 41 temporary, 102 timer. */
const NETWORK_FAILURES: ReadonlySet<number> = new Set([27, 38, 41, 102]);
/** ITU-T Q.850: 26 non-selected user clearing. */
const ANSWERED_ELSEWHERE = 26;

/** The caller gave up, or another phone of this agent took the call. */
export function endByCancel(reasonHeader: string | null): LegEnd {
  const elsewhere = readCauses(reasonHeader).some(({ protocol, cause }) => cause === (protocol === "SIP" ? 200 : ANSWERED_ELSEWHERE));
  return { reason: elsewhere ? "answered-elsewhere" : "missed", sipCode: 487 };
}

export function endByBye(reasonHeader: string | null): LegEnd {
  const causes = readCauses(reasonHeader);
  const failure = causes.find(({ protocol, cause }) => protocol === "SIP" && (cause === 408 || cause >= 500) && cause < 600);
  if (failure !== undefined) return { reason: "connection-lost", sipCode: failure.cause };
  const lost = causes.some(({ protocol, cause }) => protocol === "Q.850" && NETWORK_FAILURES.has(cause));
  return { reason: lost ? "connection-lost" : "hung-up-there", sipCode: null };
}

/** What a final answer to our INVITE means (RFC 3261 section 21, RFC 6432 for causes in responses). */
export function endByResponse(status: number, reasonHeader: string | null): LegEnd {
  const q850 = readCauses(reasonHeader).find(({ protocol }) => protocol === "Q.850")?.cause;
  if (status === 486 || status === 600 || q850 === 17) return { reason: "busy", sipCode: status };
  if (status === 408 || status === 480 || status === 487 || q850 === 18 || q850 === 19) return { reason: "no-answer", sipCode: status };
  return { reason: "failed", sipCode: status };
}

/** Codes of a Warning header (RFC 3261 section 20.43), without its free text. */
export function warningCodes(header: string | null): number[] {
  return [...(header ?? "").matchAll(/(?:^|,)\s*(\d{3})\s/g)].map(([, code]) => Number(code));
}

function readCauses(header: string | null): Cause[] {
  return [...(header ?? "").matchAll(/\b(SIP|Q\.850)\b[^,]*?;\s*cause\s*=\s*"?(\d{1,3})\b/gi)].map(([, protocol = "", cause]) => ({
    protocol: protocol.toUpperCase() === "SIP" ? "SIP" : "Q.850",
    cause: Number(cause),
  }));
}
