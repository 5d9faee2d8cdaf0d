import { expect, test } from "vitest";
import { FakeClock, settled } from "../../core/fakes/clock.ts";
import { ACCOUNT, playEngine } from "./played-engine.ts";

/** The page that comes after one that was left in a call, before it goes on with it. */
async function leftInCall(servers: Parameters<typeof playEngine>[2] = {}) {
  const clock = new FakeClock();
  const before = playEngine(clock, settled, servers);
  await before.ready();
  const { leg, call } = await before.up();
  before.engine.abandon(0);
  const page = playEngine(clock, settled, servers, before.network);
  const resume = async (): Promise<void> => {
    await page.engine.resume(ACCOUNT, [{ record: before.records.get(leg) ?? {}, muted: false, held: false }]);
    await settled();
  };
  return { clock, leg, call, page, resume };
}

test("[E74] a slow microphone does not delay the offer, and is heard when it comes", async () => {
  const { call, page, resume } = await leftInCall();
  const microphone = page.world.delayMicrophone();
  await resume();
  expect(call.sent).toContain("INVITE sendrecv");
  const { connection } = page.world;
  connection.onTrack?.(connection.audio.receiver.track);
  // Without a click or a microphone browsers keep the page silent: what the customer says is played once there is one.
  expect(page.world.speakers.map(({ resumed }) => resumed)).toEqual([0]);
  microphone();
  await settled();
  expect(page.world.speakers.map(({ resumed }) => resumed)).toEqual([1]);
  expect(page.world.connection.getTransceivers()[0]?.sender.track).toBe(page.world.track);
});

test("[E74] the offer is made while the socket opens", async () => {
  const { call, page, resume } = await leftInCall();
  page.network.isSlow = true;
  await resume();
  expect(page.world.connection.signalingState).toBe("have-local-offer");
  page.network.socket.opened();
  await settled();
  expect(call.sent.slice(-2)).toEqual(["INVITE sendrecv", "ACK"]);
  expect(page.world.connection.restarts, "one offer").toEqual([false]);
});

test("[E74] a call that is hung up before the far end has heard of this page ends there, too", async () => {
  const { clock, leg, call, page, resume } = await leftInCall();
  page.world.prepareConnection = (connection) => void (connection.iceGatheringState = "gathering");
  await resume();
  await page.engine.hangUp(leg);
  await settled();
  expect(call.sent.at(-1)).toBe("BYE");
  await clock.wind(5_000);
  await settled();
  expect(call.sent.filter((what) => what === "BYE")).toHaveLength(1);
  expect(page.said()).toEqual(["leg-ended hung-up-here", "registered"]);
});

test("[E74] so does one that is hung up while the far end has not answered this page's offer", async () => {
  const { leg, call, page, resume } = await leftInCall();
  call.keepsAnswers = true;
  await resume();
  await page.engine.hangUp(leg);
  await settled();
  expect(call.sent.filter((what) => what === "BYE")).toHaveLength(1);
  expect(call.sent.at(-1)).toBe("BYE");
});

test("[E78] the registrar is asked when the far end has answered, which is waited for 250 ms at most", async () => {
  const { clock, call, page, resume } = await leftInCall();
  call.keepsAnswers = true;
  await resume();
  await clock.wind(249);
  expect(page.said()).toEqual([]);
  await clock.wind(1);
  await settled();
  expect(page.said()).toEqual(["registered"]);
});

test("[E74] the first address by which a server can reach this page is enough: a customer waits", async () => {
  for (const [urls, types] of [
    [[], ["host"]],
    [["stun:stun.example.com"], ["host", "srflx"]],
    [
      ["stun:stun.example.com", "turn:turn.example.com"],
      ["host", "srflx", "relay"],
    ],
  ] as const) {
    const { call, page, resume } = await leftInCall(urls.length === 0 ? {} : { iceServers: [{ urls: [...urls] }] });
    page.world.prepareConnection = (connection) => void (connection.iceGatheringState = "gathering");
    await resume();
    for (const type of types) {
      expect(call.sent.at(-1)).not.toBe("ACK");
      page.world.connection.onCandidate?.(type);
      await settled();
    }
    expect(call.sent.slice(-2)).toEqual(["INVITE sendrecv", "ACK"]);
    expect(page.world.connection.onCandidate).toBeNull();
  }
});

test("[E74] an offer of the far end that comes while ours is being made goes first", async () => {
  const { clock, call, page, resume } = await leftInCall();
  page.world.prepareConnection = (connection) => void (connection.iceGatheringState = "gathering");
  await resume();
  call.reinvite("sendonly");
  page.world.connection.gathered();
  await settled();
  await clock.wind(10_000);
  expect(page.said()).toContain("leg-signalling true");
  expect(page.said().filter((what) => what.startsWith("leg-ended"))).toEqual([]);
  expect(page.world.connection.signalingState).toBe("stable");
});
