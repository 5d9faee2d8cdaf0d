import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { endByBye, endByCancel, endByResponse, warningCodes } from "./leg-end.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

const play = async () => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled);
  await played.ready();
  return { clock, ...played };
};

test("[E40] a CANCEL tells a caller who gave up from another phone that answered", () => {
  expect(endByCancel(null)).toEqual({ reason: "missed", sipCode: 487 });
  expect(endByCancel('SIP;cause=200;text="Call completed elsewhere"').reason).toBe("answered-elsewhere");
  expect(endByCancel("Q.850;cause=26").reason).toBe("answered-elsewhere");
  expect(endByCancel('Q.850;cause=16, SIP ;cause="200"').reason).toBe("answered-elsewhere");
  expect(endByCancel("Q.850;cause=16").reason).toBe("missed");
});

test("[E40] a BYE is the far end that hung up, unless its reason is a network that failed", () => {
  for (const header of [null, "Q.850;cause=16", "SIP;cause=200", "nonsense;cause=38"]) {
    expect(endByBye(header)).toEqual({ reason: "hung-up-there", sipCode: null });
  }
  expect(endByBye("Q.850;cause=102")).toEqual({ reason: "connection-lost", sipCode: null });
  expect(endByBye('SIP;cause=503;text="media timeout"')).toEqual({ reason: "connection-lost", sipCode: 503 });
});

test("[E40] an answer that is none has its reason and its code", () => {
  expect(endByResponse(486, null)).toEqual({ reason: "busy", sipCode: 486 });
  expect(endByResponse(500, "Q.850;cause=17")).toEqual({ reason: "busy", sipCode: 500 });
  expect(endByResponse(480, null)).toEqual({ reason: "no-answer", sipCode: 480 });
  expect(endByResponse(404, null)).toEqual({ reason: "failed", sipCode: 404 });
  expect(warningCodes('304 pbx "no +918000000001", 399 x "y"')).toEqual([304, 399]);
});

test("[E41] every way to end is told once, with its cause, and a message where one is due", async () => {
  const { engine, ring, up, said } = await play();
  const declined = ring();
  await engine.reject(declined.leg);
  expect(declined.call.sent.at(-1)).toBe(486);
  const elsewhere = ring();
  elsewhere.call.cancel("SIP;cause=200");
  expect(elsewhere.call.sent.at(-1)).toBe(487);
  expect(said()).toEqual(["leg-ringing", "leg-ended rejected 486", "leg-ringing", "leg-ended answered-elsewhere 487"]);
  const hungUp = await up();
  await engine.hangUp(hungUp.leg);
  expect(hungUp.call.sent.at(-1)).toBe("BYE");
  const there = await up();
  there.call.hangUp("Q.850;cause=16");
  await settled();
  expect(there.call.messages.at(-1)).toMatchObject({ status: 200, cseqMethod: "BYE" });
  expect(said()).toEqual(["leg-ended hung-up-there"]);
});

test("[E41] hung up while it connects, the caller is refused and the microphone closed", async () => {
  const { engine, ring, world, said } = await play();
  const { leg, call } = ring();
  const answering = engine.answer(leg).catch((error: Error) => error.message);
  await engine.hangUp(leg);
  expect(await answering).toBe("no-call");
  await settled();
  expect(call.sent.at(-1)).toBe(486);
  expect(said()).toEqual(["leg-ringing", "leg-ended rejected 486"]);
  expect(world.microphones.every(({ track }) => track.stopped)).toBe(true);
});

test("[E41] hung up before the ACK has come, the BYE follows it, and the microphone is closed at once", async () => {
  const { engine, ring, world, said } = await play();
  const { leg, call } = ring();
  call.acknowledges = false;
  await engine.answer(leg);
  await engine.hangUp(leg);
  expect(world.track.stopped).toBe(true);
  expect(said()).toEqual(["leg-ringing", "leg-connected", "leg-ended hung-up-here"]);
  expect(call.sent.at(-1)).toBe(200);
  call.acknowledge();
  await settled();
  expect(call.sent.at(-1)).toBe("BYE");
});

