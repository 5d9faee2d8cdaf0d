import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";
import type { PlayedEngine } from "./played-engine.ts";

const IN_CALL = { muted: false, held: false };

/** A page in a call that is left, and the page that comes after it. */
async function reloadIn(state: (page: PlayedEngine) => Promise<{ readonly leg: string }>, how = IN_CALL) {
  const clock = new FakeClock();
  const before = playEngine(clock, settled);
  await before.ready();
  const { leg } = await state(before);
  await settled();
  const { network } = before;
  const call = network.callOf(leg);
  const record = before.records.get(leg) ?? {};
  const sentBefore = call.sent.length;
  before.engine.abandon(0);
  const after = playEngine(clock, settled, {}, network);
  const known = await after.engine.resume(ACCOUNT, [{ record, ...how }]);
  await settled();
  return { clock, before, after, network, call, leg, known, record, sent: () => call.sent.slice(sentBefore) };
}

test("[E70] a call goes on in the next page by a re-INVITE alone: the page before says nothing", async () => {
  const { after, before, network, known, leg, sent, call } = await reloadIn((page) => page.up());
  expect(sent()).toEqual(["INVITE sendrecv", "ACK"]);
  expect(known).toEqual([leg]);
  expect(after.said()).toEqual(["leg-signalling true", "registered"]);
  expect(before.world.track.stopped).toBe(true);
  expect(before.said()).toEqual([]);
  expect(network.sockets.map(({ state }) => state)).toEqual(["closed", "open"]);
  expect(call.sdp).toContain("a=setup:active\r\n");
  after.world.connection.become("connected");
  expect(after.said()).toEqual(["leg-media true"]);
});

test("[E70] the contact stays the same, so that the registrar keeps one binding", async () => {
  const { network } = await reloadIn((page) => page.up());
  const contacts = network.registers.map((message) => /<[^>]+>/.exec(message.header("Contact"))?.[0]);
  expect(new Set(contacts).size).toBe(1);
});

test("[E71] CSeq jumps ahead, and the description goes on with the same session id and the next version", async () => {
  const { call } = await reloadIn(async (page) => {
    const up = await page.up();
    await page.engine.sendDigit(up.leg, "1");
    return up;
  });
  const numbers = call.messages
    .filter(({ method }) => method !== null && method !== "ACK")
    .map(({ text }) => /^CSeq: (\d+)/m.exec(text)?.[1]);
  expect(numbers).toEqual(["1", "22"]);
  const origins = call.messages.map(({ body }) => /^o=\S+ (\d+) (\d+)/m.exec(body)).filter((found) => found !== null);
  const [first, second] = origins.map(([, id, version]) => ({ id, version: Number(version) }));
  expect(second).toEqual({ id: first?.id, version: (first?.version ?? 0) + 1 });
});

test("[E71] muted and held, it is so from the first moment", async () => {
  const { after, sent, leg } = await reloadIn((page) => page.up(), { muted: true, held: true });
  expect(sent()).toEqual(["INVITE sendonly", "ACK"]);
  expect(after.world.track.enabled).toBe(false);
  await after.engine.setHeld(leg, false);
  await settled();
  expect(after.world.track.enabled).toBe(false);
  await after.engine.setMuted(leg, false);
  expect(after.world.track.enabled).toBe(true);
});

test("[E72] afterwards digits, hold, a re-INVITE and BYE of either side work", async () => {
  const first = await reloadIn((page) => page.up());
  await first.after.engine.sendDigit(first.leg, "5");
  await first.after.engine.setHeld(first.leg, true);
  await settled();
  first.call.reinvite("sendonly");
  await settled();
  first.call.hangUp();
  await settled();
  expect(first.sent()).toEqual(["INVITE sendrecv", "ACK", "INFO Signal=5", "INVITE sendonly", "ACK"]);
  expect(first.after.said().slice(2)).toEqual(["leg-held true", "leg-held-there true", "leg-ended hung-up-there"]);
  const second = await reloadIn((page) => page.up());
  await second.after.engine.hangUp(second.leg);
  await settled();
  expect(second.sent().at(-1)).toBe("BYE");
});

test("[E72] it goes on once more, and again", async () => {
  const { after, leg, network, clock, call } = await reloadIn((page) => page.up());
  const record = after.records.get(leg) ?? {};
  after.engine.abandon(0);
  const third = playEngine(clock, settled, {}, network);
  await third.engine.resume(ACCOUNT, [{ record, ...IN_CALL }]);
  await settled();
  expect(third.said()).toEqual(["leg-signalling true", "registered"]);
  expect(call.sent.filter((what) => what === "INVITE sendrecv")).toHaveLength(2);
});

