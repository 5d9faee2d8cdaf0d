import { afterEach, describe, expect, test } from "vitest";
import { settled } from "./fakes/clock.ts";
import { FIELDS, RAVI, openPage, readyPage } from "./fakes/page.ts";
import { ASHA } from "./fakes/ports.ts";
import { disposeAll, keep, survivor, talking, reload, next, leave, slowPage, back } from "../app/fake-survivors.ts";
import { RESUMABLE_MS } from "./surviving-call.ts";

afterEach(disposeAll);

describe("a call in a page that is reloaded", () => {
  test("[P100] goes on as it was: timer, mute, hold, digits, note and ids, without a click and without a kept account", async () => {
    const before = await talking();
    const { callId, answeredAt } = before.phone.call.value ?? {};
    before.phone.write({ notes: "Wants a quote" });
    await before.phone.setMuted(true);
    await before.phone.setHeld(true);
    await before.phone.sendDigits("12");
    const after = await reload(before);
    expect(before.engine.commandsNamed("abandon")).toHaveLength(2);
    expect(before.engine.commandsNamed("leave")).toEqual([]);
    expect(after.engine.commandsNamed("resume")).toEqual([
      { name: "resume", user: "asha", legs: [{ record: { leg: before.leg }, muted: true, held: true }] },
    ]);
    back(after, before.leg);
    expect(after.phone.call.value).toMatchObject({
      callId,
      answeredAt,
      phase: "active",
      remoteNumber: RAVI,
      digits: "12",
      mute: { wanted: true, confirmed: true },
      hold: { wanted: true, confirmed: true },
    });
    expect(after.phone.work.value).toMatchObject({ callId, disposition: { notes: "Wants a quote" } });
    expect(after.phone.agent.value).toMatchObject({ user: "asha" });
    expect(after.phone.history.value).toEqual([]);
    expect(before.phone.history.value).toEqual([]);
  });

  test("[P101] goes on after a crash, which lets nothing be written", async () => {
    const before = await talking();
    const after = await next(before);
    back(after, before.leg);
    expect(after.phone.call.value?.phase).toBe("active");
  });

  test("[P102] is over for good when it ends: nothing is left in the safe", async () => {
    const before = await talking();
    const after = await reload(before);
    back(after, before.leg);
    after.engine.end(before.leg);
    await settled();
    expect(after.phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "hung-up-there" });
    expect(after.safe.records.size).toBe(0);
  });

  test("[P103] says that it reconnects only after a second", async () => {
    const before = await talking();
    const after = await reload(before);
    expect(after.phone.call.value?.phase).toBe("active");
    await after.clock.wind(999);
    expect(after.phone.call.value?.phase).toBe("active");
    await after.clock.wind(1);
    expect(after.phone.call.value).toMatchObject({ phase: "reconnecting", lost: "media" });
    back(after, before.leg);
    expect(after.phone.call.value?.phase).toBe("active");
  });

  test("[P104] that the far end does not know any more is over, with its note", async () => {
    const before = await talking();
    before.phone.write({ notes: "half" });
    const after = await reload(before);
    after.engine.end(before.leg, "connection-lost", 481);
    await settled();
    expect(after.phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost", sipCode: 481 });
    expect(after.phone.work.value?.disposition.notes).toBe("half");
  });

  test("[P105] that was away for too long is hung up, so that the customer is not left in silence", async () => {
    const before = await talking();
    const leftAt = before.clock.now();
    const after = await reload(before, RESUMABLE_MS + 10_000);
    await settled();
    expect(after.engine.commandsNamed("hangUp")).toEqual([{ name: "hangUp", leg: before.leg }]);
    expect(after.phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost", endedAt: leftAt });
  });

  test("[P106] that an engine cannot take up is over in words, not silently", async () => {
    const before = await talking();
    before.tabs.become("waiting");
    before.phone.leave();
    const engine = survivor();
    engine.failing.set("resume", "not-supported");
    const { store, vault, safe, clock } = before;
    const after = keep(await openPage(engine, { store, vault, safe, clock }));
    expect(after.phone.call.value).toMatchObject({ phase: "wrap-up", endReason: "connection-lost" });
    expect(after.engine.commandsNamed("register")).toHaveLength(1);
  });

  test("[P116] is answered by a click that comes before the engine has it", async () => {
    const before = keep(await readyPage(survivor()));
    const leg = before.engine.ring({ number: RAVI });
    await settled();
    const { phone, arrive } = slowPage(before);
    leave(before);
    await settled();
    const answering = phone.answer();
    await settled();
    expect(phone.call.value?.phase).toBe("connecting");
    const engine = arrive();
    await answering;
    await settled();
    expect(phone.call.value?.phase).toBe("active");
    expect(engine.commandsNamed("resume")).toHaveLength(1);
    expect(engine.commandsNamed("answer")).toEqual([{ name: "answer", leg }]);
  });

  test("[P117] is the agent's from the start: what is written about it outlives the next page too", async () => {
    const before = keep(await readyPage(survivor()));
    before.engine.ring({ number: RAVI });
    await settled();
    const slow = slowPage(before, "follower");
    slow.tabs.say({ type: "account", account: ASHA });
    leave(before);
    slow.tabs.become("leader");
    await settled();
    const answering = slow.phone.answer();
    await settled();
    const engine = slow.arrive();
    await answering;
    slow.phone.write({ notes: "Wants a quote" });
    await slow.phone.hangUp();
    await settled();
    leave(slow);
    const third = await next(before);
    await third.phone.signIn(FIELDS, false);
    await settled();
    expect(engine.commandsNamed("hangUp")).toHaveLength(1);
    expect(third.phone.work.value?.disposition.notes).toBe("Wants a quote");
  });

  test("[P107] that still rings goes on ringing, and is answered", async () => {
    const before = keep(await readyPage(survivor()));
    const leg = before.engine.ring({ number: RAVI });
    await settled();
    const after = await reload(before);
    expect(after.audio.isRinging).toBe(true);
    expect(after.host.pops).toEqual([]);
    await after.phone.answer();
    expect(after.phone.call.value).toMatchObject({ phase: "active", remoteNumber: RAVI });
    expect(after.engine.commandsNamed("answer")).toEqual([{ name: "answer", leg }]);
  });

  test("[P108] that was dialled answers its own leg in the next page", async () => {
    const before = keep(await readyPage(survivor()));
    await before.phone.dial(RAVI);
    await settled();
    const after = await reload(before);
    expect(after.phone.call.value).toMatchObject({ phase: "dialing", remoteNumber: RAVI });
    after.engine.ring({ number: RAVI });
    await settled();
    expect(after.phone.call.value?.phase).toBe("active");
  });
});
