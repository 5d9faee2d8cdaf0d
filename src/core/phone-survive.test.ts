import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { FIELDS, type FakePage, type FakePageOptions, RAVI, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import { createDeferred } from "../lib/deferred.ts";
import { ASHA, fakeConfig, fakeWorld } from "./fakes/ports.ts";
import { type RunningPhone, createPhone } from "./phone.ts";
import type { TabRole } from "./ports.ts";
import { RESUMABLE_MS } from "./surviving-call.ts";

const running: RunningPhone[] = [];
afterEach(async () => {
  for (const phone of running.splice(0)) await phone.dispose();
});
const keep = <P extends FakePage<FakeEngine>>(page: P): P => {
  running.push(page.phone);
  return page;
};
const survivor = (): FakeEngine => {
  const engine = new FakeEngine();
  engine.capabilities = { ...engine.capabilities, canSurviveReload: true };
  return engine;
};
const talking = async () => keep(await talkingPage(survivor()));

/** The page goes as a browser lets it go, and the next one comes `awayMs` later. */
async function reload(before: FakePage<FakeEngine>, awayMs = 300, options: FakePageOptions = {}) {
  before.tabs.become("waiting");
  before.phone.leave();
  await settled();
  return next(before, awayMs, options);
}
async function next(before: FakePage<FakeEngine>, awayMs = 300, options: FakePageOptions = {}) {
  await before.clock.wind(awayMs);
  const { store, vault, safe, clock } = before;
  return keep(await openPage(survivor(), { store, vault, safe, clock, ...options }));
}
function leave(page: Pick<FakePage<FakeEngine>, "tabs" | "phone">): void {
  page.tabs.become("waiting");
  page.phone.leave();
}
/** Another page, whose engine takes its time. */
function slowPage({ store, vault, safe, clock }: FakePage<FakeEngine>, role: TabRole = "leader") {
  const engine = createDeferred<FakeEngine>();
  const { ports, tabs } = fakeWorld(survivor(), { store, vault, safe, clock, role });
  const phone = createPhone({ ...ports, engine: () => engine.promise }, fakeConfig());
  running.push(phone);
  const arrive = (): FakeEngine => {
    const arrived = survivor();
    engine.resolve(arrived);
    return arrived;
  };
  return { phone, tabs, arrive };
}
const back = (page: FakePage<FakeEngine>, leg: string): void => {
  page.engine.emit({ type: "leg-signalling", leg, ok: true });
  page.engine.emit({ type: "leg-media", leg, ok: true });
};

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

describe("a call that every tab has left", () => {
  const gateway = () => {
    const said: string[] = [];
    return {
      said,
      orphaned: ({ epoch, exotelCallSid }: { readonly epoch: number; readonly exotelCallSid: string | null }) =>
        void said.push(`orphaned ${epoch} ${exotelCallSid}`),
      owned: async ({ epoch }: { readonly epoch: number }) => void said.push(`owned ${epoch}`),
    };
  };

  test("[P114] is reported to the gateway once, and claimed by the page that takes it up, each time with a higher epoch", async () => {
    const world = gateway();
    const before = keep(await readyPage(survivor(), { gateway: world }));
    before.engine.ring({ number: RAVI, exotelCallSid: "sid-1" });
    await before.phone.answer();
    await settled();
    const second = await reload(before, 300, { gateway: world });
    back(second, "leg-1");
    await reload(second, 300, { gateway: world });
    expect(world.said).toEqual(["orphaned 0 sid-1", "owned 1", "orphaned 1 sid-1", "owned 2"]);
  });

  test("[P114] is not reported where another tab took it over, nor where none is up", async () => {
    const world = gateway();
    const page = keep(await talkingPage(survivor(), { gateway: world }));
    page.tabs.become("follower");
    const idle = keep(await readyPage(survivor(), { gateway: world }));
    idle.tabs.become("waiting");
    idle.phone.leave();
    expect(world.said).toEqual([]);
  });
});

describe("a call and its tabs", () => {
  test("[P109] a tab that loses the lead in a call lets go of it without a word, and keeps its media for a moment", async () => {
    const page = await talking();
    page.tabs.become("follower");
    await settled();
    expect(page.engine.commandsNamed("abandon")).toEqual([{ name: "abandon", lingerMs: 1_500 }]);
    expect(page.engine.commandsNamed("hangUp")).toEqual([]);
    expect(page.phone.call.value).toBeNull();
    expect(page.safe.records.size).toBe(1);
  });

  test("[P110] the lead may be given away in a call that another tab can go on with, and not in another", async () => {
    expect((await talking()).tabs.ask()).toBe(true);
    expect(keep(await talkingPage(new FakeEngine())).tabs.ask()).toBe(false);
  });

  test("[P111] a page out of the back/forward cache goes on with the call as it is by then", async () => {
    const before = await talking();
    before.tabs.become("waiting");
    before.phone.leave();
    const other = await next(before);
    back(other, before.leg);
    await other.phone.setMuted(true);
    other.tabs.become("waiting");
    other.phone.leave();
    await settled();
    before.tabs.become("leader");
    await settled();
    back(before, before.leg);
    expect(before.phone.call.value).toMatchObject({ phase: "active", mute: { wanted: true, confirmed: true } });
  });

  test("[P112] a note that was written in the page before is not overwritten by the call that goes on", async () => {
    const before = await talking();
    before.phone.write({ notes: "long story" });
    const after = await reload(before);
    back(after, before.leg);
    await after.phone.setMuted(true);
    await settled();
    const stored = [...after.store.records.entries()].find(([key]) => key.startsWith("draft:"))?.[1] ?? "";
    expect(stored).toContain("long story");
  });

  test("[P113] without storage the phone registers all the same", async () => {
    const world = fakeWorld(survivor());
    world.safe.all = () => new Promise(() => {});
    const page = await openPage(survivor(), { safe: world.safe });
    keep(page);
    page.vault.account = ASHA;
    await page.clock.wind(1_000);
    expect(page.phone.line.value.state).not.toBe("connecting");
  });
});
