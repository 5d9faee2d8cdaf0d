import { afterEach, describe, expect, test } from "vitest";
import { FakeEngine } from "../engines/fake/engine.ts";
import { settled } from "./fakes/clock.ts";
import { RAVI, openPage, readyPage, talkingPage } from "./fakes/page.ts";
import { ASHA, fakeWorld } from "./fakes/ports.ts";
import { disposeAll, keep, survivor, talking, reload, next, back } from "../app/fake-survivors.ts";

afterEach(disposeAll);

describe("a call that every tab has left", () => {
  const gateway = () => {
    const said: { readonly what: string; readonly epoch: number }[] = [];
    return {
      /** The epochs by their order alone. */
      said: () => {
        const epochs = [...new Set(said.map(({ epoch }) => epoch))].toSorted((a, b) => a - b);
        return said.map(({ what, epoch }) => `${what} ${epochs.indexOf(epoch)}`);
      },
      orphaned: ({ epoch, exotelCallSid }: { readonly epoch: number; readonly exotelCallSid: string | null }) =>
        void said.push({ what: `${exotelCallSid} orphaned`, epoch }),
      owned: async ({ epoch }: { readonly epoch: number }) => void said.push({ what: "owned", epoch }),
    };
  };

  const inCall = async () => {
    const world = gateway();
    const before = keep(await readyPage(survivor(), { gateway: world }));
    before.engine.ring({ number: RAVI, exotelCallSid: "sid-1" });
    await before.phone.answer();
    await settled();
    return { world, before };
  };

  test("[P114] is reported to the gateway once, and claimed by the page that takes it up, each time with a higher epoch", async () => {
    const { world, before } = await inCall();
    const second = await reload(before, 300, { gateway: world });
    back(second, "leg-1");
    await second.clock.wind(500);
    const third = await reload(second, 300, { gateway: world });
    expect(world.said(), "the customer goes first").toEqual(["sid-1 orphaned 0", "owned 1", "sid-1 orphaned 1"]);
    await third.clock.wind(500);
    expect(world.said().at(-1)).toBe("owned 2");
  });

  test("[P114] is claimed as soon as it is back: pages that crash one after the other have five seconds together", async () => {
    const { world, before } = await inCall();
    const second = await reload(before, 300, { gateway: world });
    expect(world.said(), "the customer goes first").toEqual(["sid-1 orphaned 0"]);
    back(second, "leg-1");
    expect(world.said()).toEqual(["sid-1 orphaned 0", "owned 1"]);
    await second.clock.wind(1_000);
    expect(world.said()).toHaveLength(2);
  });

  test("[P114] is claimed with a higher epoch also where the page before could write nothing down", async () => {
    const { world, before } = await inCall();
    before.safe.isFull = true;
    const second = await reload(before, 300, { gateway: world });
    const third = await reload(second, 300, { gateway: world });
    back(third, "leg-1");
    expect(world.said()).toEqual(["sid-1 orphaned 0", "sid-1 orphaned 1", "owned 2"]);
  });

  test("[P114] is not reported where another tab took it over, nor where none is up", async () => {
    const world = gateway();
    const page = keep(await talkingPage(survivor(), { gateway: world }));
    page.tabs.become("follower");
    const idle = keep(await readyPage(survivor(), { gateway: world }));
    idle.tabs.become("waiting");
    idle.phone.leave();
    expect(world.said()).toEqual([]);
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
