import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import type { CallDouble } from "./call-double.ts";
import { playEngine } from "./played-engine.ts";

const play = async (prepare: (call: CallDouble) => void = () => {}) => {
  const clock = new FakeClock();
  const played = playEngine(clock, settled, { dialDirect: true });
  played.network.prepareCall = prepare;
  await played.ready();
  return { clock, ...played };
};
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof Error ? error.message : error),
  );

test("[E60] a call that is placed rings there, is connected when it is answered, and its offer takes the active part", async () => {
  const { engine, network, world, said } = await play((call) => void (call.dialAnswer = null));
  expect(engine.capabilities.canDialDirect).toBe(true);
  const { leg } = await engine.place("+919845000012");
  await settled();
  const [call] = network.calls;
  expect(call?.messages[0]?.uri).toBe("sip:+919845000012@acme.voip.example.com");
  expect(call?.messages[0]?.body).toContain("a=setup:active\r\n");
  expect(said()).toEqual(["leg-progress false"]);
  call?.answerDial(200);
  await settled();
  expect(call?.sent).toEqual(["INVITE sendrecv", "ACK"]);
  expect(said()).toEqual(["leg-connected"]);
  expect(world.track.enabled).toBe(true);
  await engine.hangUp(leg);
  expect(call?.sent.at(-1)).toBe("BYE");
  expect(said()).toEqual(["leg-ended hung-up-here"]);
});

test("[E60] busy, no answer and a number that is none are told apart, each with its code", async () => {
  for (const [answer, told] of [
    [{ status: 486 }, "leg-ended busy 486"],
    [{ status: 480 }, "leg-ended no-answer 480"],
    [{ status: 404 }, "leg-ended failed 404"],
    [{ status: 503, headers: ["Reason: Q.850;cause=17"] }, "leg-ended busy 503"],
  ] as const) {
    const { engine, world, said } = await play((call) => void (call.dialAnswer = answer));
    await engine.place("+919845000012");
    await settled();
    expect(said()).toEqual([told]);
    expect(world.track.stopped).toBe(true);
  }
});

test("[E60] a call that is taken back while it rings is cancelled, and over here at once", async () => {
  const { engine, network, said } = await play((call) => void (call.dialAnswer = null));
  const { leg } = await engine.place("+919845000012");
  await settled();
  await engine.hangUp(leg);
  expect(said()).toEqual(["leg-progress false", "leg-ended cancelled"]);
  await settled();
  expect(network.calls[0]?.sent).toEqual(["INVITE sendrecv", "CANCEL", "ACK"]);
  expect(said()).toEqual([]);
});

test("[E60] without a microphone nobody is called", async () => {
  const { engine, network, world, said } = await play();
  world.microphoneError = new DOMException("no", "NotAllowedError");
  expect(await codeOf(engine.place("+919845000012"))).toBe("microphone-refused");
  expect(network.calls).toEqual([]);
  expect(said()).toEqual(["leg-ended media-denied"]);
});

test("[E60] a number with signs in it reaches the exchange as it was dialled", async () => {
  const { engine, network } = await play();
  await engine.place("*31#08047112233");
  expect(network.calls[0]?.messages[0]?.uri).toBe("sip:*31%2308047112233@acme.voip.example.com");
});

test("[E60] what is no number, a third call and a phone that is not ready place nothing", async () => {
  const { engine, network, up } = await play();
  expect(await codeOf(engine.place("sip:x@y"))).toBe("number-invalid");
  await up();
  await up();
  expect(await codeOf(engine.place("+919845000012"))).toBe("call-in-progress");
  network.socket.lost();
  expect(await codeOf(engine.place("+919845000012"))).toBe("not-ready");
});

test("[E61] a blind transfer is asked for by REFER; when the target is reached our part ends with BYE", async () => {
  const { engine, up, said } = await play();
  const { leg, call } = await up();
  expect(await codeOf(engine.transfer(leg, "+919845000012"))).toBe("fulfilled");
  expect(call.sent).toContain("REFER sip:+919845000012@acme.voip.example.com");
  expect(call.sent.at(-1)).toBe("BYE");
  expect(said()).toEqual(["leg-ended transferred"]);
});

