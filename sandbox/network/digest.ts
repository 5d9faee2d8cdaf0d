import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Digest authentication of a SIP registrar: MD5, `qop=auth` or none (RFC 3261 section 22, RFC 2617). */
interface DigestRequest {
  readonly method: string;
  readonly realm: string;
  /** Value of the Authorization header, `null` where there is none. */
  readonly authorization: string | null;
}

/** `stale` asks for the same credentials with a new nonce; `refused` means that they are wrong. */
type DigestVerdict = "accepted" | "challenge" | "stale" | "refused";

export interface Digest {
  /** Value of WWW-Authenticate. */
  challenge(realm: string, stale: boolean): string;
  /** `passwordOf` gives `null` for a user it does not know. */
  verify(request: DigestRequest, user: string, passwordOf: (user: string) => string | null, nowMs: number): DigestVerdict;
}

const NONCE_LIFE_MS = 5 * 60_000;

/** Nonces carry their time and a signature, so nothing has to be kept; a new `Digest` makes all of them stale. */
export function createDigest(now: () => number): Digest {
  const key = randomBytes(16);
  const sign = (time: string) => createHmac("sha256", key).update(time).digest("hex").slice(0, 24);
  const isFresh = (nonce: string, nowMs: number): boolean => {
    const [time = "", signature = ""] = nonce.split("-");
    return same(signature, sign(time)) && nowMs - Number.parseInt(time, 36) <= NONCE_LIFE_MS;
  };
  return {
    challenge(realm, stale) {
      const time = now().toString(36);
      return `Digest realm="${realm}", nonce="${time}-${sign(time)}", algorithm=MD5, qop="auth"${stale ? ", stale=true" : ""}`;
    },
    verify(request, user, passwordOf, nowMs) {
      if (request.authorization === null) return "challenge";
      const fields = parseDigest(request.authorization);
      const password = passwordOf(user);
      if (fields === null || password === null || fields["username"] !== user || fields["realm"] !== request.realm) return "refused";
      if (!same(digestResponse(fields, request.method, password), fields["response"] ?? "")) return "refused";
      return isFresh(fields["nonce"] ?? "", nowMs) ? "accepted" : "stale";
    },
  };
}

export type DigestFields = Readonly<Record<string, string>>;

/** `null` for another scheme than Digest. */
export function parseDigest(header: string): DigestFields | null {
  const scheme = /^\s*Digest\s+/i.exec(header);
  if (scheme === null) return null;
  const pairs = header.slice(scheme[0].length).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name = "", quoted, plain]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? ""]),
  );
}

/** The `response` that belongs to these fields (RFC 2617 section 3.2.2.1). */
export function digestResponse(fields: DigestFields, method: string, password: string): string {
  const ha1 = md5(`${fields["username"]}:${fields["realm"]}:${password}`);
  const ha2 = md5(`${method}:${fields["uri"]}`);
  const middle = fields["qop"] === undefined ? fields["nonce"] : `${fields["nonce"]}:${fields["nc"]}:${fields["cnonce"]}:${fields["qop"]}`;
  return md5(`${ha1}:${middle}:${ha2}`);
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
