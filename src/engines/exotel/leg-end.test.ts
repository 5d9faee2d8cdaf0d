import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const play = async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  return { clock, ...played };
};

test("[E40] a caller who gives up and a call that another phone took are told apart by the CANCEL's reason", async () => {
  const { ring, said } = await play();
  ring().session.cancel();
  ring().session.cancel('SIP;cause=200;text="Call completed elsewhere"');
  ring().session.cancel('SIP;cause=487;text="Request terminated"');
  ring().session.cancel("Q.850;cause=200, SIP;cause=200");
  expect(said().filter((word) => word !== "leg-ringing")).toEqual([
    "leg-ended missed 487",
    "leg-ended answered-elsewhere 487",
    "leg-ended missed 487",
    "leg-ended answered-elsewhere 487",
  ]);
});

test("[E40] rejected, hung up here, hung up there, unanswered and died alone each have their own end, once", async () => {
  const { engine, ring, up, said } = await play();
  const rejected = ring();
  await engine.reject(rejected.leg);
  expect(rejected.session.sent).toEqual([486]);
  const here = await up();
  await engine.hangUp(here.leg);
  const ends = [...said()];
  const there = await up();
  there.session.hangUpThere();
  ends.push(...said());
  ring().session.dieAlone();
  ends.push(...said());
  (await up()).session.dieAlone();
  ends.push(...said());
  expect(ends).toEqual([
    "leg-ended hung-up-here",
    "leg-ended hung-up-there",
    "leg-ringing",
    "leg-ended missed 480",
    "leg-ended connection-lost",
  ]);
});

test("[E40] hanging up a call that rings declines it, and a second click does nothing", async () => {
  const { engine, vendor, ring, up, said } = await play();
  const { leg, session } = ring();
  await engine.hangUp(leg);
  expect(session.sent).toEqual([486]);
  expect(said()).toEqual(["leg-ringing", "leg-ended rejected 486"]);
  const second = await up();
  await engine.hangUp(second.leg);
  await engine.hangUp(second.leg).catch(() => {});
  expect(vendor.unhandled).toEqual([]);
});

test("[E40] a hang-up before the ACK is over and silent at once, and its BYE goes when it may", async () => {
  const { engine, vendor, up, said } = await play();
  const { leg, session } = await up();
  session.awaitsAck = true;
  await engine.hangUp(leg);
  expect(said()).toEqual(["leg-ended hung-up-here"]);
  expect(session.connection.microphone.track.enabled).toBe(false);
  expect(session.sent).toEqual([200]);
  await expect(engine.hangUp(leg)).rejects.toMatchObject({ code: "no-call" });
  session.ack();
  expect(session.sent).toEqual([200, "BYE"]);
  await engine.register({ ...ACCOUNT, user: "ravi" });
  await settled();
  expect(said()).toEqual(["registered"]);
  expect(vendor.unhandled).toEqual([]);
});

test.each([
  ["NotAllowedError", true, "granted", "microphone-refused"],
  ["NotAllowedError", false, "denied", "microphone-not-delegated"],
  ["NotFoundError", true, "prompt", "microphone-missing"],
  ["NotFoundError", true, "denied", "microphone-refused"],
  ["NotFoundError", false, "denied", "microphone-not-delegated"],
  ["NotReadableError", true, "granted", "microphone-busy"],
  ["OverconstrainedError", null, null, "microphone-missing"],
] as const)(
  "[E41] %s, delegated %s, permission %s: the caller is refused and the agent reads %s",
  async (name, delegated, permission, code) => {
    for (const keepsRinging of [false, true]) {
      const { engine, world, ring, said } = await play();
      Object.assign(world, { delegated, permission });
      const { leg, session } = ring();
      session.microphoneError = new DOMException("no", name);
      session.keepsRinging = keepsRinging;
      await expect(engine.answer(leg)).rejects.toMatchObject({ code });
      expect(session.sent).toEqual([480]);
      expect(said()).toEqual(["leg-ringing", `leg-media-denied ${code}`, "leg-ended media-denied 480"]);
    }
  },
);

test("[E41] an answer that fails for another reason has failed, and no microphone is blamed", async () => {
  const { engine, ring, said } = await play();
  const { leg, session } = ring();
  session.microphoneError = new Error("Failed to set remote offer sdp");
  await expect(engine.answer(leg)).rejects.toMatchObject({ code: "internal" });
  expect(said()).toEqual(["leg-ringing", "leg-ended failed 480"]);
});

test("[E41] a caller who gives up while the browser asks for the microphone is a missed call", async () => {
  const { engine, ring, said } = await play();
  const { leg, session } = ring();
  const answering = engine.answer(leg);
  session.cancel();
  await answering;
  await settled();
  expect(said()).toEqual(["leg-ringing", "leg-ended missed 487"]);
});

test("[E42] a second call while one is up is told with its facts, though the SDK refuses it without a word", async () => {
  const { vendor, up, events, said } = await play();
  await up();
  const second = vendor.ring({ From: '"Meera" <sip:%2B918000000002@pbx>;tag=9', "X-Exotel-Callsid": "sid-2" });
  expect(second.sent).toEqual([480]);
  expect(said()).toEqual(["leg-refused-busy"]);
  expect(events.at(-1)).toMatchObject({ invitation: { number: "+918000000002", name: "Meera", exotelCallSid: "sid-2" } });
});