test("[E61] a transfer that is refused, fails or is not known leaves the call as it is", async () => {
  for (const [refer, code] of [
    [{ status: 603, result: null }, "not-possible-now"],
    [{ status: 405, result: null }, "not-supported"],
    [{ status: 202, result: 486 }, "dial-failed"],
  ] as const) {
    const { engine, up, said } = await play();
    const { leg, call } = await up();
    call.refer = refer;
    expect(await codeOf(engine.transfer(leg, "+919845000012"))).toBe(code);
    expect(said()).toEqual([]);
    call.refer = { status: 202, result: 200 };
    expect(await codeOf(engine.transfer(leg, "+919845000012")), "another try").toBe("fulfilled");
  }
});

test("[E61] a far end that hangs up after it took the REFER has gone; one that says nothing has not", async () => {
  const gone = await play();
  const first = await gone.up();
  first.call.refer = { status: 202, result: null };
  const going = codeOf(gone.engine.transfer(first.leg, "+919845000012"));
  await settled();
  first.call.hangUp();
  expect(await going).toBe("fulfilled");
  const silent = await play();
  const second = await silent.up();
  second.call.refer = { status: 202, result: null };
  const waiting = codeOf(silent.engine.transfer(second.leg, "+919845000012"));
  await silent.clock.wind(40_000);
  expect(await waiting).toBe("not-possible-now");
  expect(silent.said()).toEqual([]);
});

test("[E60] what the far end plays before it answers is heard, and told, so that nothing else sounds", async () => {
  const { engine, network, said, world } = await play((call) => void (call.dialAnswer = null));
  await engine.place("+919845000012");
  await settled();
  const [call] = network.calls;
  call?.answerDial(183);
  await settled();
  expect(said()).toEqual(["leg-progress false", "leg-progress true"]);
  expect(world.connection.remoteDescription).not.toBeNull();
  call?.answerDial(200);
  await settled();
  expect(said()).toEqual(["leg-connected"]);
});

/** Two calls are up: the customer's and that of who was asked. */
const both = async () => {
  const played = await play();
  const customer = await played.up();
  const consulted = await played.up();
  played.said();
  return { ...played, customer, consulted };
};

test("[E62] an attended transfer names the dialog that is to be replaced (RFC 3891), and both legs end as transferred", async () => {
  const { engine, customer, consulted, said } = await both();
  expect(await codeOf(engine.transferTo(customer.leg, consulted.leg))).toBe("fulfilled");
  const referTo = customer.call.messages.find(({ method }) => method === "REFER")?.header("Refer-To") ?? "";
  const replaces = decodeURIComponent(/\?Replaces=([^>]+)>/.exec(referTo)?.[1] ?? "");
  const tag = /;tag=([^;]+)/.exec(consulted.call.messages.find(({ status }) => status === 200)?.header("To") ?? "")?.[1];
  expect(replaces).toBe(`${consulted.call.callId};to-tag=far;from-tag=${tag}`);
  expect(said()).toEqual(["leg-ended transferred", "leg-ended transferred"]);
  expect([customer.call.sent.at(-1), consulted.call.sent.at(-1)]).toEqual(["BYE", "BYE"]);
});

test("[E62] who was asked hangs up the call that is replaced before anything is told: that is the transfer too", async () => {
  const { engine, customer, consulted, said } = await both();
  customer.call.refer = { status: 202, result: null };
  const going = codeOf(engine.transferTo(customer.leg, consulted.leg));
  await settled();
  consulted.call.hangUp();
  expect(said()).toEqual(["leg-ended transferred"]);
  customer.call.hangUp();
  expect(await going).toBe("fulfilled");
  expect(said()).toEqual(["leg-ended transferred"]);
});

test("[E62] an attended transfer that fails leaves both calls, and one of a call that is over goes nowhere", async () => {
  const { engine, customer, consulted, said } = await both();
  customer.call.refer = { status: 202, result: 481 };
  expect(await codeOf(engine.transferTo(customer.leg, consulted.leg))).toBe("dial-failed");
  consulted.call.hangUp();
  expect(said()).toEqual(["leg-ended hung-up-there"]);
  expect(await codeOf(engine.transferTo(customer.leg, consulted.leg))).toBe("no-call");
});

test("[E61] a target that rings for long is waited for as long as it is told of", async () => {
  const { engine, up, clock } = await play();
  const { leg, call } = await up();
  call.refer = { status: 202, result: 180 };
  const going = codeOf(engine.transfer(leg, "+919845000012"));
  await clock.wind(39_000);
  call.notify(180);
  await clock.wind(39_000);
  call.notify(200);
  await settled();
  expect(await going).toBe("fulfilled");
});
