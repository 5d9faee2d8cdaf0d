import { expect, test } from "vitest";
import * as fc from "fast-check";
import { FakeClock, settled } from "../core/fakes/clock.ts";
import { createLog } from "../diagnostics/log.ts";
import { createIceServers, readIceServers } from "./ice-servers.ts";

const CONFIGURED = [{ urls: "stun:stun.example.com" }];
const TURN = { urls: ["turn:turn.example.com?transport=udp"], username: "1800000600:asha", credential: "s3cret-of-now" };

function play(answers: (object | number | "dead")[]) {
  const clock = new FakeClock();
  const log = createLog(() => clock.now());
  const asked: number[] = [];
  const send = async (): Promise<Response> => {
    asked.push(clock.now());
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer === "dead") throw new TypeError("Failed to fetch");
    if (typeof answer === "number") return new Response("no", { status: answer });
    return Response.json(answer);
  };
  const servers = createIceServers({ url: "/turn", configured: CONFIGURED, send, clock, log, hide: log.hide, random: () => 0.5 });
  /** A fetch takes more turns than promises alone. */
  const start = async () => {
    servers.start();
    await settle();
  };
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await settled();
  };
  const wind = async (ms: number) => {
    await clock.wind(ms);
    await settle();
  };
  const begunAt = clock.now();
  return { servers, clock, log, start, wind, askedAfter: () => asked.map((at) => (at - begunAt) / 1_000) };
}

test("[P143] what is fetched is used in place of what is configured, and fetched again at two thirds of its time", async () => {
  const { servers, start, wind, askedAfter } = play([{ iceServers: [TURN], ttlSeconds: 600 }]);
  expect(servers.current()).toEqual(CONFIGURED);
  await start();
  expect(servers.current()).toEqual([TURN]);
  await wind(399_000);
  expect(askedAfter()).toEqual([0]);
  await wind(1_000);
  await wind(400_000);
  expect(askedAfter()).toEqual([0, 400, 800]);
  servers.stop();
  await wind(3_600_000);
  expect(askedAfter()).toEqual([0, 400, 800]);
});

test("[P143] what was stopped while it was asking leaves no timer", async () => {
  const { servers, clock, wind } = play([{ iceServers: [TURN], ttlSeconds: 600 }]);
  servers.start();
  servers.stop();
  await wind(0);
  expect(clock.timerCount()).toBe(0);
});

test("[P143] the older form of the answer works too (draft-uberti-behave-turn-rest)", async () => {
  const { servers, start, wind, askedAfter } = play([{ username: "u", password: "p", ttl: 86_400, uris: ["turns:turn.example.com:443"] }]);
  await start();
  expect(servers.current()).toEqual([{ urls: ["turns:turn.example.com:443"], username: "u", credential: "p" }]);
  await wind(57_600_000);
  expect(askedAfter()).toEqual([0, 57_600]);
});

test("[P144] a failure leaves the configured servers, is logged and tried again, ever more slowly", async () => {
  const { servers, start, wind, log, askedAfter } = play(["dead", 503, { wrong: true }, { iceServers: [TURN], ttlSeconds: 600 }]);
  await start();
  expect(servers.current()).toEqual(CONFIGURED);
  await wind(3_750);
  await wind(7_500);
  expect(servers.current()).toEqual(CONFIGURED);
  await wind(15_000);
  expect(askedAfter()).toEqual([0, 3.75, 11.25, 26.25]);
  expect(servers.current()).toEqual([TURN]);
  for (const problem of ["no answer", "the server answered 503", "the answer is not a list"]) expect(log.text()).toContain(problem);
});

test("[P144] a refresh that fails changes nothing before the credentials expire, and then the configured servers stand in", async () => {
  const { servers, start, wind } = play([{ iceServers: [TURN], ttlSeconds: 600 }, "dead"]);
  await start();
  await wind(400_000);
  await wind(199_000);
  expect(servers.current()).toEqual([TURN]);
  await wind(1_000);
  expect(servers.current()).toEqual(CONFIGURED);
});

test("[P145] no credential of an answer gets into the log, whatever form it has", async () => {
  const secrets = { iceServers: [{ urls: "turn:x", username: "user-of-asha", credential: 7, password: "s3cret-in-the-wrong-place" }] };
  const { start, log } = play([secrets]);
  await start();
  log.write("error", "a browser says user-of-asha s3cret-in-the-wrong-place");
  expect(log.text()).toContain("not a list");
  expect(log.text()).not.toMatch(/user-of-asha|s3cret/);
});

test.each([
  [
    "addresses that a browser does not take",
    { iceServers: [{ urls: ["https://turn.example.com", "turn:a b"], username: "u", credential: "p" }] },
  ],
  ["TURN without credentials", { iceServers: [{ urls: "turn:turn.example.com" }] }],
  ["nothing", { iceServers: [] }],
])("[P146] an answer with %s is no answer", (_what, value) => {
  expect(() => readIceServers(value)).toThrow("can be used");
});

test("[P146] what a browser would choke on is left out of an answer", () => {
  const { servers } = readIceServers({ iceServers: [TURN, { urls: ["stun:a", "turn:b"] }, { urls: "ftp:c" }] });
  expect(servers).toEqual([TURN, { urls: ["stun:a"] }]);
});

test("[P146] whatever the answer is, it is read or refused with a sentence of ours", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(outcome(value)).toMatch(/^[1-9]\d* servers$|the answer/);
    }),
  );
});

function outcome(value: unknown): string {
  try {
    return `${readIceServers(value).servers.length} servers`;
  } catch (error) {
    return String(error);
  }
}
