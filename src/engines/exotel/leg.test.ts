import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { playEngine } from "./played-engine.ts";

const play = async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  return { clock, ...played };
};

test("[E30] the invitation has number, name and ids, also where the exchange writes the number into the name", async () => {
  const { ring, events } = await play();
  ring({ From: '"+918000000001" <sip:trunk7@pbx>;tag=1', "X-Exotel-Callsid": "sid-1", legsid: "leg-1" });
  expect(events.at(-1)).toEqual({
    type: "leg-ringing",
    invitation: {
      leg: "call-1#1",
      number: "+918000000001",
      name: null,
      localNumber: null,
      sipCallId: "call-1",
      exotelCallSid: "sid-1",
      exotelLegSid: "leg-1",
    },
  });
});

test("[E31] mute is what the tracks do, and each new call starts live, whatever the call before was", async () => {
  const { engine, up, said } = await play();
  const first = await up();
  await engine.setMuted(first.leg, true);
  expect(first.session.connection.microphone.track.enabled).toBe(false);
  await engine.hangUp(first.leg);
  expect(said()).toEqual(["leg-muted true", "leg-ended hung-up-here"]);
  const second = await up();
  expect(second.session.connection.microphone.track.enabled).toBe(true);
  await engine.setMuted(second.leg, true);
  expect(second.session.connection.microphone.track.enabled).toBe(false);
  expect(said()).toEqual(["leg-muted true"]);
});

test("[E31] a track that an SDK leaves muted at the start of a call is live before the call counts as connected", async () => {
  const { engine, ring, said } = await play();
  const { leg, session } = ring();
  session.connection.microphone.track.enabled = false;
  const live: boolean[] = [];
  engine.on((event) => {
    if (event.type === "leg-connected") live.push(session.connection.microphone.track.enabled);
  });
  await engine.answer(leg);
  await settled();
  expect(live).toEqual([true]);
  expect(said()).toEqual(["leg-ringing", "leg-connected"]);
});

test("[E31] mute that was asked for while the call connects holds from the first packet", async () => {
  const { engine, ring, said } = await play();
  const { leg, session } = ring();
  const answering = engine.answer(leg);
  await engine.setMuted(leg, true);
  await answering;
  await settled();
  expect(session.connection.microphone.track.enabled).toBe(false);
  expect(said()).toEqual(["leg-ringing", "leg-muted true", "leg-connected"]);
});

test("[E31] where an SDK does not mute, the tracks are muted all the same", async () => {
  const { engine, vendor, up } = await play();
  const { leg, session } = await up();
  vendor.phone.muteAction = () => {};
  await engine.setMuted(leg, true);
  expect(session.connection.microphone.track.enabled).toBe(false);
});

test("[E32] hold is confirmed by the answer to the re-INVITE, silent from the request on, and mute on hold stays silent", async () => {
  const { engine, up, said } = await play();
  const { leg, session } = await up();
  const { microphone, speaker } = session.connection;
  const asked = engine.setHeld(leg, true);
  expect(microphone.track.enabled).toBe(false);
  expect(said()).toEqual([]);
  await asked;
  await settled();
  expect(session.reinvites).toEqual([{ hold: true }]);
  expect(said()).toEqual(["leg-held true"]);
  expect(speaker.track.enabled).toBe(false);
  await engine.setMuted(leg, true);
  await engine.setMuted(leg, false);
  expect(microphone.track.enabled).toBe(false);
  expect(said()).toEqual(["leg-muted true", "leg-muted false"]);
  await engine.setHeld(leg, false);
  await settled();
  expect(microphone.track.enabled).toBe(true);
  expect(speaker.track.enabled).toBe(true);
  expect(said()).toEqual(["leg-held false"]);
});

test("[E32] a hold that is clicked before the far end has acknowledged the answer waits for that", async () => {
  const { engine, ring, said } = await play();
  const { leg, session } = ring();
  session.awaitsAck = true;
  await engine.answer(leg);
  await engine.setHeld(leg, true);
  await settled();
  expect(session.connection.microphone.track.enabled).toBe(false);
  expect(session.reinvites).toEqual([]);
  session.ack();
  await settled();
  expect(session.reinvites).toEqual([{ hold: true }]);
  expect(said().at(-1)).toBe("leg-held true");
});

test("[E32] a refused hold is told with its code, leaves the microphone live, and can be asked for again", async () => {
  const { engine, up, said } = await play();
  const { leg, session } = await up();
  session.reinviteAnswers.push(488);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-hold-refused false 488"]);
  expect(session.connection.microphone.track.enabled).toBe(true);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-held true"]);
});

test("[E32] a refused resume stays held and silent", async () => {
  const { engine, up, said } = await play();
  const { leg, session } = await up();
  await engine.setHeld(leg, true);
  await settled();
  session.reinviteAnswers.push(500);
  await engine.setHeld(leg, false);
  await settled();
  expect(said()).toEqual(["leg-held true", "leg-hold-refused true 500"]);
  expect(session.connection.microphone.track.enabled).toBe(false);
});

