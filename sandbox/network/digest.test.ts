import { expect, test } from "vitest";
import { createDigest, digestResponse, parseDigest } from "./digest.ts";

const REALM = "sandbox.test";
const passwordOf = (user: string) => (user === "asha" ? "sandbox-asha" : null);

/** What a browser would send to this challenge. */
function authorization(challenge: string, changes: { user?: string; password?: string; uri?: string; qop?: boolean } = {}): string {
  const { user = "asha", password = "sandbox-asha", uri = `sip:${REALM}`, qop = true } = changes;
  const { realm = "", nonce = "" } = parseDigest(challenge) ?? {};
  const fields = { username: user, realm, nonce, uri, ...(qop ? { qop: "auth", nc: "00000001", cnonce: "abc" } : {}) };
  const response = digestResponse(fields, "REGISTER", password);
  return `Digest ${Object.entries({ ...fields, response })
    .map(([name, value]) => (name === "qop" || name === "nc" ? `${name}=${value}` : `${name}="${value}"`))
    .join(", ")}`;
}

test("[N1] the example of RFC 2617 gives its response", () => {
  const header =
    'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", ' +
    'qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  const fields = parseDigest(header) ?? {};
  expect(digestResponse(fields, "GET", "Circle Of Life")).toBe("6629fae49393a05397450978507c4ef1");
});

test("[N1] without credentials there is a challenge, with right ones the way in", () => {
  const digest = createDigest(() => 1000);
  const verify = (header: string | null) =>
    digest.verify({ method: "REGISTER", realm: REALM, authorization: header }, "asha", passwordOf, 1000);
  expect(verify(null)).toBe("challenge");
  expect(verify(authorization(digest.challenge(REALM, false)))).toBe("accepted");
  expect(verify(authorization(digest.challenge(REALM, false), { qop: false }))).toBe("accepted");
});

test.each([
  ["a wrong password", { password: "guess" }],
  ["another user's credentials", { user: "ravi" }],
])("[N1] %s is refused", (_, changes) => {
  const digest = createDigest(() => 1000);
  const header = authorization(digest.challenge(REALM, false), changes);
  expect(digest.verify({ method: "REGISTER", realm: REALM, authorization: header }, "asha", passwordOf, 1000)).toBe("refused");
});

test("[N1] a user that nobody knows, another realm and another scheme are refused", () => {
  const digest = createDigest(() => 1000);
  const header = authorization(digest.challenge(REALM, false), { user: "nobody" });
  expect(digest.verify({ method: "REGISTER", realm: REALM, authorization: header }, "nobody", passwordOf, 1000)).toBe("refused");
  const good = authorization(digest.challenge(REALM, false));
  expect(digest.verify({ method: "REGISTER", realm: "elsewhere", authorization: good }, "asha", passwordOf, 1000)).toBe("refused");
  expect(digest.verify({ method: "REGISTER", realm: REALM, authorization: "Basic YTpi" }, "asha", passwordOf, 1000)).toBe("refused");
});

test("[N1] an old nonce and one of another server are stale, not refused", () => {
  const digest = createDigest(() => 1000);
  const old = authorization(digest.challenge(REALM, false));
  const foreign = authorization(createDigest(() => 1000).challenge(REALM, false));
  const verify = (header: string, now: number) =>
    digest.verify({ method: "REGISTER", realm: REALM, authorization: header }, "asha", passwordOf, now);
  expect(verify(old, 1000 + 6 * 60_000)).toBe("stale");
  expect(verify(foreign, 1000)).toBe("stale");
  expect(digest.challenge(REALM, true)).toContain("stale=true");
});
