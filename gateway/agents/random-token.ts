import { createHash, randomBytes } from "node:crypto";

/** 256 bits, safe in a cookie, a header and a link's fragment. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What the database keeps of a token: its rows open nothing. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