test("[E32] two re-INVITEs that cross (491) are tried once more after a moment", async () => {
  const { engine, clock, up, said } = await play();
  const { leg, session } = await up();
  session.reinviteAnswers.push(491);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual([]);
  await clock.wind(1_000);
  expect(said()).toEqual(["leg-held true"]);
  expect(session.reinvites).toHaveLength(2);
});

test("[E32] a far end that does not know the call any more (481) ends it", async () => {
  const { engine, up, said } = await play();
  const { leg, session } = await up();
  session.reinviteAnswers.push(481);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-hold-refused false 481", "leg-ended connection-lost 481"]);
});

test("[E33] hold by the far end is told, once for each change", async () => {
  const { up, said } = await play();
  const { session } = await up();
  for (const direction of ["sendonly", "sendonly", "sendrecv", "inactive"]) session.reinviteThere(direction);
  expect(said()).toEqual(["leg-held-there true", "leg-held-there false", "leg-held-there true"]);
});

test("[E34] digits go as SIP INFO, in order; anything else is refused and not sent", async () => {
  const { engine, up } = await play();
  const { leg, session } = await up();
  for (const digit of ["1", "#", "A"]) await engine.sendDigit(leg, digit);
  for (const digit of ["", "12", "x", "E", ","])
    await expect(engine.sendDigit(leg, digit)).rejects.toMatchObject({ code: "digit-invalid" });
  const infos = session.sent.filter((sent) => String(sent).startsWith("INFO"));
  expect(infos.map((info) => /Signal=(.)/.exec(String(info))?.[1])).toEqual(["1", "#", "A"]);
  expect(infos[0]).toContain('"contentType":"application/dtmf-relay"');
});

test("[E34] a digit before the call is up is refused", async () => {
  const { engine, ring } = await play();
  await expect(engine.sendDigit(ring().leg, "1")).rejects.toMatchObject({ code: "not-possible-now" });
});

test("[E35] statistics come from the call's own connection", async () => {
  const { engine, up, clock } = await play();
  const { leg, session } = await up();
  session.connection.report = [
    { type: "inbound-rtp", kind: "audio", packetsReceived: 50, packetsLost: 2, jitter: 0.01, audioLevel: 0.4, codecId: "c" },
    { type: "outbound-rtp", kind: "audio", packetsSent: 49 },
    { type: "media-source", kind: "audio", audioLevel: 0.2 },
    { type: "remote-inbound-rtp", kind: "audio", roundTripTime: 0.12 },
    { type: "codec", id: "c", mimeType: "audio/PCMA" },
  ];
  expect(await engine.statistics(leg)).toEqual({
    at: clock.now(),
    packetsReceived: 50,
    packetsLost: 2,
    packetsSent: 49,
    jitter: 0.01,
    roundTripTime: 0.12,
    inputLevel: 0.2,
    outputLevel: 0.4,
    codec: "PCMA",
  });
});

test("[E36] another microphone in a call is as muted as the last; outside a call it is kept for the next answer", async () => {
  const { engine, world, ring, up } = await play();
  await engine.setInputDevice("headset");
  const { leg, session } = await up();
  expect(session.sessionDescriptionHandlerOptions).toEqual({ constraints: { audio: { deviceId: "headset" }, video: false } });
  const old = session.connection.microphone.track;
  await engine.setMuted(leg, true);
  await engine.setInputDevice("desk");
  expect(world.opened).toMatchObject([{ deviceId: "desk", track: { enabled: false } }]);
  expect(session.connection.microphone.track).toBe(world.opened[0]?.track);
  expect(session.connection.liveWhenSent).toEqual([false]);
  expect(old).toMatchObject({ stopped: true });
  await engine.setMuted(leg, false);
  expect(world.opened[0]?.track.enabled).toBe(true);
  await engine.hangUp(leg);
  await engine.setInputDevice(null);
  expect(ring().session.sessionDescriptionHandlerOptions).toEqual({});
});

test("[E37] the speaker is set when a call is up, back to the default at its end, and a missing one is no error", async () => {
  const { engine, vendor, up, said } = await play();
  await engine.setOutputDevice("headset");
  expect(vendor.outputs).toEqual([]);
  const { leg } = await up();
  expect(vendor.outputs).toEqual(["headset"]);
  await engine.hangUp(leg);
  await settled();
  expect(vendor.outputs).toEqual(["headset", ""]);
  vendor.missingOutputs.add("headset");
  await up();
  await engine.setOutputDevice("headset");
  expect(said()).toEqual([]);
});

test("[E38] a far end that asks the phone to call somebody (REFER) is refused", async () => {
  const { up } = await play();
  const { session } = await up();
  let refused = 0;
  session.delegate.onRefer?.({ reject: () => (refused += 1) });
  expect(refused).toBe(1);
});
