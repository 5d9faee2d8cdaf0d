import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { PhoneError } from "./errors.ts";
import { settled } from "./fakes/clock.ts";
import { type FakePage, type FakePageOptions, RAVI, openPage, readyPage } from "./fakes/page.ts";
import { readConfig } from "../protocol/config.ts";
import type { RunningPhone } from "./phone.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});

const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const open = async (options: FakePageOptions = {}) => keep(await openPage(new FakeEngine(), options));
const ready = async (options: FakePageOptions = {}) => keep(await readyPage(new FakeEngine(), options));

describe("dialling", () => {
  test("[P40] calling shows from the first click; our own leg is answered by itself, told by the call id", async () => {
    const { phone, engine, host, audio } = await ready();
    host.exchange = async () => ({ exotelCallSid: "sid-1" });
    const dialled = phone.dial("80000 00002", { name: "Ravi" });
    expect(phone.call.value).toMatchObject({ phase: "dialing", remoteNumber: RAVI, remoteName: "Ravi" });
    await dialled;
    engine.ring({ number: "08040001234", exotelCallSid: "sid-1" });
    expect(audio.isRinging).toBe(false);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", direction: "outgoing", remoteNumber: RAVI, remoteName: "Ravi" });
    expect(host.placed).toMatchObject([{ number: RAVI, callId: phone.call.value?.callId }]);
  });

  test("[P41] a leg that rings before the reply is known by its number, or waits for the reply", async () => {
    const { phone, engine, host } = await ready();
    let reply: (sid: { exotelCallSid: string }) => void = () => {};
    host.exchange = () => new Promise((resolve) => (reply = resolve));
    void phone.dial(RAVI);
    await settled();
    engine.ring({ number: "08040001234", exotelCallSid: "sid-1" });
    await settled();
    expect(phone.call.value?.phase).toBe("dialing");
    expect(engine.commandsNamed("answer")).toEqual([]);
    reply({ exotelCallSid: "sid-1" });
    await settled();
    expect(phone.call.value?.phase).toBe("active");
    await phone.hangUp();
    await phone.saveWork();
    void phone.dial(RAVI);
    await settled();
    engine.ring({ number: "08000000002" });
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "active", direction: "outgoing" });
  });

  test("[P42] somebody else's call while dialling is not answered but missed", async () => {
    const { phone, engine, host } = await ready();
    host.exchange = async () => ({ exotelCallSid: "sid-1" });
    await phone.dial(RAVI);
    const foreign = engine.ring({ number: "+918000000003", exotelCallSid: "sid-2" });
    await settled();
    expect(engine.commandsNamed("answer")).toEqual([]);
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: foreign }]);
    expect(phone.call.value?.phase).toBe("dialing");
    expect(phone.history.value).toMatchObject([{ remoteNumber: "+918000000003", endReason: "missed" }]);
  });

  test("[P43] a refused dial ends as failed, with a notice and the code", async () => {
    const { phone, host, clock } = await ready();
    host.exchange = () => Promise.reject(new Error("boom"));
    await expect(phone.dial(RAVI)).rejects.toMatchObject({ code: "dial-failed" });
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "failed" });
    expect(phone.notices.value).toEqual([{ code: "dial-failed", about: RAVI }]);
    await clock.wind(3_000);
    expect(phone.call.value).toBeNull();
  });

  test("[P43] a host that does not answer a dial is not said to keep a note", async () => {
    const { phone, host } = await ready();
    host.exchange = () => Promise.reject(new PhoneError("host-silent"));
    await expect(phone.dial(RAVI)).rejects.toMatchObject({ code: "dial-failed" });
    expect(phone.notices.value).toEqual([{ code: "dial-failed", about: RAVI }]);
  });

  test("[P44] a leg that does not come in 30 s is no answer; one that comes later with our id does not ring", async () => {
    const { phone, engine, host, clock } = await ready();
    host.exchange = async () => ({ exotelCallSid: "sid-1" });
    await phone.dial(RAVI);
    await clock.wind(30_000);
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "no-answer" });
    const late = engine.ring({ number: RAVI, exotelCallSid: "sid-1" });
    await settled();
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg: late }]);
    engine.ring({ number: RAVI, exotelCallSid: "sid-2" });
    expect(phone.call.value).toMatchObject({ phase: "ringing", direction: "incoming" });
  });

  test("[P45] a dial that was taken back does not connect when its leg rings after all", async () => {
    const { phone, engine, host } = await ready();
    let reply: (sid: { exotelCallSid: string }) => void = () => {};
    host.exchange = () => new Promise((resolve) => (reply = resolve));
    const dialled = phone.dial(RAVI);
    await settled();
    await phone.hangUp();
    reply({ exotelCallSid: "sid-1" });
    await dialled;
    const leg = engine.ring({ number: "0804000", exotelCallSid: "sid-1" });
    await settled();
    expect(engine.commandsNamed("reject")).toEqual([{ name: "reject", leg }]);
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "hung-up-here" });
  });

  test("[P46] what cannot be dialled is refused with its reason", async () => {
    const signedOut = await open();
    await expect(signedOut.phone.dial(RAVI)).rejects.toMatchObject({ code: "not-signed-in" });
    const { phone, audio, engine, host } = await ready();
    await expect(phone.dial("hello")).rejects.toMatchObject({ code: "number-invalid" });
    audio.microphone = "microphone-refused";
    await expect(phone.dial(RAVI)).rejects.toMatchObject({ code: "microphone-refused" });
    expect(host.placed).toEqual([]);
    engine.ring();
    await expect(phone.dial(RAVI)).rejects.toMatchObject({ code: "call-in-progress" });
    const incomingOnly = await ready({ config: { dialing: { via: "none" } } });
    await expect(incomingOnly.phone.dial(RAVI)).rejects.toMatchObject({ code: "dial-not-configured" });
  });

  test("[P47] a reply that fails after our leg is up troubles nobody", async () => {
    const { phone, engine, host } = await ready();
    let fail: (error: Error) => void = () => {};
    host.exchange = () => new Promise((_, reject) => (fail = reject));
    const dialled = phone.dial(RAVI);
    await settled();
    engine.ring({ number: RAVI });
    await settled();
    fail(new Error("timeout"));
    await dialled;
    expect(phone.call.value?.phase).toBe("active");
    expect(phone.notices.value).toEqual([]);
  });
});

