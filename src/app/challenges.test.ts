import { expect, test } from "vitest";
import type { Challenge } from "../engines/sipjs/challenge.ts";
import { loadChallenges } from "./challenges.ts";
import type { Drawer } from "./database.ts";

const CHALLENGE: Challenge = { realm: "net.test", nonce: "n0nce", opaque: null, qop: "auth", count: 3 };

function drawer(first?: unknown) {
  const kept = new Map<string, unknown>(first === undefined ? [] : [["sip-challenge", first]]);
  const records: Drawer = {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
    all: async () => kept,
  };
  return records;
}

test("what is remembered is there in the next page, for this agent alone", async () => {
  const records = drawer();
  const challenges = await loadChallenges(records);
  expect(challenges.find("sip:asha@acme")).toBeNull();
  challenges.remember("sip:asha@acme", CHALLENGE);
  expect(challenges.find("sip:asha@acme")).toEqual(CHALLENGE);
  const next = await loadChallenges(records);
  expect(next.find("sip:asha@acme")).toEqual(CHALLENGE);
  expect(next.find("sip:ravi@acme")).toBeNull();
});

test.each([
  ["of another shape", "nonce"],
  ["without a nonce", { addressOfRecord: "sip:asha@acme", challenge: { ...CHALLENGE, nonce: undefined } }],
  ["with a quote in it", { addressOfRecord: "sip:asha@acme", challenge: { ...CHALLENGE, realm: 'a", response="' } }],
  ["with a count that is none", { addressOfRecord: "sip:asha@acme", challenge: { ...CHALLENGE, count: -1 } }],
])("a record %s is none", async (_, kept) => {
  expect((await loadChallenges(drawer(kept))).find("sip:asha@acme")).toBeNull();
});

test("a database that does not work keeps nobody from registering", async () => {
  const broken = { ...drawer(), get: () => Promise.reject(new Error("disk")), put: () => Promise.reject(new Error("full")) };
  const challenges = await loadChallenges(broken);
  challenges.remember("sip:asha@acme", CHALLENGE);
  expect(challenges.find("sip:asha@acme")).toEqual(CHALLENGE);
});
