import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

test("[E10] the password reaches no console, no log and no storage", async () => {
  const { vendor, world, logged, ready, up, engine } = playEngine(new FakeClock(), settled);
  await ready();
  const { leg } = await up();
  await engine.hangUp(leg);
  const seen = [...vendor.console, ...logged, ...world.storage.values()].join("\n");
  expect(seen).not.toContain(ACCOUNT.password);
  expect(vendor.console).toEqual([]);
});

test("[E10] the SDK's log in storage is never written, and what an earlier visit left is deleted at once", async () => {
  const { world, ready } = playEngine(new FakeClock(), settled, (_vendor, before) => {
    before.storage.set("webrtc_sdk_logs", "password of last year");
    before.storage.set("contactHost", "203.0.113.7");
    before.storage.set("somebody else's", "stays");
  });
  expect([...world.storage.keys()]).toEqual(["somebody else's"]);
  await ready();
  expect([...world.storage.keys()]).toEqual(["somebody else's"]);
  // The SDK's own flag and the address, nothing of ours and no log.
  expect(world.written).toBeLessThan(20);
});

test("[E10] a call with its digits and probes leaves nothing in storage and writes nothing of its SIP messages to the log", async () => {
  const { engine, world, logged, ready, up } = playEngine(new FakeClock(), settled);
  await ready();
  const { leg } = await up();
  await engine.sendDigit(leg, "5");
  await engine.probe(1_000);
  await engine.hangUp(leg);
  await settled();
  expect(world.storage.size).toBe(0);
  expect(logged.join("\n")).not.toMatch(/INVITE sip|REGISTER sip|8000000001|Signal/);
});

test("[E11] nobody asks a public STUN server: not at registration, and a call knows the configured servers alone", async () => {
  const { vendor, ready, up } = playEngine(new FakeClock(), settled);
  await ready();
  const { session } = await up();
  expect(vendor.stunQueries).toBe(0);
  expect(session.userAgent.configuration.sessionDescriptionHandlerFactoryOptions).toMatchObject({
    iceGatheringTimeout: 300,
    peerConnectionConfiguration: { iceServers: [{ urls: "turn:turn.example.com" }] },
  });
});

test("[E12] methods of SDK 3.x are used where they are: noise suppression, and its own sounds are silent", () => {
  const calls: unknown[] = [];
  const { engine } = playEngine(new FakeClock(), settled, (vendor) => {
    vendor.extras.setNoiseSuppression = (on) => void calls.push(["noise", on]);
    vendor.setSoundVolume = (sound, volume) => void calls.push([sound, volume]);
  });
  expect(engine.capabilities.canSuppressNoise).toBe(true);
  expect(calls).toEqual([
    ["ringtone", 0],
    ["ringbacktone", 0],
    ["dtmftone", 0],
    ["beeptone", 0],
    ["noise", true],
  ]);
  expect(playEngine(new FakeClock(), settled).engine.capabilities.canSuppressNoise).toBe(false);
});