test("[E42] leaving the page sends BYE in the same turn, and refuses what rings", async () => {
  const { engine, up, ring, said } = await play();
  const { call } = await up();
  engine.leave();
  expect(call.sent.at(-1)).toBe("BYE");
  expect(said()).toEqual(["leg-ended hung-up-here"]);
  const ringing = ring();
  engine.leave();
  expect(ringing.call.sent.at(-1)).toBe(486);
  expect(said()).toEqual(["leg-ringing", "leg-ended missed 486"]);
});

test("[E43] a call rings on for some seconds without a socket, and is answered over the next", async () => {
  const { engine, network, ring, said, clock } = await play();
  const back = ring();
  network.socket.lost();
  await engine.register(ACCOUNT);
  await settled();
  await engine.answer(back.leg);
  await settled();
  expect(back.call.sent.at(-1)).toBe(200);
  expect(said()).toEqual(["leg-ringing", "registration-lost server-unreachable", "registered", "leg-connected"]);
  await engine.hangUp(back.leg);
  await settled();
  said();
  ring();
  network.socket.lost();
  await clock.wind(8_000);
  expect(said()).toEqual(["leg-ringing", "registration-lost server-unreachable", "leg-ended connection-lost"]);
});

test("[E45] a call that rings says so again over the next socket, which brings a CANCEL that was lost", async () => {
  const { engine, network, ring, said, clock } = await play();
  const { call } = ring();
  await settled();
  network.socket.lost();
  await engine.register(ACCOUNT);
  await settled();
  expect(call.sent).toEqual([100, 180, 180]);
  call.cancel();
  expect(said().at(-1)).toBe("leg-ended missed 487");
  await clock.wind(60_000);
  expect(said()).toEqual([]);
});

test("[E45] over another socket a call rings for 30 s more, unless it is answered: a caller who has gone is silent", async () => {
  const { engine, network, ring, said, clock } = await play();
  const { call } = ring();
  network.socket.lost();
  await engine.register(ACCOUNT);
  await settled();
  said();
  await clock.wind(29_000);
  expect(said()).toEqual([]);
  await clock.wind(1_000);
  expect([said(), call.sent.at(-1)]).toEqual([["leg-ended missed 480"], 480]);
  const answered = ring();
  network.socket.lost();
  await engine.register(ACCOUNT);
  await settled();
  await engine.answer(answered.leg);
  await settled();
  said();
  await clock.wind(60_000);
  expect(said()).toEqual([]);
});

test("[E43] what is up goes on without a socket, and is back with the next registration", async () => {
  const { engine, network, up, said } = await play();
  const { leg, call } = await up();
  network.socket.lost();
  await settled();
  await engine.register(ACCOUNT);
  await settled();
  expect(call.sent.at(-2)).toBe("INVITE sendrecv");
  expect(said()).toEqual([`leg-signalling false`, "registration-lost server-unreachable", "registered", "leg-signalling true"]);
  call.hangUp();
  expect(said()).toEqual(["leg-ended hung-up-there"]);
  expect(leg).not.toBe("");
});

test("[E43] registered again although registered, a call that is up is carried over to the new socket", async () => {
  const { engine, network, up, said } = await play();
  const { leg, call } = await up();
  await engine.register(ACCOUNT);
  await settled();
  expect(said()).toEqual(["leg-signalling false", "registered", "leg-signalling true"]);
  expect(network.sockets.map(({ state }) => state)).toEqual(["closed", "open"]);
  await engine.hangUp(leg);
  expect(call.sent.at(-1)).toBe("BYE");
});

