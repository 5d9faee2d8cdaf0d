import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { playEngine } from "./played-engine.ts";

const play = async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  return { clock, ...played };
};

test("[E90] a server that answers the first ping is pinged every 20 to 25 s", async () => {
  const { clock, network, said } = await play();
  await clock.wind(22_000);
  expect(network.pings).toBe(0);
  await clock.wind(1_000);
  expect(network.pings).toBe(1);
  await clock.wind(10 * 22_500);
  expect(network.pings).toBe(11);
  expect(said()).toEqual([]);
});

test("[E90] a ping that is not answered within ten seconds is a socket that is gone", async () => {
  const { clock, network, said } = await play();
  await clock.wind(30_000);
  network.answersPings = false;
  await clock.wind(15_000 + 9_900);
  expect(said()).toEqual([]);
  await clock.wind(200);
  expect(said()).toEqual(["registration-lost server-unreachable"]);
  expect(network.socket.state).toBe("closed");
});

test("[E92] in a call a server that knows pings is asked by them, not by a registration each time", async () => {
  const { engine, clock, network, up } = await play();
  const { leg } = await up();
  const before = network.registers.length;
  expect(await engine.probe(1_000), "it is not known yet").toBe(true);
  const known = network.registers.length;
  expect(known).toBeGreaterThan(before);
  expect(await engine.probe(1_000)).toBe(true);
  expect(await engine.probe(1_000)).toBe(true);
  expect([network.registers.length, network.pings]).toEqual([known, 3]);
  network.answersPings = false;
  const silent = engine.probe(1_000);
  await clock.wind(1_000);
  expect(await silent).toBe(false);
  await engine.hangUp(leg);
  network.answersPings = true;
  await settled();
  expect(await engine.probe(1_000), "without a call the registrar is asked").toBe(true);
  expect(network.registers.length).toBeGreaterThan(known);
});

test("[E91] a server that does not know pings gets one, and is judged by its registrar alone", async () => {
  const { engine, clock, network, said } = await play();
  network.answersPings = false;
  await clock.wind(8 * 60_000);
  expect(network.pings).toBe(1);
  expect(said()).toEqual([]);
  expect(await engine.probe(1_000)).toBe(true);
});

test("[E91] a socket that was closed is not pinged, and the next one is asked anew", async () => {
  const { engine, clock, network } = await play();
  network.socket.lost();
  await clock.wind(60_000);
  expect(network.pings).toBe(0);
  await engine.unregister();
  await clock.wind(60_000);
  expect(clock.timerCount()).toBe(0);
});

test("[E91] an empty line that nobody asked for is no pong", async () => {
  const { clock, network, said } = await play();
  network.answersPings = false;
  network.socket.onMessage?.("\r\n");
  await clock.wind(8 * 60_000);
  expect(network.pings).toBe(1);
  expect(said()).toEqual([]);
});
