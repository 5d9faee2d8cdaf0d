import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { admin, importAgents, post } from "../fakes/people.ts";
import { createTestGateway, type TestGateway } from "../fakes/test-gateway.ts";

const RIGHT = "correct horse battery";
const OFFICE = "198.51.100.7";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway();
  await importAgents(gateway);
  for (const user of ["lsq-asha", "lsq-ravi"]) await post(gateway, `/api/admin/agents/${user}/password`, { password: RIGHT }, admin, "PUT");
}, 60_000);
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.clock.now += 300_000;
});

/** Somebody at a keyboard behind this address. */
async function signIn(body: unknown, address = OFFICE): Promise<number> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await gateway.app.request("/api/sessions", request, { incoming: { socket: { remoteAddress: address } } })).status;
}
const asha = (password: string, address?: string) => signIn({ user: "asha", password }, address);
const ravi = (password: string, address?: string) => signIn({ user: "ravi", password }, address);

/** Somebody who is after the administrator's token. */
async function guessToken(address: string): Promise<number> {
  const request = { headers: { authorization: "Bearer wrong" } };
  return (await gateway.app.request("/api/admin/agents/csv", request, { incoming: { socket: { remoteAddress: address } } })).status;
}

/** Wrong tries without the time that a password's hash takes. @returns how many were let through. */
async function wrong(count: number, address: (n: number) => string, name: (n: number) => string): Promise<number> {
  const tries = Array.from({ length: count }, (_, n) => gateway.services.signInLimits.begin("password", address(n), name(n)));
  return (await Promise.allSettled(tries)).filter(({ status }) => status === "fulfilled").length;
}

test("[G110] one who is locked locks no colleague at his address, and is served at another", async () => {
  for (let n = 0; n < 10; n += 1) expect(await asha("wrong")).toBe(401);
  for (let n = 0; n < 100; n += 1) expect(await asha(RIGHT)).toBe(429);
  expect(await ravi(RIGHT)).toBe(201);
  expect(await asha(RIGHT, "203.0.113.5")).toBe(201);
  gateway.clock.now += 300_000;
  expect(await asha(RIGHT)).toBe(201);
}, 30_000);

test("[G110] a right sign-in counts for nobody, however many there are", async () => {
  for (let n = 0; n < 12; n += 1) await (await gateway.services.signInLimits.begin("password", OFFICE, "asha")).right();
  const others = await wrong(
    99,
    () => OFFICE,
    (n) => `name-${n}`,
  );
  expect(others).toBe(99);
  expect(await asha(RIGHT)).toBe(201);
}, 30_000);

test("[G111] one password with many names from one address ends after a hundred, and other addresses do not feel it", async () => {
  expect(
    await wrong(
      150,
      () => OFFICE,
      (n) => `name-${n}`,
    ),
  ).toBe(100);
  expect(await ravi(RIGHT)).toBe(429);
  expect(await ravi(RIGHT, "203.0.113.5")).toBe(201);
}, 30_000);

test("[G111] many passwords for one name from many addresses end after fifty", async () => {
  expect(
    await wrong(
      80,
      (n) => `203.0.113.${n}`,
      () => "asha",
    ),
  ).toBe(50);
  expect(await asha(RIGHT)).toBe(429);
  expect(await ravi(RIGHT)).toBe(201);
}, 30_000);

test("[G111] an IPv6 network is one address", async () => {
  for (let n = 0; n < 10; n += 1) expect(await guessToken(`2001:db8:0:7::${n}`)).toBe(401);
  expect(await guessToken("2001:DB8::7:1:2:3:4")).toBe(429);
  expect(await guessToken("2001:db8:0:8::1")).toBe(401);
});

test("[G112] tries that come at once are counted before they are looked at", async () => {
  const answers = await Promise.all(Array.from({ length: 15 }, () => asha("wrong")));
  expect(answers.filter((status) => status === 401).length).toBe(10);
}, 30_000);

test("[G112] a CRM signs a whole office in at once", async () => {
  const tries = await Promise.all(Array.from({ length: 150 }, () => gateway.services.signInLimits.begin("token", OFFICE, null)));
  await Promise.all(tries.map((one) => one.right()));
  expect(await signIn({ token: "a.b.c" })).toBe(401);
});

test("[G110] tokens that a CRM signs wrongly lock no password out, and neither do a server's wrong secrets", async () => {
  const statuses = await Promise.all(Array.from({ length: 110 }, () => signIn({ token: "a.b.c" })));
  expect(statuses.filter((status) => status === 429).length).toBe(10);
  for (let n = 0; n < 10; n += 1) expect(await guessToken(OFFICE)).toBe(401);
  expect(await guessToken(OFFICE)).toBe(429);
  expect(await asha(RIGHT)).toBe(201);
}, 30_000);