describe("dialling by the phone's own INVITE", () => {
  const sip = { engine: "sipjs", dialDirect: true, allowedProxies: ["voip.example.com:443"] };
  const direct = async () => {
    const engine = new FakeEngine();
    engine.capabilities = { ...engine.capabilities, canDialDirect: true };
    return keep(await readyPage(engine, { config: { sip, dialing: { via: "sip" } } }));
  };

  test("[P47] the engine places it, the agent hears it ring, and it is answered", async () => {
    const { phone, engine, audio, host } = await direct();
    await phone.dial("80000 00002");
    expect(engine.commandsNamed("place")).toEqual([{ name: "place", number: RAVI }]);
    expect(host.placed).toEqual([]);
    engine.emit({ type: "leg-progress", leg: "leg-1", earlyMedia: false });
    expect(audio).toMatchObject({ isRinging: true, sound: "ringback" });
    engine.emit({ type: "leg-connected", leg: "leg-1" });
    expect(audio.isRinging).toBe(false);
    expect(phone.call.value).toMatchObject({ phase: "active", direction: "outgoing", remoteNumber: RAVI });
    expect(host.eventsNamed("call-changed").at(-1)?.call.sipCallId).toBe("sip-leg-1");
  });

  test("[P47] busy is told as busy, with its code", async () => {
    const { phone, engine, host } = await direct();
    await phone.dial(RAVI);
    engine.end("leg-1", "busy", 486);
    await settled();
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "busy", sipCode: 486 });
    expect([...host.stored.values()]).toMatchObject([{ call: { endReason: "busy", sipCode: 486 } }]);
  });

  test("[P47] one that cannot be placed says so, one that is taken back meanwhile is hung up", async () => {
    const { phone, engine } = await direct();
    engine.failing.set("place", "not-ready");
    await expect(phone.dial(RAVI)).rejects.toMatchObject({ code: "dial-failed" });
    expect(phone.call.value).toMatchObject({ phase: "ended", endReason: "failed" });
    engine.failing.clear();
    const dialled = phone.dial(RAVI);
    await phone.hangUp();
    await dialled;
    expect([...engine.legs.keys()]).toEqual([]);
  });

  test("[P47] a configuration that contradicts itself is refused by the key's name", () => {
    for (const change of [{ engine: "exotel", dialDirect: true }, { engine: "sipjs" }]) {
      const read = readConfig({ sip: change, dialing: { via: "sip" } });
      expect(read.ok ? [] : read.problems).toEqual(['dialing.via: "sip" needs sip.engine "sipjs" and sip.dialDirect true']);
    }
  });
});
