import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { playEngine } from "./played-engine.ts";

const play = async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  return { clock, ...played, ...(await played.up()) };
};

test("[E50] hold is a re-INVITE with sendonly, true when it is answered; nothing is sent or heard from the click on", async () => {
  const { engine, leg, call, world, said } = await play();
  await engine.setHeld(leg, true);
  expect(world.track.enabled).toBe(false);
  expect(said()).toEqual([]);
  await settled();
  expect(call.sent).toContain("INVITE sendonly");
  expect(said()).toEqual(["leg-held true"]);
  expect(world.connection.audio.receiver.track.enabled).toBe(false);
  await engine.setHeld(leg, false);
  await settled();
  expect(call.sent).toContain("INVITE sendrecv");
  expect(said()).toEqual(["leg-held false"]);
  expect([world.track.enabled, world.connection.audio.receiver.track.enabled]).toEqual([true, true]);
});

test("[E50] hold that is clicked before the far end has acknowledged the answer waits for that, and the call goes on", async () => {
  const played = playEngine(new FakeClock(), settled);
  await played.ready();
  const { leg, call } = played.ring();
  call.acknowledges = false;
  await played.engine.answer(leg);
  await settled();
  await played.engine.setHeld(leg, true);
  await settled();
  expect(played.world.track.enabled).toBe(false);
  expect(call.sent).not.toContain("INVITE sendonly");
  call.acknowledge();
  await settled();
  expect(call.sent.slice(-2)).toEqual(["INVITE sendonly", "ACK"]);
  expect(played.said().at(-1)).toBe("leg-held true");
});

test("[E50] where the ACK does not come, the far end is asked all the same: it may have forgotten the call", async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  const { leg, call } = played.ring();
  call.acknowledges = false;
  await played.engine.answer(leg);
  await settled();
  call.reinviteAnswers.push(481);
  await played.engine.setHeld(leg, true);
  await clock.wind(3_999);
  expect(call.sent).not.toContain("INVITE sendonly");
  await clock.wind(1);
  expect(call.sent).toContain("INVITE sendonly");
  expect(played.said().at(-1)).toBe("leg-ended connection-lost 481");
});

test("[E50] so does one that is clicked before the far end has acknowledged our answer to its own", async () => {
  const { engine, leg, call, said } = await play();
  call.acknowledges = false;
  call.reinvite("sendonly");
  await settled();
  await engine.setHeld(leg, true);
  await settled();
  expect(call.sent).not.toContain("INVITE inactive");
  call.acknowledge("re-INVITE");
  await settled();
  expect(call.sent.slice(-2)).toEqual(["INVITE inactive", "ACK"]);
  expect(said()).toEqual(["leg-held-there true", "leg-held true"]);
});

test("[E50] hold that is refused leaves the call as it was, microphone and all", async () => {
  const { engine, leg, call, world, said } = await play();
  call.reinviteAnswers.push(488);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-hold-refused false 488"]);
  expect(world.track.enabled).toBe(true);
  expect(world.connection.signalingState).toBe("stable");
  call.reinvite("sendrecv");
  await settled();
  expect(call.sdp, "the refused direction is forgotten").toContain("a=sendrecv");
});

test("[E50] resume that is refused leaves it held and silent", async () => {
  const { engine, leg, call, world, said } = await play();
  await engine.setHeld(leg, true);
  await settled();
  call.reinviteAnswers.push(503);
  await engine.setHeld(leg, false);
  await settled();
  expect(said()).toEqual(["leg-held true", "leg-hold-refused true 503"]);
  expect(world.track.enabled).toBe(false);
});

test("[E51] both at once (491): tried once more after a while", async () => {
  const { engine, leg, call, clock, said } = await play();
  call.reinviteAnswers.push(491);
  await engine.setHeld(leg, true);
  await clock.wind(999);
  expect(said()).toEqual([]);
  await clock.wind(1);
  expect(said()).toEqual(["leg-held true"]);
  call.reinviteAnswers.push(491, 491);
  await engine.setHeld(leg, false);
  await clock.wind(60_000);
  expect(said()).toEqual(["leg-hold-refused true 491"]);
});

test("[E51] while a re-INVITE of the far end is not finished ours waits, and its offer is taken back", async () => {
  const { engine, leg, call, clock, world, said } = await play();
  call.acknowledges = false;
  call.reinvite("sendrecv");
  await settled();
  await engine.setHeld(leg, true);
  await clock.wind(900);
  expect(call.sent).not.toContain("INVITE sendonly");
  expect(world.connection.signalingState).toBe("stable");
  call.acknowledge("re-INVITE");
  await clock.wind(100);
  expect(said()).toEqual(["leg-held true"]);
});

test("[E51] a call that the far end has forgotten (481) is over", async () => {
  const { engine, leg, call, said } = await play();
  call.reinviteAnswers.push(481);
  await engine.setHeld(leg, true);
  await settled();
  expect(said()).toEqual(["leg-hold-refused false 481", "leg-ended connection-lost 481"]);
});

test("[E51] hung up while hold is asked for, nothing more is told of it", async () => {
  const { engine, leg, said } = await play();
  await engine.setHeld(leg, true);
  await engine.hangUp(leg);
  await settled();
  expect(said()).toEqual(["leg-ended hung-up-here"]);
});

test("[E52] the far end's hold is told, whatever it does it with, and its end", async () => {
  const { call, said } = await play();
  for (const direction of ["sendonly", "sendrecv", "inactive", "recvonly"] as const) {
    call.reinvite(direction);
    await settled();
  }
  expect(said()).toEqual(["leg-held-there true", "leg-held-there false", "leg-held-there true", "leg-held-there false"]);
});

test("[E52] held from both sides nobody sends, and taking back our hold leaves theirs", async () => {
  const { engine, leg, call, said } = await play();
  call.reinvite("sendonly");
  await settled();
  expect(call.sdp).toContain("a=recvonly");
  await engine.setHeld(leg, true);
  await settled();
  expect(call.sent).toContain("INVITE inactive");
  await engine.setHeld(leg, false);
  await settled();
  expect(said()).toEqual(["leg-held-there true", "leg-held true", "leg-held false"]);
});

test("[E53] mute in hold counts when the hold is over", async () => {
  const { engine, leg, world, said } = await play();
  await engine.setHeld(leg, true);
  await settled();
  await engine.setMuted(leg, true);
  await engine.setHeld(leg, false);
  await settled();
  expect(world.track.enabled).toBe(false);
  await engine.setMuted(leg, false);
  expect(world.track.enabled).toBe(true);
  expect(said()).toEqual(["leg-held true", "leg-muted true", "leg-held false", "leg-muted false"]);
});
