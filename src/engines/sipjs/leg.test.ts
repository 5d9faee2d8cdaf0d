import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { playedSdp } from "./connection-double.ts";
import type { EngineOptions } from "./options.ts";
import { playEngine } from "./played-engine.ts";

const play = async (changes: Partial<EngineOptions["sip"]> = {}) => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled, changes);
  await played.ready();
  return { clock, ...played };
};
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof Error ? error.message : error),
  );

test("[E30] the caller hears that it rings, and the invitation has number, name and ids", async () => {
  const { ring, events } = await play();
  const { call } = ring({
    From: '"Kiran Rao" <sip:+918000000001@pbx>',
    "X-Exotel-Callsid": "sid-1",
    LegSid: "leg-1",
    "P-Called-Party-ID": "<sip:08047112233@pbx>",
  });
  expect(call.sent).toEqual([100, 180]);
  expect(events.at(-1)).toEqual({
    type: "leg-ringing",
    invitation: {
      leg: "call-1#0",
      number: "+918000000001",
      name: "Kiran Rao",
      localNumber: "08047112233",
      sipCallId: "call-1",
      exotelCallSid: "sid-1",
      exotelLegSid: "leg-1",
    },
  });
});

test("[E30] an INVITE without an offer gets ours in the answer", async () => {
  const { network, engine, events, world } = await play();
  const call = network.createCall();
  call.acknowledges = false;
  call.ring({}, "");
  const last = events.at(-1);
  await engine.answer(last?.type === "leg-ringing" ? last.invitation.leg : "");
  expect(call.sdp).toContain("a=setup:active\r\n");
  expect(world.connection.signalingState).toBe("have-local-offer");
});

test("[E31] mute is what the track does, and each new call starts live, whatever the call before was", async () => {
  const { engine, up, world, said } = await play();
  const first = await up();
  await engine.setMuted(first.leg, true);
  expect(world.track.enabled).toBe(false);
  await engine.hangUp(first.leg);
  expect(world.track.stopped).toBe(true);
  expect(said()).toEqual(["leg-muted true", "leg-ended hung-up-here"]);
  await up();
  expect(world.track.enabled).toBe(true);
  expect(said()).toEqual([]);
});

test("[E31] mute that was asked for while the call connects holds from the first packet", async () => {
  const { engine, ring, world, said } = await play();
  const { leg } = ring();
  const answering = engine.answer(leg);
  await engine.setMuted(leg, true);
  await answering;
  await settled();
  expect(world.track.enabled).toBe(false);
  expect(said()).toEqual(["leg-ringing", "leg-muted true", "leg-connected"]);
});

test("[E31] where the track does not follow, the event says the truth", async () => {
  const { engine, up, world, said, logged } = await play();
  const { leg } = await up();
  Object.defineProperty(world.track, "enabled", { get: () => true, set: () => {} });
  await engine.setMuted(leg, true);
  expect(said()).toEqual(["leg-muted false"]);
  expect(logged.join()).toContain("does not follow");
});

test("[E32] a refused microphone refuses the caller with 480, tells why once, and the leg is over", async () => {
  const { engine, ring, world, said } = await play();
  for (const [name, code] of [
    ["NotAllowedError", "microphone-refused"],
    ["NotFoundError", "microphone-missing"],
    ["NotReadableError", "microphone-busy"],
  ] as const) {
    world.microphoneError = new DOMException("no", name);
    const { leg, call } = ring();
    expect(await codeOf(engine.answer(leg))).toBe(code);
    await settled();
    expect(call.sent.at(-1)).toBe(480);
    expect(said()).toEqual(["leg-ringing", `leg-media-denied ${code}`, "leg-ended media-denied 480"]);
    expect(world.connection.closed).toBe(true);
  }
  world.delegated = false;
  expect(await codeOf(engine.answer(ring().leg))).toBe("microphone-not-delegated");
});