test("[E46] a hold, a BYE or a CANCEL that was lost with the socket is sent again over the next", async () => {
  const held = await play();
  const { leg, call } = await held.up();
  held.network.silent = true;
  await held.engine.setHeld(leg, true);
  await settled();
  held.network.socket.lost();
  held.network.silent = false;
  held.said();
  await held.engine.register(ACCOUNT);
  await settled();
  expect(held.said()).toEqual(["leg-held true", "registered", "leg-signalling true"]);
  expect(call.sent.filter((what) => what === "INVITE sendonly")).toHaveLength(2);
  held.network.silent = true;
  await held.engine.hangUp(leg);
  held.network.socket.lost();
  held.network.silent = false;
  await held.engine.register(ACCOUNT);
  await settled();
  expect(call.sent.at(-1)).toBe("BYE");
});

test("[E46] so is a refusal: declined while the socket was away, a call stops ringing at the far end", async () => {
  for (const isNoticed of [true, false]) {
    const { engine, network, ring } = await play();
    const { leg, call } = ring();
    await settled();
    network.silent = true;
    if (isNoticed) network.socket.lost();
    await engine.reject(leg);
    await settled();
    if (!isNoticed) network.socket.lost();
    expect(call.sent).not.toContain(486);
    network.silent = false;
    await engine.register(ACCOUNT);
    await settled();
    expect(call.sent.filter((what) => what === 486)).toHaveLength(1);
    network.socket.lost();
    await engine.register(ACCOUNT);
    await settled();
    expect(
      call.sent.filter((what) => what === 486),
      "acknowledged, it is said no more",
    ).toHaveLength(1);
  }
});

test("[E46] a digit is not sent twice, and a call that was being placed is not placed again", async () => {
  const { engine, network, up, clock } = await play();
  const { leg, call } = await up();
  network.silent = true;
  const digit = engine.sendDigit(leg, "5").catch(() => undefined);
  network.socket.lost();
  network.silent = false;
  await engine.register(ACCOUNT);
  await settled();
  expect(call.sent).not.toContain("INFO Signal=5");
  await clock.wind(32_000);
  void digit;
  const dialling = playEngine(new FakeClock(), settled, { dialDirect: true });
  await dialling.ready();
  dialling.network.silent = true;
  void dialling.engine.place("+918000000002").catch(() => undefined);
  await settled();
  dialling.network.socket.lost();
  dialling.network.silent = false;
  await dialling.engine.register(ACCOUNT);
  await settled();
  expect(dialling.network.calls).toEqual([]);
});

test("[E43] a far end that has forgotten the call meanwhile ends it", async () => {
  const { engine, network, up, said } = await play();
  const { call } = await up();
  call.reinviteAnswers.push(481);
  network.socket.lost();
  await engine.register(ACCOUNT);
  await settled();
  expect(said().slice(-2)).toEqual(["registered", "leg-ended connection-lost 481"]);
});

test("[E43] a dead network path is looked for again with the next re-INVITE", async () => {
  const { up, world, clock, said } = await play();
  const { call } = await up();
  world.connection.become("disconnected");
  await clock.wind(5_000);
  expect(call.sent, "it may come back by itself").not.toContain("INVITE sendrecv");
  world.connection.become("failed");
  // The new candidates are waited for, although the old ones were complete.
  await clock.wind(299);
  expect(call.sent).not.toContain("INVITE sendrecv");
  await clock.wind(1);
  expect(call.sent.at(-2)).toBe("INVITE sendrecv");
  expect(world.connection.restarts).toEqual([true]);
  world.connection.become("connected");
  expect(said()).toEqual(["leg-media false", "leg-media true"]);
});

test("[E44] hung up without a way to the far end, it is over here at once, and there as soon as there is a way", async () => {
  const { engine, network, up, world, said } = await play();
  const { leg, call } = await up();
  network.socket.lost();
  await settled();
  await engine.hangUp(leg);
  expect(world.track.stopped).toBe(true);
  expect(said()).toEqual(["leg-signalling false", "registration-lost server-unreachable", "leg-ended hung-up-here"]);
  await engine.register(ACCOUNT);
  await settled();
  expect(call.sent.at(-1)).toBe("BYE");
});