test("[E73] a far end that does not know the call any more ends it; one that is busy is asked again", async () => {
  const gone = await reloadIn(async (page) => {
    const up = await page.up();
    up.call.reinviteAnswers.push(481);
    return up;
  });
  expect(gone.after.said()).toEqual(["leg-ended connection-lost 481", "registered"]);
  const busy = await reloadIn(async (page) => {
    const up = await page.up();
    up.call.reinviteAnswers.push(500, 500);
    return up;
  });
  await busy.clock.wind(250);
  await settled();
  expect(busy.after.said()).toEqual(["registered"]);
  await busy.clock.wind(4_000);
  await settled();
  await busy.clock.wind(4_000);
  await settled();
  expect(busy.after.said()).toEqual(["leg-signalling true"]);
});

test("[E73] a page that goes between its re-INVITE and the ACK owes the far end that ACK: the next one sends it", async () => {
  const { after, call, sent } = await reloadIn(async (page) => {
    const up = await page.up();
    up.call.keepsAnswers = true;
    await page.engine.setHeld(up.leg, true);
    await settled();
    up.call.keepsAnswers = false;
    return up;
  });
  expect(sent()).toEqual(["ACK", "INVITE sendrecv", "ACK"]);
  const acks = call.messages.filter(({ method }) => method === "ACK").map((message) => message.header("CSeq"));
  expect(acks[0]).toBe(
    call.messages
      .find(({ method }) => method === "INVITE")
      ?.header("CSeq")
      .replace("INVITE", "ACK"),
  );
  expect(after.said()).toEqual(["leg-signalling true", "registered"]);
});

test("[E73] a far end that refuses to go on is told that it is over", async () => {
  const { after, sent } = await reloadIn(async (page) => {
    const up = await page.up();
    up.call.reinviteAnswers.push(488);
    return up;
  });
  expect(after.said()).toEqual(["leg-ended connection-lost 488", "registered"]);
  expect(sent().at(-1)).toBe("BYE");
});

test("[E75] a call that rings goes on ringing, and is answered there", async () => {
  const { after, leg, call, sent } = await reloadIn(async (page) => page.ring());
  expect(after.said()).toEqual(["registered"]);
  expect(sent()).toEqual([100, 180]);
  await after.engine.answer(leg);
  await settled();
  expect(call.sent.at(-1)).toBe(200);
  expect(after.said()).toEqual(["leg-connected"]);
});

test("[E75] a command that comes too early waits for the socket; without one the call is missed", async () => {
  const clock = new FakeClock();
  const before = playEngine(clock, settled);
  await before.ready();
  const { leg } = before.ring();
  await settled();
  before.engine.abandon(0);
  before.network.registrar = "unreachable";
  const after = playEngine(clock, settled, {}, before.network);
  await after.engine.resume(ACCOUNT, [{ record: before.records.get(leg) ?? {}, ...IN_CALL }]);
  await settled();
  await clock.wind(20_000);
  expect(after.said()).toEqual(["registration-lost server-unreachable", "leg-ended missed"]);
});

test("[E75] in the next page it rings for 30 s more, then it is missed", async () => {
  const { after, call, clock } = await reloadIn(async (page) => page.ring());
  after.said();
  await clock.wind(29_000);
  expect(after.said()).toEqual([]);
  await clock.wind(1_000);
  expect([after.said(), call.sent.at(-1)]).toEqual([["leg-ended missed 480"], 480]);
});

test("[E76] what is no record of this engine is not taken up", async () => {
  const after = playEngine(new FakeClock(), settled);
  const odd = [{}, { kind: "dialog", leg: "x" }, { kind: "ringing", leg: "x", invite: "no INVITE" }];
  expect(
    await after.engine.resume(
      ACCOUNT,
      odd.map((record) => ({ record, ...IN_CALL })),
    ),
  ).toEqual([]);
});

test("[E77] a call that nobody could take up is ended, not left: an outgoing one that still rings there", async () => {
  const { engine, network, ready } = playEngine(new FakeClock(), settled, { dialDirect: true });
  network.prepareCall = (call) => void (call.dialAnswer = null);
  await ready();
  void engine.place("+918000000002").catch(() => undefined);
  await settled();
  engine.abandon(0);
  await settled();
  expect(network.calls[0]?.sent).toContain("CANCEL");
});
