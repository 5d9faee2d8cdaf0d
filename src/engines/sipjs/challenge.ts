import type { Core } from "sip.js";

/**
 * What a registrar asked for last (RFC 2617 section 3.2.1). While it takes this nonce, the next REGISTER carries its
 * credentials at once (section 3.3): one round trip less between a page and its first call. No secret: the registrar sends
 * it in the clear to whoever asks.
 */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  readonly qop: string | null;
  /** How often this nonce was used: it is never used twice with the same count (section 3.2.2). */
  readonly count: number;
}

/** Outlives the page. */
export interface Challenges {
  /** The last one for this address of record. */
  find(addressOfRecord: string): Challenge | null;
  remember(addressOfRecord: string, challenge: Challenge): void;
}

export const NO_CHALLENGES: Challenges = { find: () => null, remember: () => undefined };

/** Of the Authorization header that was accepted, as sip.js writes it. `null`: there is none, or one of an unknown shape. */
export function readChallenge(authorization: string | undefined): Challenge | null {
  const field = (name: string): string | null => {
    const found = new RegExp(`[ ,]${name}=(?:"([^"]*)"|([^\\s,"]+))`).exec(authorization ?? "");
    return found?.[1] ?? found?.[2] ?? null;
  };
  const [realm, nonce, count] = [field("realm"), field("nonce"), Number.parseInt(field("nc") ?? "0", 16)];
  if (realm === null || nonce === null || !(count >= 0)) return null;
  return { realm, nonce, opaque: field("opaque"), qop: field("qop"), count };
}

/** Answers the challenge before it is asked again. */
export function answerAhead(core: Core.UserAgentCore, message: Core.OutgoingRequestMessage, challenge: Challenge): void {
  const credentials = core.configuration.authenticationFactory();
  if (credentials === undefined) return;
  // It counts from the number that it is given, and has no other way to be told.
  Object.assign(credentials, { nc: challenge.count });
  if (credentials.authenticate(message, challenge)) message.setHeader("authorization", credentials.toString());
}
