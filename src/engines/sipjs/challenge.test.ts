import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { type Challenge, type Challenges, readChallenge } from "./challenge.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const AOR = `sip:${ACCOUNT.user}@${ACCOUNT.domain}`;
const KNOWN: Challenge = { realm: "net.test", nonce: "n0nce", opaque: "0paque", qop: "auth", count: 6 };

class ChallengesDouble implements Challenges {
  readonly kept = new Map<string, Challenge>();
  find(addressOfRecord: string): Challenge | null {
    return this.kept.get(addressOfRecord) ?? null;
  }
  remember(addressOfRecord: string, challenge: Challenge): void {
    this.kept.set(addressOfRecord, challenge);
  }
}

function play(known: Challenge | null = KNOWN) {
  const challenges = new ChallengesDouble();
  if (known !== null) challenges.remember(AOR, known);
  const clock = new FakeClock();
  return { clock, challenges, ...playEngine(clock, settled, {}, undefined, { challenges }) };
}

const authorizations = ({ network }: ReturnType<typeof play>): string[] =>
  network.registers.map((register) => register.header("Authorization"));

test("[E82] a challenge that is known is answered before it is asked, with the next count", async () => {
  const played = play();
  await played.engine.register(ACCOUNT);
  await settled();
  expect(played.said()).toEqual(["registered"]);
  const [first = "", ...others] = authorizations(played);
  expect(others).toEqual([]);
  expect(first).toMatch(/nonce="n0nce".*opaque="0paque".*qop=auth.*nc=00000007/);
  expect(played.challenges.find(AOR)).toEqual({ ...KNOWN, count: 7 });
});

test("[E82] the first answer to a challenge is kept for the next page and for the next refresh", async () => {
  const played = play(null);
  await played.engine.register(ACCOUNT);
  await settled();
  expect(played.challenges.find(AOR)).toEqual({ realm: "net.test", nonce: "n0nce", opaque: null, qop: "auth", count: 1 });
  await played.clock.wind(600_000);
  expect(authorizations(played).map((value) => /nc=(\w+)/.exec(value)?.[1])).toEqual([undefined, "00000001", "00000002"]);
});

test("[E82] a nonce that is not taken any more costs a question and nothing else", async () => {
  const played = play({ ...KNOWN, nonce: "old" });
  played.network.isRight = (authorization) => authorization.includes('nonce="n0nce"');
  await played.engine.register(ACCOUNT);
  await settled();
  expect(played.said()).toEqual(["registered"]);
  expect(authorizations(played).map((value) => /nonce="(\w+)"/.exec(value)?.[1])).toEqual(["old", "n0nce"]);
  expect(played.challenges.find(AOR)).toMatchObject({ nonce: "n0nce", count: 1 });
});

test("[E82] a registrar that refuses old nonces outright is asked as if for the first time", async () => {
  const played = play({ ...KNOWN, nonce: "old" });
  played.network.refuses = (authorization) => authorization.includes('nonce="old"');
  await played.engine.register(ACCOUNT);
  await settled();
  expect(played.said()).toEqual(["registered"]);
  expect(authorizations(played)).toEqual([expect.stringContaining('"old"'), "", expect.stringContaining('"n0nce"')]);
});

test("[E82] a password that is wrong is still refused, and the challenge of another agent is not used", async () => {
  const played = play();
  played.network.registrar = "refuses";
  await played.engine.register(ACCOUNT);
  await played.clock.wind(60_000);
  expect(played.said()).toEqual(["registration-refused 403"]);
  const refused = play({ ...KNOWN, nonce: "old" });
  refused.network.isRight = () => false;
  await refused.engine.register(ACCOUNT);
  await refused.clock.wind(60_000);
  expect(refused.said()).toEqual(["registration-refused 401"]);
  expect(refused.network.registers, "asked once, and answered once").toHaveLength(2);
  const other = play();
  await other.engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(authorizations(other)[0]).toBe("");
});

test("[E82] what is read from a header is what was written, whatever the registrar made up", () => {
  const text = fc.stringMatching(/^[^"\\\p{Cc}]{1,40}$/u);
  fc.assert(
    fc.property(text, text, fc.option(text), fc.integer({ min: 1, max: 2 ** 31 }), (realm, nonce, opaque, count) => {
      const fields = [`algorithm=MD5`, `username="asha"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="sip:x"`, `response="r"`];
      if (opaque !== null) fields.push(`opaque="${opaque}"`);
      fields.push("qop=auth", 'cnonce="c"', `nc=${count.toString(16).padStart(8, "0")}`);
      const read = readChallenge(`Digest ${fields.join(", ")}`);
      // A value that looks like a field itself may be taken for it: such a registrar is asked again, and loses nothing.
      if (/[a-z]+=/.test(`${realm}${nonce}${opaque ?? ""}`)) return;
      expect(read).toEqual({ realm, nonce, opaque, qop: "auth", count });
    }),
  );
  expect(readChallenge(undefined)).toBeNull();
  expect(readChallenge("Basic abc")).toBeNull();
});
