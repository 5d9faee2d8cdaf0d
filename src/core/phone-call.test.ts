import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, type FakePage, type FakePageOptions, RAVI, readyPage, talkingPage } from "./fakes/page.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});

const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const ready = async (options: FakePageOptions = {}) => keep(await readyPage(new FakeEngine(), options));
const talking = async (options: FakePageOptions = {}) => keep(await talkingPage(new FakeEngine(), options));

describe("incoming call", () => {
  test("[P20] it rings, is answered, and every step is told to the host in order", async () => {
    const { phone, engine, host, audio, leg } = await talking();
    expect(audio.isRinging).toBe(false);
    expect(phone.call.value).toMatchObject({ phase: "active", direction: "incoming", remoteNumber: RAVI });
    await phone.hangUp();
    await settled();
    expect(engine.commandsNamed("hangUp")).toEqual([{ name: "hangUp", leg }]);
    expect(host.eventsNamed("call-changed").map(({ call }) => call.phase)).toEqual(["ringing", "connecting", "active", "wrap-up"]);
    expect(phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "hung-up-here" });
  });

  test("[P21] the ringer rings while it rings, and not after silence", async () => {
    const { phone, engine, audio } = await ready();
    const leg = engine.ring();
    expect(audio.isRinging).toBe(true);
    phone.silence();
    expect(audio.isRinging).toBe(false);
    expect(phone.call.value).toMatchObject({ phase: "ringing", silenced: true });
    engine.end(leg, "cancelled");
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "missed" });
  });

  test("[P22] the record that belongs to the number is shown and opened once", async () => {
    const page = await ready();
    page.host.records = [{ type: "lead", id: "7", name: "Ravi Kumar" }];
    page.engine.ring({ number: RAVI });
    await settled();
    expect(page.phone.call.value?.record).toMatchObject({ id: "7" });
    expect(page.host.pops).toMatchObject([{ record: { id: "7" }, number: RAVI, call: { phase: "ringing" } }]);
    await page.phone.answer();
    await settled();
    expect(page.host.pops).toHaveLength(1);
  });

  test("[P23] a missed call is in the history, counted, noticed, told and logged", async () => {
    const { phone, engine, host } = await ready();
    engine.end(engine.ring({ number: RAVI }), "cancelled");
    await settled();
    expect(phone.history.value).toMatchObject([{ remoteNumber: RAVI, endReason: "missed", unseen: true, delivered: true }]);
    expect(phone.notices.value).toEqual([{ code: "call-missed", about: RAVI }]);
    expect(host.eventsNamed("call-missed")).toHaveLength(1);
    expect([...host.stored.values()]).toMatchObject([{ talkSeconds: 0, call: { endReason: "missed", phase: "ended" } }]);
    phone.markSeen();
    expect(phone.history.value).toMatchObject([{ unseen: false }]);
    expect(phone.notices.value).toEqual([]);
  });

  test("[P23] the history knows the call by Exotel's id, so that it is found again in the gateway's", async () => {
    const { phone, engine } = await ready();
    engine.end(engine.ring({ number: RAVI, exotelCallSid: "sid-1" }), "cancelled");
    expect(phone.history.value).toMatchObject([{ exotelCallSid: "sid-1" }]);
  });

  test("[P23] a call that was answered for less than half a second was no missed call, however it ended", async () => {
    const { phone, engine, clock } = await ready();
    const leg = engine.ring({ number: RAVI });
    await phone.answer();
    await clock.wind(400);
    engine.end(leg, "connection-lost");
    await settled();
    expect(phone.history.value).toMatchObject([{ answered: true, talkSeconds: 0, endReason: "connection-lost", unseen: false }]);
    expect(phone.notices.value).toEqual([]);
  });

  test("[P23] a call whose line was lost while it rang is a missed call, with its reason", async () => {
    const { phone, engine, host } = await ready();
    engine.end(engine.ring({ number: RAVI }), "connection-lost");
    await settled();
    expect(phone.history.value).toMatchObject([{ endReason: "connection-lost", unseen: true }]);
    expect(phone.notices.value).toEqual([{ code: "call-missed", about: RAVI }]);
    expect(host.eventsNamed("call-missed")).toHaveLength(1);
  });

  test("[P24] a call that was taken on another device is neither missed nor logged", async () => {
    const { phone, engine, host } = await ready();
    engine.end(engine.ring(), "answered-elsewhere");
    await settled();
    expect(phone.history.value).toMatchObject([{ endReason: "answered-elsewhere", unseen: false }]);
    expect(phone.notices.value).toEqual([]);
    expect(host.attempts).toEqual([]);
  });

  test("[P25] a second call is missed and leaves the first alone", async () => {
    const { phone, engine, host } = await talking();
    const second = engine.ring({ number: "+918000000003" });
    await settled();
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: second }]);
    engine.emit({
      type: "leg-refused-busy",
      invitation: {
        leg: "leg-9",
        number: "+918000000004",
        name: null,
        localNumber: null,
        sipCallId: null,
        exotelCallSid: null,
        exotelLegSid: null,
      },
    });
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    expect(phone.history.value.map(({ remoteNumber }) => remoteNumber)).toEqual(["+918000000004", "+918000000003"]);
    expect(host.eventsNamed("call-missed")).toHaveLength(2);
    expect(host.stored.size).toBe(2);
  });

  test.each(["microphone-missing", "microphone-refused", "microphone-not-delegated"] as const)(
    "[P26] %s on answer ends the call and says which",
    async (code) => {
      const { phone, engine } = await ready();
      engine.microphone = code;
      engine.ring();
      await expect(phone.answer()).rejects.toMatchObject({ code });
      expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "media-denied" });
      expect(phone.notices.value).toEqual([{ code, about: null }]);
      expect(engine.strayCommands).toEqual([]);
    },
  );

  test("[P28] a caller who gives up in the moment of the answer is missed, and nothing went wrong", async () => {
    const { phone, engine } = await ready();
    const leg = engine.ring({ number: RAVI });
    engine.failing.set("answer", "no-call");
    await expect(phone.answer()).rejects.toMatchObject({ code: "no-call" });
    engine.end(leg, "cancelled");
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "missed" });
    expect(phone.notices.value).toEqual([{ code: "call-missed", about: RAVI }]);
    expect(engine.commandsNamed("reject")).toEqual([]);
  });

  test("[P27] a display name that is a number is the customer's number", async () => {
    const { phone, engine } = await ready();
    engine.ring({ number: "asha", name: "08000000002" });
    expect(phone.call.value).toMatchObject({ remoteNumber: RAVI, remoteName: null });
  });
});

