import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { type ConnectionDouble, playedSdp } from "./connection-double.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const CANDIDATE = "a=candidate:1 1 UDP 2130706431 192.0.2.7 40000 typ host\r\na=end-of-candidates\r\n";

async function ringing(prepare: (connection: ConnectionDouble) => void = () => {}) {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  played.world.prepareConnection = prepare;
  const rung = played.ring({}, `${playedSdp()}${CANDIDATE}`);
  await clock.wind(99);
  expect(played.world.connections, "the popup goes first").toEqual([]);
  await clock.wind(1);
  await settled();
  return { clock, ...played, ...rung };
}

test("[E80] while it rings the answer is made; the caller is told nothing, no microphone is open, no path is tried", async () => {
  const { world, call, engine, leg } = await ringing();
  expect(world.connection.signalingState).toBe("stable");
  expect(world.connection.remoteDescription?.sdp).not.toContain("candidate");
  expect(world.connection.candidates).toEqual([]);
  expect(world.microphones).toEqual([]);
  expect(call.sent).toEqual([100, 180]);
  await engine.answer(leg);
  expect(call.sent).toEqual([100, 180, 200]);
  expect(world.connection.candidates).toEqual([expect.stringMatching(/^candidate:1 .* typ host$/)]);
  expect(world.connections).toHaveLength(1);
  expect(world.connection.getTransceivers()[0]?.sender.track).toBe(world.track);
});

test("[E80] the answer that was made ahead waits for the microphone, and is not sent without one", async () => {
  const { world, call, engine, leg } = await ringing();
  world.microphoneError = new DOMException("no", "NotAllowedError");
  await expect(engine.answer(leg)).rejects.toMatchObject({ code: "microphone-refused" });
  expect(call.sent).toEqual([100, 180, 480]);
});

test("[E80] what was made for a call that is not answered is closed", async () => {
  const { world, engine, leg } = await ringing();
  await engine.reject(leg);
  expect(world.connection.closed).toBe(true);
  expect(world.speakers.every(({ closed }) => closed)).toBe(true);
});

test("[E80] an offer that could not be answered ahead is read again", async () => {
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

test("[E80] a socket that breaks while it rings may be another network: the answer is made again, with the addresses of that one", async () => {
  const { clock, world, network, engine, leg } = await ringing();
  const [first] = world.connections;
  network.socket.lost();
  expect(first?.closed).toBe(true);
  await engine.register(ACCOUNT);
  await clock.wind(100);
  await settled();
  expect(world.connections).toHaveLength(2);
  expect(world.connection.signalingState).toBe("stable");
  await engine.answer(leg);
  expect(network.calls[0]?.sent.at(-1)).toBe(200);
  expect(world.connection.getTransceivers()[0]?.sender.track).toBe(world.track);
});
