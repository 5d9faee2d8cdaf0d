import { expect, test } from "vitest";
import { PhoneError } from "../../core/errors.ts";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const play = () => {
  const clock = new FakeClock();
  return { clock, ...playEngine(clock, settled) };
};

test.each([401, 403, 404, 407])("[E20] wrong credentials (%i) are refused with the code, and not tried again", async (status) => {
  const { engine, vendor, clock, said } = play();
  vendor.registrar = status;
  await engine.register(ACCOUNT);
  await clock.wind(60_000);
  expect(said()).toEqual([`registration-refused ${status}`]);
  expect(vendor.userAgents).toHaveLength(1);
  expect(vendor.ownRetries).toBe(0);
});

test("[E21] a lost network is told once, and the SDK's own retry does not start", async () => {
  const { engine, vendor, clock, said } = play();
  vendor.registrar = "unreachable";
  await engine.register(ACCOUNT);
  await clock.wind(60_000);
  expect(said()).toEqual(["registration-lost server-unreachable"]);
  expect(vendor.ownRetries).toBe(0);
});

test("[E21] a registrar that fails (503) is lost, not refused", async () => {
  const { engine, vendor, said } = play();
  vendor.registrar = 503;
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["registration-lost server-unreachable 503"]);
});

test("[E21] an SDK that says nothing at all is lost after 12 s", async () => {
  const { engine, vendor, clock, said } = play();
  vendor.phone.connect = () => {};
  await engine.register(ACCOUNT);
  await clock.wind(11_999);
  expect(said()).toEqual([]);
  await clock.wind(1);
  expect(said()).toEqual(["registration-lost server-unreachable"]);
});

test("[E22] registering again leaves one user agent alive, and loads the account only once", async () => {
  const { engine, vendor, ready, said } = play();
  await ready();
  for (let turn = 0; turn < 3; turn += 1) {
    await engine.register(ACCOUNT);
    await settled();
  }
  expect(said()).toEqual(["registered", "registered", "registered"]);
  expect(vendor.userAgents.map(({ socket, stopped }) => `${socket}${stopped ? " stopped" : ""}`)).toEqual([
    "closed stopped",
    "closed stopped",
    "closed stopped",
    "open",
  ]);
  expect(vendor.clients).toBe(1);
});

test("[E22] registering twice at once makes one user agent", async () => {
  const { engine, vendor, said } = play();
  await Promise.all([engine.register(ACCOUNT), engine.register(ACCOUNT)]);
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(vendor.userAgents).toHaveLength(1);
});

test("[E22] another account waits until the SDK can be stopped, and replaces the first", async () => {
  const { engine, vendor, said } = play();
  await engine.register(ACCOUNT);
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(vendor.userAgents.filter(({ socket }) => socket === "open")).toHaveLength(1);
  expect(vendor.clients).toBe(1);
});

test("[E22] another account in a call waits for its end", async () => {
  const { engine, vendor, ready, up, said } = play();
  await ready();
  const { leg, session } = await up();
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(vendor.userAgents).toHaveLength(1);
  await engine.hangUp(leg);
  await settled();
  expect(session.sent).toContain("BYE");
  expect(said()).toEqual(["leg-ended hung-up-here", "registered"]);
  expect(vendor.userAgents).toHaveLength(2);
});

test("[E23] signing out un-registers and waits for it; a sign-out before the socket is open leaves nothing behind", async () => {
  const { engine, vendor, ready } = play();
  await ready();
  await engine.unregister();
  expect(vendor.userAgent).toMatchObject({ unregisters: 1, registered: false, socket: "closed" });
  await engine.register(ACCOUNT);
  await engine.unregister();
  await settled();
  expect(vendor.userAgents.every(({ socket }) => socket === "closed")).toBe(true);
});

test("[E23] signing out in a call does not cut it", async () => {
  const { engine, vendor, ready, up } = play();
  await ready();
  const { leg, session } = await up();
  const out = engine.unregister();
  await settled();
  expect(session.state).toBe("Established");
  await engine.hangUp(leg);
  await out;
  expect(vendor.userAgent?.unregisters).toBe(1);
});

test("[E24] a probe is true only for an answer of the registrar: the SDK's own `connected` is none", async () => {
  const { engine, vendor, clock, ready, said } = play();
  await ready();
  expect(await engine.probe(1_000)).toBe(true);
  vendor.registrar = "silent";
  const answer = engine.probe(1_000);
  await clock.wind(1_000);
  expect(await answer).toBe(false);
  expect(said()).toEqual([]);
});

test("[E24] a probe beside an open REGISTER sends no second one, and both probes get the one answer", async () => {
  const { engine, vendor, ready } = play();
  await ready();
  expect(await Promise.all([engine.probe(1_000), engine.probe(1_000)])).toEqual([true, true]);
  expect(vendor.userAgent?.registers).toBe(2);
  expect(vendor.unhandled).toEqual([]);
});

test("[E24] without a registration a probe is false at once", async () => {
  expect(await play().engine.probe(1_000)).toBe(false);
});

test("[E24] a probe that finds the account gone is a refusal", async () => {
  const { engine, vendor, ready, said } = play();
  await ready();
  vendor.registrar = 403;
  await engine.probe(1_000);
  await settled();
  expect(said()).toEqual(["registration-refused 403"]);
});

test("[E25] the SDK's `onunload` is taken off the page after every REGISTER", async () => {
  const { engine, world, ready } = play();
  await ready();
  expect(world.unload).toBeNull();
  await engine.probe(1_000);
  await settled();
  expect(world.unload).toBeNull();
});

test("[E26] an account that cannot work is refused before the SDK sees it", async () => {
  const { engine, vendor } = play();
  for (const broken of [{ user: "" }, { password: "" }, { domain: "" }, { proxy: "not a host" }]) {
    await expect(engine.register({ ...ACCOUNT, ...broken })).rejects.toEqual(new PhoneError("account-incomplete"));
  }
  expect(vendor.userAgents).toEqual([]);
});
