import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeBrowser, type PhoneTab } from "./fake-browser.ts";

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
});
afterEach(() => browser.dispose());

const notes = ({ phone }: PhoneTab) => phone.work.value?.disposition.notes;
const fields = ({ phone }: PhoneTab) => phone.work.value?.disposition.fields;

describe("words that are typed in a tab that follows", () => {
  test("[M40] are there at once, and everywhere a moment later", async () => {
    const { first, second, more } = await browser.talking(3);
    second.phone.write({ notes: "h" });
    expect(notes(second)).toBe("h");
    await browser.settle();
    expect([notes(first), notes(more[0]!)]).toEqual(["h", "h"]);
  });

  test("[M41] never jump back while the leader is behind", async () => {
    const { second } = await browser.talking();
    const seen: (string | undefined)[] = [];
    for (const word of ["h", "ha", "hal", "half"]) {
      second.phone.write({ notes: word });
      seen.push(notes(second));
      await Promise.resolve();
      seen.push(notes(second));
    }
    for (let turn = 0; turn < 40; turn += 1) {
      await Promise.resolve();
      seen.push(notes(second));
    }
    const lengths = seen.map((word) => word?.length ?? 0);
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    await browser.settle();
    expect(notes(second)).toBe("half");
  });

  test("[M42] of two tabs the last one to write a field wins, and other fields stay", async () => {
    const { first, second } = await browser.talking();
    second.phone.write({ notes: "second" });
    await browser.settle();
    first.phone.write({ notes: "first" });
    await browser.settle();
    second.phone.write({ fields: { outcome: "sold" } });
    await browser.settle();
    for (const tab of [first, second]) expect([notes(tab), fields(tab)]).toEqual(["first", { outcome: "sold" }]);
  });

  test("[M43] are written again where the leader did not hear them", async () => {
    const { first, second } = await browser.talking();
    const hear = first.tab.hear.bind(first.tab);
    first.tab.hear = () => undefined;
    second.phone.write({ fields: { outcome: "sold" } });
    second.phone.write({ notes: "important" });
    await browser.wind(2_000);
    expect(second.phone.whereabouts.value).toBe("lost");
    expect(notes(second)).toBe("important");
    first.tab.hear = hear;
    await browser.wind(2_000);
    expect([notes(first), fields(first)]).toEqual(["important", { outcome: "sold" }]);
  });

  test("[M44] survive the leader's death in the middle, in the tab where they were typed", async () => {
    const { first, second } = await browser.talking();
    await browser.settle();
    first.tab.hear = () => undefined;
    second.phone.write({ notes: "half a sen" });
    first.crash();
    await browser.settle();
    expect(second.phone.whereabouts.value).toBe("here");
    expect(notes(second)).toBe("half a sen");
    await browser.wind(2_000);
    expect(notes(second)).toBe("half a sen");
    expect(JSON.stringify([...browser.store.records.values()])).toContain("half a sen");
  });

  test("[M44] survive it in the tab that leads next, where that is another one", async () => {
    const { first, second, more } = await browser.talking(3);
    const [third] = more;
    first.tab.hear = () => undefined;
    third!.phone.write({ notes: "half a sen" });
    first.crash();
    await browser.settle();
    expect(second.phone.whereabouts.value).toBe("here");
    expect([notes(second), notes(third!)]).toEqual(["half a sen", "half a sen"]);
  });

  test("[M45] that the leader had heard and not written down yet are not lost with it", async () => {
    const { first, second } = await browser.talking();
    browser.store.set = () => new Promise(() => undefined);
    second.phone.write({ notes: "heard" });
    await browser.settle();
    expect(notes(first)).toBe("heard");
    first.crash();
    await browser.settle();
    expect(notes(second)).toBe("heard");
  });

  test("[M45] do not overwrite what another tab wrote since", async () => {
    const { first, second } = await browser.talking();
    second.phone.write({ notes: "old" });
    await browser.settle();
    first.phone.write({ notes: "newer" });
    await browser.settle();
    first.crash();
    await browser.settle();
    await browser.wind(2_000);
    expect(notes(second)).toBe("newer");
  });

  test("[M46] nobody is interrupted in a word when the lead moves", async () => {
    const { first, second } = await browser.talking();
    second.phone.write({ notes: "half" });
    await browser.settle();
    const seen: (string | undefined)[] = [];
    first.crash();
    for (let turn = 0; turn < 50; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(notes(second));
    }
    expect(new Set(seen)).toEqual(new Set(["half"]));
  });
});

describe("a tab that leads next", () => {
  test("[M50] is as ready as the last one was", async () => {
    const { first, second } = await browser.openSignedIn();
    await second.phone.setAvailable(false);
    expect(first.phone.line.value.state).toBe("off");
    first.crash();
    await browser.settle();
    expect(second.phone.line.value.state).toBe("off");
    await second.phone.setAvailable(true);
    await browser.settle();
    expect(second.phone.line.value.state).toBe("ready");
  });

  test("[M51] never says Ready before it is", async () => {
    const { first, second } = await browser.openSignedIn();
    second.engine.registrar = "silent";
    first.crash();
    await browser.settle();
    expect(second.phone.line.value.state).toBe("connecting");
    expect(second.phone.agent.value?.user).toBe("asha");
  });

  test("[M52] knows what was chosen elsewhere on this device", async () => {
    const { first, second } = await browser.openSignedIn();
    await second.phone.setPreferences({ theme: "dark" });
    expect(second.phone.preferences.value.theme).toBe("dark");
    first.crash();
    await browser.wind(2_000);
    expect(second.phone.preferences.value.theme).toBe("dark");
  });

  test("[M54] does what was clicked before it had taken up what the last one had", async () => {
    const { first, second } = await browser.talking();
    second.phone.write({ notes: "half", fields: { outcome: "sold" } });
    await browser.settle();
    await first.phone.hangUp();
    await browser.settle();
    const saved: Promise<boolean>[] = [];
    second.tabs.onRole((role) => role === "leader" && void saved.push(second.phone.saveWork()));
    first.crash();
    await browser.settle();
    await browser.wind(1_000);
    expect(await Promise.all(saved)).toEqual([true]);
    expect(second.phone.work.value).toBeNull();
  });

  test("[M53] refuses what was asked of the last one", async () => {
    const { first, second } = await browser.openSignedIn();
    first.host.exchange = () => new Promise(() => undefined);
    const dialled = second.phone.dial("+918000000002").catch((error: unknown) => error);
    await browser.settle();
    first.crash();
    await browser.settle();
    expect(await dialled).toMatchObject({ code: "not-possible-now" });
  });
});