describe("in call", () => {
  test("[P30] each call starts with an explicit mute off, and the button follows the engine", async () => {
    const { phone, engine, leg } = await talking();
    expect(engine.commandsNamed("setMuted")).toEqual([{ name: "setMuted", leg, muted: false }]);
    engine.obeys = false;
    await phone.setMuted(true);
    expect(phone.call.value?.mute).toEqual({ wanted: true, confirmed: false });
    engine.emit({ type: "leg-muted", leg, muted: true });
    expect(phone.call.value?.mute).toEqual({ wanted: true, confirmed: true });
    engine.obeys = true;
    await phone.hangUp();
    await phone.saveWork();
    const next = engine.ring();
    await phone.answer();
    await settled();
    expect(engine.commandsNamed("setMuted").at(-1)).toEqual({ name: "setMuted", leg: next, muted: false });
    expect(phone.call.value?.mute).toEqual({ wanted: false, confirmed: false });
  });

  test("[P31] a mute that cannot be carried out is not shown", async () => {
    const { phone, engine } = await talking();
    engine.failing.set("setMuted", "internal");
    await expect(phone.setMuted(true)).rejects.toMatchObject({ code: "internal" });
    expect(phone.call.value?.mute).toEqual({ wanted: false, confirmed: false });
  });

  test("[P32] a refused hold is given up and said", async () => {
    const { phone, engine, leg } = await talking();
    engine.obeys = false;
    await phone.setHeld(true);
    expect(phone.call.value?.hold).toEqual({ wanted: true, confirmed: false });
    engine.emit({ type: "leg-hold-refused", leg, held: true, sipCode: 488 });
    expect(phone.call.value?.hold).toEqual({ wanted: false, confirmed: false });
    expect(phone.notices.value).toEqual([{ code: "hold-refused", about: null }]);
    // Asked again, it is news no more.
    await phone.setHeld(true);
    expect(phone.notices.value).toEqual([]);
  });

  test("[P33] digits go out in order, whoever sends them", async () => {
    const { phone, engine, host } = await talking();
    await Promise.all([phone.sendDigits("12"), host.command("dtmf", { digits: "3#" }), phone.sendDigits("4")]);
    expect(engine.commandsNamed("sendDigit").map(({ digit }) => digit)).toEqual(["1", "2", "3", "#", "4"]);
    expect(phone.call.value?.digits).toBe("123#4");
    await expect(phone.sendDigits("x")).rejects.toMatchObject({ code: "digit-invalid" });
  });

  test("[P34] a socket that falls silent is noticed within 5 s, and the call goes on when it is back", async () => {
    const { phone, engine, clock } = await talking();
    engine.registrar = "unreachable";
    engine.answersProbes = false;
    await clock.wind(2_500);
    expect(phone.call.value).toMatchObject({ phase: "reconnecting", lost: "signalling" });
    expect(phone.line.value.state).toBe("retrying");
    engine.registrar = "accepts";
    engine.answersProbes = true;
    await clock.wind(3_000);
    expect(phone.call.value).toMatchObject({ phase: "active", lost: null });
  });

  test("[P35] audio that stops is noticed within 5 s, but not while held", async () => {
    const { phone, engine, clock } = await talking();
    let packets = 0;
    let flows = true;
    engine.statisticsOf = () => {
      if (flows) packets += 12;
      return {
        at: clock.now(),
        packetsReceived: packets,
        packetsLost: 0,
        packetsSent: clock.now(),
        jitter: 0,
        roundTripTime: 0.1,
        inputLevel: 0.4,
        outputLevel: 0,
        codec: "PCMU",
      };
    };
    await clock.wind(6_000);
    expect(phone.quality.value).toEqual({ level: "good", reason: null });
    expect(phone.inputLevel.value).toBe(0.4);
    flows = false;
    await phone.setHeld(true);
    await clock.wind(10_000);
    expect(phone.call.value?.phase).toBe("active");
    await phone.setHeld(false);
    await clock.wind(5_000);
    expect(phone.call.value).toMatchObject({ phase: "reconnecting", lost: "media" });
    flows = true;
    await clock.wind(500);
    expect(phone.call.value?.phase).toBe("active");
    await phone.hangUp();
    expect(phone.inputLevel.value).toBe(0);
    expect(phone.quality.value).toBeNull();
  });

  test("[P38] a stream that has not begun yet is not a lost one", async () => {
    const { phone, engine, clock } = await talking();
    engine.statisticsOf = () => ({
      at: clock.now(),
      packetsReceived: 0,
      packetsLost: 0,
      packetsSent: clock.now(),
      jitter: 0,
      roundTripTime: null,
      inputLevel: 0,
      outputLevel: 0,
      codec: null,
    });
    await clock.wind(20_000);
    expect(phone.call.value?.phase).toBe("active");
  });

  test("[P39] the ringer stops and the leg is answered even where telling the host fails", async () => {
    const { phone, engine, host, audio, logged } = await ready();
    engine.ring();
    host.tell = () => {
      throw new Error("gone");
    };
    await expect(phone.answer()).rejects.toThrow("gone");
    expect(audio.isRinging).toBe(false);
    expect(engine.commandsNamed("answer")).toHaveLength(1);
    expect(logged.some((line) => line.startsWith("error"))).toBe(true);
  });

  test("[P36] a hang-up that fails is tried again, so that no microphone stays open", async () => {
    const { phone, engine, clock } = await talking();
    engine.failing.set("hangUp", "internal");
    await phone.hangUp();
    engine.failing.clear();
    await clock.wind(1_000);
    expect(engine.commandsNamed("hangUp")).toHaveLength(2);
    expect(engine.legs.size).toBe(0);
  });

  test("[P37] signing out, another account and going off are refused in a call", async () => {
    const { phone } = await talking();
    await expect(phone.signOut()).rejects.toMatchObject({ code: "call-in-progress" });
    await expect(phone.signIn({ ...FIELDS, sipId: "ravi" }, false)).rejects.toMatchObject({ code: "call-in-progress" });
    await expect(phone.setAvailable(false)).rejects.toMatchObject({ code: "call-in-progress" });
    await expect(phone.signIn(FIELDS, false)).resolves.toBeUndefined();
  });
});
