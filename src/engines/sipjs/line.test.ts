import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const play = () => {
  const clock = new FakeClock();
  return { clock, ...playEngine(clock, settled) };
};

test("[E20] the digest is the one of RFC 2617, and the socket is asked for by the account's proxy", async () => {
  const { engine, network, said } = play();
  network.isRight = (authorization) => isDigest(authorization, ACCOUNT.password);
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(network.socket.url).toBe("wss://voip.example.com:443/wss");
});

test("[E20] a wrong password is refused: the second 401 is the last word", async () => {
  const { engine, network, clock, said } = play();
  network.isRight = (authorization) => isDigest(authorization, ACCOUNT.password);
  await engine.register({ ...ACCOUNT, password: "wrong" });
  await clock.wind(60_000);
  expect(said()).toEqual(["registration-refused 401"]);
  expect(network.registers).toHaveLength(2);
});

test.each([403, 404])("[E20] %i is refused with the code, and not tried again", async (status) => {
  const { engine, network, clock, said } = play();
  network.registrar = status;
  await engine.register(ACCOUNT);
  await clock.wind(60_000);
  expect(said()).toEqual([`registration-refused ${status}`]);
  expect(network.sockets).toHaveLength(1);
});

test("[E21] no way to the server, a registrar that fails and one that is silent are lost, each told once", async () => {
  for (const [registrar, told] of [
    ["unreachable", "registration-lost server-unreachable"],
    [503, "registration-lost server-unreachable 503"],
    ["silent", "registration-lost server-unreachable"],
  ] as const) {
    const { engine, network, clock, said } = play();
    network.registrar = registrar;
    await engine.register(ACCOUNT);
    await clock.wind(60_000);
    expect(said()).toEqual([told]);
    expect(network.sockets, "no tries of its own").toHaveLength(1);
  }
});

test("[E21] a socket that is closed by the server is told at once", async () => {
  const { engine, network, clock, ready, said } = play();
  await ready();
  network.socket.lost();
  await clock.wind(60_000);
  expect(said()).toEqual(["registration-lost server-unreachable"]);
  expect(await engine.probe(1_000)).toBe(false);
});

test("[E21] a socket that is closed before the registrar has answered is told at once", async () => {
  const { engine, network, said } = play();
  network.registrar = "silent";
  await engine.register(ACCOUNT);
  await settled();
  network.socket.lost();
  await settled();
  expect(said()).toEqual(["registration-lost server-unreachable"]);
});

test("[E22] a call that was hung up without a way to its far end keeps no other account waiting", async () => {
  const { engine, network, ready, up, said } = play();
  await ready();
  const { leg } = await up();
  network.socket.lost();
  await settled();
  await engine.hangUp(leg);
  said();
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(network.registers.at(-1)?.header("From")).toContain("sip:ravi@");
});

test("[E22] registering again opens a new socket, leaves none behind and keeps the contact", async () => {
  const { engine, network, ready, said } = play();
  await ready();
  for (let turn = 0; turn < 3; turn += 1) {
    await engine.register(ACCOUNT);
    await settled();
  }
  expect(said()).toEqual(["registered", "registered", "registered"]);
  expect(network.sockets.map(({ state }) => state)).toEqual(["closed", "closed", "closed", "open"]);
  const contacts = network.registers.map((register) => /<[^>]+>/.exec(register.header("Contact"))?.[0]);
  expect(new Set(contacts).size).toBe(1);
  expect(new Set(network.registers.map((register) => register.header("Call-ID"))).size).toBe(1);
});

test("[E22] a registration that is asked for while one is under way ends in one answer", async () => {
  const { engine, network, clock, said } = play();
  void engine.register(ACCOUNT);
  void engine.register(ACCOUNT);
  await clock.wind(60_000);
  expect(said()).toEqual(["registered"]);
  expect(network.sockets.filter(({ state }) => state === "open")).toHaveLength(1);
});

test("[E22] another account takes the place of the first, in the midst of anything", async () => {
  const { engine, network, said } = play();
  void engine.register(ACCOUNT);
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(network.registers.at(-1)?.header("From")).toContain("sip:ravi@");
  expect(network.sockets.filter(({ state }) => state === "open")).toHaveLength(1);
});

test("[E22] another account waits for the end of the call that is up", async () => {
  const { engine, network, ready, up, said } = play();
  await ready();
  const { call } = await up();
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(said()).toEqual([]);
  call.hangUp();
  await settled();
  expect(said()).toEqual(["leg-ended hung-up-there", "registered"]);
  expect(network.registers.at(-1)?.header("From")).toContain("sip:ravi@");
});

test("[E23] the registration is renewed before it runs out, without a word", async () => {
  const { network, clock, ready, said } = play();
  network.expiresSeconds = 100;
  await ready();
  const before = network.registers.length;
  await clock.wind(84_000);
  expect(network.registers).toHaveLength(before);
  await clock.wind(1_000);
  expect(network.registers).toHaveLength(before + 1);
  await clock.wind(85_000);
  expect(network.registers).toHaveLength(before + 2);
  expect(said()).toEqual([]);
});

