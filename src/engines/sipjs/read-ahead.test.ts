import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import type { ConnectionDouble } from "./connection-double.ts";
import { playEngine } from "./played-engine.ts";

async function ringing(prepare: (connection: ConnectionDouble) => void = () => {}) {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  played.world.prepareConnection = prepare;
  const rung = played.ring();
  await clock.wind(99);
  expect(played.world.connections, "the popup goes first").toEqual([]);
  await clock.wind(1);
  await settled();
  return { clock, ...played, ...rung };
}

test("[E80] while it rings the offer is read; the caller is told nothing, no microphone is open, nothing of ours is described", async () => {
  const { world, call, engine, leg } = await ringing();
  expect(world.connection.signalingState).toBe("have-remote-offer");
  expect(world.connection.localDescription).toBeNull();
  expect(world.microphones).toEqual([]);
  expect(call.sent).toEqual([100, 180]);
  await engine.answer(leg);
  expect(call.sent).toEqual([100, 180, 200]);
  expect(world.connections).toHaveLength(1);
  expect(world.connection.getTransceivers()[0]?.sender.track).toBe(world.track);
});

test("[E80] what was read for a call that is not answered is closed", async () => {
  const { world, engine, leg } = await ringing();
  await engine.reject(leg);
  expect(world.connection.closed).toBe(true);
  expect(world.speakers.every(({ closed }) => closed)).toBe(true);
});

test("[E80] an offer that could not be read ahead is read again for the answer", async () => {
  let failures = 0;
  const { world, call, engine, leg } = await ringing((connection) => {
    const read = connection.setRemoteDescription.bind(connection);
    connection.setRemoteDescription = async (description) => {
      failures += 1;
      if (failures === 1) throw new Error("not now");
      return read(description);
    };
  });
  expect(world.connection.signalingState).toBe("stable");
  await engine.answer(leg);
  expect(call.sent.at(-1)).toBe(200);
});