test("[E32] a microphone that comes when the caller has given up is closed again", async () => {
  const { engine, ring, world, said } = await play();
  const { leg, call } = ring();
  const answering = codeOf(engine.answer(leg));
  call.cancel();
  expect(await answering).toBe("no-call");
  await settled();
  expect(world.microphones.every(({ track }) => track.stopped)).toBe(true);
  expect(said()).toEqual(["leg-ringing", "leg-ended missed 487"]);
});

test("[E33] a third call is refused with 486 and told, whether the others ring or are up", async () => {
  const { engine, ring, network, said, events } = await play();
  const { leg } = ring();
  ring();
  expect(network.ring().sent.at(-1)).toBe(486);
  await engine.answer(leg);
  await settled();
  expect(network.ring().sent.at(-1)).toBe(486);
  expect(said()).toEqual(["leg-ringing", "leg-ringing", "leg-refused-busy", "leg-connected", "leg-refused-busy"]);
  expect(events.findLast(({ type }) => type === "leg-refused-busy")).toMatchObject({ invitation: { sipCallId: "call-4" } });
});

test("[E34] digits go by INFO in their order", async () => {
  const { engine, up } = await play();
  const { leg, call } = await up();
  for (const digit of "1*0#") await engine.sendDigit(leg, digit);
  expect(call.sent.slice(-4)).toEqual(["INFO Signal=1", "INFO Signal=*", "INFO Signal=0", "INFO Signal=#"]);
  expect(call.messages.at(-1)?.header("Content-Type")).toBe("application/dtmf-relay");
  expect(await codeOf(engine.sendDigit(leg, "x"))).toBe("digit-invalid");
});

test("[E34] digits go by RTP where the deployment says so and the far end agreed, else by INFO", async () => {
  const { engine, up, world } = await play({ dtmf: "rtp" });
  const { leg, call } = await up();
  const { dtmf } = world.connection.audio.sender;
  await engine.sendDigit(leg, "1");
  await engine.sendDigit(leg, "2");
  expect(dtmf.toneBuffer, "none is lost").toBe("12");
  dtmf.canInsertDTMF = false;
  await engine.sendDigit(leg, "3");
  expect(call.sent.at(-1)).toBe("INFO Signal=3");
});

test("[E35] what the far end says is played, on the chosen device, and the microphone can be changed while muted", async () => {
  const { engine, up, world } = await play();
  await engine.setInputDevice("headset");
  await engine.setOutputDevice("desk");
  const { leg } = await up();
  expect(world.microphones[0]?.deviceId).toBe("headset");
  expect(world.speakers[0]).toMatchObject({ output: "desk", playing: world.connection.audio.receiver.track });
  await engine.setMuted(leg, true);
  const first = world.track;
  await engine.setInputDevice("webcam");
  expect(first.stopped).toBe(true);
  expect(world.connection.audio.sender.track).toBe(world.track);
  expect(world.track.enabled).toBe(false);
  await engine.setOutputDevice(null);
  expect(world.speakers[0]?.output).toBeNull();
});

test("[E35] a microphone that cannot be changed to says so, and the call keeps the one it has", async () => {
  const { engine, up, world } = await play();
  await up();
  world.microphoneError = new DOMException("no", "NotFoundError");
  expect(await codeOf(engine.setInputDevice("gone"))).toBe("microphone-missing");
  expect(world.track.stopped).toBe(false);
});

test("[E36] only the configured servers are asked, and gathering ends when its time is over", async () => {
  const iceServers = [{ urls: "turn:turn.example.com", username: "phone", credential: "public" }];
  const { engine, ring, world, clock, said } = await play({ iceServers });
  world.prepareConnection = (connection) => void (connection.iceGatheringState = "gathering");
  const { leg, call } = ring();
  void engine.answer(leg);
  await clock.wind(299);
  expect(call.sent.at(-1)).toBe(180);
  await clock.wind(1);
  expect(call.sent.at(-1)).toBe(200);
  expect(world.connection.iceServers).toEqual(iceServers);
  expect(said()).toEqual(["leg-ringing", "leg-connected"]);
});