test("[E23] a renewal that is refused or fails is told", async () => {
  for (const [registrar, told] of [
    [403, "registration-refused 403"],
    [500, "registration-lost server-unreachable 500"],
  ] as const) {
    const { network, clock, ready, said } = play();
    await ready();
    network.registrar = registrar;
    await clock.wind(600_000);
    expect(said()).toEqual([told]);
  }
});

test("[E23] a registration that is refused closes its socket, unless a call hangs on it", async () => {
  const { engine, network, ready, up, said } = play();
  network.registrar = 403;
  await engine.register(ACCOUNT);
  await settled();
  expect(network.socket.state).toBe("closed");
  network.registrar = "accepts";
  await ready();
  const { leg, call } = await up();
  network.registrar = 403;
  await engine.probe(1_000);
  expect(said()).toEqual(["registration-refused 403"]);
  expect(network.socket.state).toBe("open");
  await engine.hangUp(leg);
  expect(call.sent.at(-1)).toBe("BYE");
});

test("[E23] 423 is followed with the time that the registrar wants", async () => {
  const { engine, network, said } = play();
  network.registrar = 423;
  network.registerHeaders = ["Min-Expires: 1800"];
  void engine.register(ACCOUNT);
  for (let turn = 0; turn < 40 && network.registers.length < 2; turn += 1) await Promise.resolve();
  network.registrar = "accepts";
  await settled();
  expect(network.registers.at(-1)?.header("Contact")).toContain("expires=1800");
  expect(said()).toEqual(["registered"]);
});

test("[E24] a probe asks the registrar: true where it answers, false where it does not in time", async () => {
  const { engine, network, clock, ready, said } = play();
  await ready();
  expect(await engine.probe(1_000)).toBe(true);
  expect(clock.timerCount(), "those of renewal and ping").toBe(2);
  network.silent = true;
  const probe = engine.probe(1_000);
  await clock.wind(1_000);
  expect(await probe).toBe(false);
  expect(said()).toEqual([]);
});

test("[E24] after a silent socket a new one registers, although the old answer is still out", async () => {
  const { engine, network, clock, ready, said } = play();
  await ready();
  network.silent = true;
  void engine.probe(1_000);
  await clock.wind(1_000);
  network.silent = false;
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["registered"]);
});

test("[E25] signing out takes the contact away and closes the socket, also where nobody answers", async () => {
  for (const silent of [false, true]) {
    const { engine, network, clock, ready, said } = play();
    await ready();
    network.silent = silent;
    const done = engine.unregister();
    await clock.wind(1_500);
    await done;
    expect(network.registers.at(-1)?.header("Contact")).toContain(silent ? "expires=600" : "expires=0");
    expect(network.socket.state).toBe("closed");
    expect(clock.timerCount()).toBe(0);
    expect(said()).toEqual([]);
  }
});

test("[E25] signing in again while the sign-out is still unanswered leaves nobody waiting", async () => {
  const { engine, network, clock, ready, said } = play();
  await ready();
  network.silent = true;
  const done = engine.unregister();
  await settled();
  network.silent = false;
  await engine.register(ACCOUNT);
  await clock.wind(5_000);
  await done;
  expect(said()).toEqual(["registered"]);
  expect(network.socket.state).toBe("open");
});

test("[E25] signing out in a call lets the call go on, and takes no other", async () => {
  const { engine, network, ready, up, said } = play();
  await ready();
  const { call } = await up();
  await engine.unregister();
  expect(network.socket.state).toBe("open");
  const second = network.ring();
  await settled();
  expect(second.sent.at(-1)).toBe(480);
  call.hangUp();
  await settled();
  expect(said()).toEqual(["leg-ended hung-up-there"]);
  expect(network.socket.state).toBe("closed");
});

test("[E25] an account that is not complete is said to be so", async () => {
  const { engine } = play();
  for (const changes of [{ proxy: "" }, { user: "" }, { domain: "a b" }, { password: "" }]) {
    await expect(engine.register({ ...ACCOUNT, ...changes })).rejects.toMatchObject({ code: "account-incomplete" });
  }
});

test("[E26] the server's ping is answered, and a message that cannot be read harms nothing", async () => {
  const { engine, network, ready, said } = play();
  await ready();
  const sent: string[] = [];
  const send = network.socket.send.bind(network.socket);
  network.socket.send = (text) => (sent.push(text), send(text));
  network.socket.onMessage?.("\r\n\r\n");
  network.socket.onMessage?.("\r\n");
  network.socket.onMessage?.("INVITE nonsense\r\n\r\n");
  network.socket.onMessage?.("\u0000\u0001");
  expect(sent).toEqual(["\r\n"]);
  expect(await engine.probe(1_000)).toBe(true);
  expect(said()).toEqual([]);
});

/** RFC 2617 section 3.2.2, with qop. */
function isDigest(authorization: string, password: string): boolean {
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  const value = (name: string): string => new RegExp(`\\b${name}="?([^",]+)`).exec(authorization)?.[1] ?? "";
  const secret = md5(`${value("username")}:${value("realm")}:${password}`);
  const what = md5(`REGISTER:${value("uri")}`);
  return value("response") === md5([secret, value("nonce"), value("nc"), value("cnonce"), value("qop"), what].join(":"));
}