test("[E42] a stray re-INVITE of some other call, answered with 481, is no call", async () => {
  const { vendor, up, said } = await play();
  await up();
  vendor.trace("in", "INVITE sip:agent SIP/2.0\r\nCall-ID: stray\r\nTo: <sip:agent@pbx>;tag=7\r\nCSeq: 9 INVITE\r\n\r\n");
  vendor.trace("out", "SIP/2.0 481 Gone\r\nCall-ID: stray\r\nCSeq: 9 INVITE\r\n\r\n");
  expect(said()).toEqual([]);
});

test("[E42] declining the one call that rings is no second call", async () => {
  const { engine, ring, said } = await play();
  await engine.reject(ring().leg);
  expect(said()).toEqual(["leg-ringing", "leg-ended rejected 486"]);
});

test("[E43] leaving the page sends BYE at once for the call that is up, and refuses one that rings", async () => {
  const { engine, ring, up, said } = await play();
  const { session } = await up();
  engine.leave();
  expect(session.sent).toEqual([200, "BYE"]);
  const ringing = ring();
  engine.leave();
  expect(ringing.session.sent).toEqual([486]);
  expect(said().at(-1)).toBe("leg-ended missed 486");
});

test("[E44] a socket that closes in a call is told at once, for the call and for the line", async () => {
  const { vendor, up, said } = await play();
  const { session } = await up();
  vendor.userAgent?.close();
  expect(said()).toEqual(["leg-signalling false", "registration-lost server-unreachable"]);
  await settled();
  expect(session.state).toBe("Established");
});

test("[E44] registered again, the call has its way back: a re-INVITE on its own user agent, as held as it was", async () => {
  const { engine, vendor, up, said } = await play();
  const { leg, session } = await up();
  await engine.setHeld(leg, true);
  await settled();
  vendor.userAgent?.close();
  session.connection.connectionState = "disconnected";
  said();
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["registered", "leg-signalling true"]);
  expect(session.reinvites.at(-1)).toEqual({ hold: true, offerOptions: { iceRestart: true } });
  expect(session.sessionDescriptionHandlerOptionsReInvite).toEqual({ hold: true });
  expect(vendor.userAgents).toHaveLength(2);
  await engine.hangUp(leg);
  expect(session.sent.at(-1)).toBe("BYE");
  expect(said()).toEqual(["leg-ended hung-up-here"]);
});

test("[E44] a silent socket that never finishes closing is left behind without an unhandled rejection", async () => {
  const { engine, vendor, up, said } = await play();
  await up();
  const silent = vendor.userAgent;
  if (silent) silent.isSilent = true;
  await engine.register(ACCOUNT);
  await settled();
  expect(said().at(-1)).toBe("leg-signalling true");
  expect(vendor.unhandled).toEqual([]);
});

test("[E44] the socket that a call got of its own is closed after its end", async () => {
  const { engine, clock, vendor, up } = await play();
  const { leg } = await up();
  vendor.userAgent?.close();
  await engine.register(ACCOUNT);
  await settled();
  await engine.hangUp(leg);
  await clock.wind(5_000);
  expect(vendor.userAgents.map(({ socket }) => socket)).toEqual(["closed", "open"]);
});

test("[E44] a hang-up without a socket is over for the agent at once, silent, and still reaches the far end", async () => {
  const { engine, vendor, up, said } = await play();
  const { leg, session } = await up();
  vendor.userAgent?.close();
  said();
  await engine.hangUp(leg);
  expect(said()).toEqual(["leg-ended hung-up-here"]);
  expect(session.connection.microphone.track.enabled).toBe(false);
  await settled();
  expect(session.sent.at(-1)).toBe("BYE");
});

test("[E44] a hang-up without any network frees the phone all the same", async () => {
  const { engine, clock, vendor, up, ring, said } = await play();
  const { leg } = await up();
  vendor.registrar = "unreachable";
  vendor.userAgent?.close();
  await engine.hangUp(leg);
  await clock.wind(3_000);
  expect(vendor.active).toBeNull();
  vendor.registrar = "accepts";
  await engine.register(ACCOUNT);
  await settled();
  said();
  ring();
  expect(said()).toEqual(["leg-ringing"]);
});

test("[E44] a call that the far end has given up meanwhile (481) ends", async () => {
  const { engine, vendor, up, said } = await play();
  const { session } = await up();
  session.reinviteAnswers.push(481);
  vendor.userAgent?.close();
  said();
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["registered", "leg-ended connection-lost 481"]);
});

test("[E44] a call that rings is lost with its socket, and the next one rings", async () => {
  const { engine, vendor, ring, said } = await play();
  ring();
  vendor.userAgent?.close();
  expect(said()).toEqual(["leg-ringing", "leg-ended connection-lost", "registration-lost server-unreachable"]);
  await engine.register(ACCOUNT);
  await settled();
  ring();
  expect(said()).toEqual(["registered", "leg-ringing"]);
});

test("[E45] media that stops and comes back is told, once each", async () => {
  const { up, said } = await play();
  const { session } = await up();
  for (const state of ["disconnected", "failed", "connecting", "connected", "connected"]) session.connection.become(state);
  expect(said()).toEqual(["leg-media false", "leg-media true"]);
});

test("[E46] after `dispose` nothing is registered and the call is hung up", async () => {
  const { engine, vendor, up } = await play();
  const { session } = await up();
  await engine.dispose();
  expect(session.sent.at(-1)).toBe("BYE");
  expect(vendor.userAgent).toMatchObject({ registered: false, socket: "closed" });
});