test("[E36] of servers whose credentials expire, each call gets those of its moment", async () => {
  let credential = "first";
  const current = () => [{ urls: "turn:turn.example.com", username: "phone", credential }];
  const { engine, ring, world, ready } = playEngine(new FakeClock(), settled, {}, undefined, { iceServers: current });
  await ready();
  credential = "second";
  await engine.answer(ring().leg);
  expect(world.connection.iceServers).toEqual([{ urls: "turn:turn.example.com", username: "phone", credential: "second" }]);
});

test("[E36] gathering ends as soon as it is complete", async () => {
  const { engine, ring, world, clock } = await play();
  world.prepareConnection = (connection) => void (connection.iceGatheringState = "gathering");
  const { leg, call } = ring();
  void engine.answer(leg);
  await settled();
  world.connection.gathered();
  await settled();
  expect(call.sent.at(-1)).toBe(200);
  await clock.wind(100);
  expect(clock.timerCount(), "those of registration and ping").toBe(2);
});

test("[E36] codecs stay as the browser has them unless the deployment orders them; video is not answered", async () => {
  const plain = await play();
  await plain.up();
  expect(plain.world.connection.audio.codecs).toEqual([]);
  const { engine, network, events, world } = await play({ codecs: ["PCMA", "opus"] });
  const call = network.createCall();
  call.ring({}, `${playedSdp()}m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendrecv\r\n`);
  const last = events.at(-1);
  await engine.answer(last?.type === "leg-ringing" ? last.invitation.leg : "");
  const names = world.connection.audio.codecs.map(({ mimeType }) => mimeType);
  expect(names).toEqual(["audio/PCMA", "audio/opus", "audio/G722", "audio/PCMU", "audio/telephone-event"]);
  expect(world.connection.transceivers[1]?.direction).toBe("inactive");
});

test("[E37] what no phone here can do is refused with 420 and its name: session timers that are required, too", async () => {
  const { network, said } = await play();
  const call = network.ring({ Require: "timer, 100rel", "Session-Expires": "90" });
  expect(call.sent.at(-1)).toBe(420);
  expect(call.messages.at(-1)?.header("Unsupported")).toBe("timer, 100rel");
  expect(said()).toEqual([]);
});

test("[E37] session timers that are only supported are not claimed, and the far end's refresh is answered", async () => {
  const { engine, network, events } = await play();
  const call = network.ring({ Supported: "timer", "Session-Expires": "1800" });
  const last = events.at(-1);
  await engine.answer(last?.type === "leg-ringing" ? last.invitation.leg : "");
  await settled();
  expect(call.messages.find(({ status }) => status === 200)?.text).not.toMatch(/timer|Session-Expires/i);
  call.reinvite("sendrecv");
  await settled();
  expect(call.messages.at(-1)).toMatchObject({ status: 200, cseqMethod: "INVITE" });
});

test("[E38] statistics are read from the connection, and end with the leg", async () => {
  const { engine, up, world } = await play();
  const { leg, call } = await up();
  world.connection.report = [{ type: "inbound-rtp", kind: "audio", packetsReceived: 50, packetsLost: 2, jitter: 0.01 }];
  expect(await engine.statistics(leg)).toMatchObject({ packetsReceived: 50, packetsLost: 2, jitter: 0.01 });
  call.hangUp();
  expect(await engine.statistics(leg)).toBeNull();
});

test("[E39] nobody but the agent sends a call elsewhere: REFER of the far end is refused", async () => {
  const { up, network } = await play();
  const { call } = await up();
  call.ask("REFER", ["Refer-To: <sip:ravi@acme.voip.example.com>"]);
  await settled();
  expect(call.messages.at(-1)?.status).toBeGreaterThanOrEqual(400);
  expect(network.calls).toHaveLength(1);
});

test("[E39] a request on which sip.js fails harms neither the socket nor the call", async () => {
  const { engine, up, said, logged } = await play();
  const { leg, call } = await up();
  call.ask("PRACK");
  await settled();
  expect(logged.join()).toContain("sip message failed");
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-held true"]);
});
