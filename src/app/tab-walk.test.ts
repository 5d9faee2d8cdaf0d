import fc from "fast-check";
import { expect, test } from "vitest";
import { RAVI } from "../core/fakes/page.ts";
import { ASHA } from "../core/fakes/ports.ts";
import { FakeBrowser, type PhoneTab, shownBy } from "./fake-browser.ts";

const IN_ONE_TAB = {
  answer: ({ phone }) => phone.answer(),
  reject: ({ phone }) => phone.reject(),
  mute: ({ phone }) => phone.setMuted(phone.call.value?.mute.wanted !== true),
  hold: ({ phone }) => phone.setHeld(phone.call.value?.hold.wanted !== true),
  digit: ({ phone }) => phone.sendDigits("1"),
  "hang-up": ({ phone }) => phone.hangUp(),
  dial: ({ phone }) => phone.dial("+918000000003"),
  write: ({ phone }, what) => phone.write({ notes: `note ${what}` }),
  choose: ({ phone }) => phone.write({ fields: { outcome: "sold" } }),
  save: ({ phone }) => phone.saveWork(),
  off: ({ phone }) => phone.setAvailable(phone.line.value.state === "off"),
  "sign-out": ({ phone }) => phone.signOut(),
  dark: ({ phone }) => phone.setPreferences({ theme: "dark" }),
  seen: ({ phone }) => phone.markSeen(),
  "take-over": ({ phone }) => phone.takeOver(),
  force: ({ phone }) => phone.takeOver(true),
  woke: ({ phone }) => phone.woke(false),
  crash: (tab) => tab.crash(),
} satisfies Record<string, (tab: PhoneTab, what: number) => unknown>;
const ELSEWHERE = ["open", "reload", "ring", "end-there", "lose", "settle", "wind"] as const;
type What = keyof typeof IN_ONE_TAB | (typeof ELSEWHERE)[number];
const isInOneTab = (what: What): what is keyof typeof IN_ONE_TAB => Object.hasOwn(IN_ONE_TAB, what);

/** A wrap-up that is laid aside with its agent is told to be over when it is saved. */
const isUp = ({ phase }: { readonly phase: string }): boolean => phase !== "ended" && phase !== "wrap-up";
const callsUp = ({ phone }: PhoneTab) => [phone.call.value].filter((call) => call !== null && isUp(call)).map((call) => call?.callId);
const toldUp = ({ host }: PhoneTab) => {
  const last = new Map(host.eventsNamed("call-changed").map(({ call }) => [call.callId, call]));
  return [...last.values()].filter(isUp).map(({ callId }) => callId);
};
const alive = ({ all }: FakeBrowser) => all.filter(({ tab }) => tab.isAlive);
const leaders = (browser: FakeBrowser) => alive(browser).filter(({ tabs }) => tabs.role() === "leader");

async function step(browser: FakeBrowser, what: What, who: number): Promise<void> {
  const [first, ...others] = alive(browser);
  const one = alive(browser)[who % alive(browser).length] ?? first;
  if (one === undefined) return;
  const [leader] = leaders(browser);
  if (isInOneTab(what)) {
    // The last tab stays: there must be somebody to compare with.
    if (what === "crash" && others.length === 0) return;
    void Promise.resolve(IN_ONE_TAB[what](one, who)).catch(() => undefined);
  } else if (what === "open" && others.length < 3) await browser.open();
  else if (what === "reload") await browser.open(one.tab.reload());
  else if (what === "ring") leader?.engine.ring({ number: RAVI });
  else if (what === "end-there") leader?.engine.legs.forEach((_facts, leg) => leader.engine.end(leg));
  else if (what === "lose") browser.deaf.add(one.tab);
  else if (what === "settle") await browser.settle();
  else if (what === "wind") await browser.wind(1_000);
}

type Step = { readonly what: What; readonly who: number };
/** Walks that failed once. */
const FOUND: Step[][] = [
  // A frozen tab that is robbed in a call it dialled, and leads again: its own host never heard of the end.
  [
    { what: "lose", who: 0 },
    { what: "dial", who: 0 },
    { what: "force", who: 3 },
    { what: "wind", who: 0 },
    { what: "reload", who: 3 },
  ],
];

test("[M60] whatever happens in however many tabs, in the end all show what the one that leads shows", async () => {
  const steps = fc.array(
    fc.record({ what: fc.constantFrom<What[]>(...(Object.keys(IN_ONE_TAB) as What[]), ...ELSEWHERE), who: fc.nat(5) }),
    {
      maxLength: 40,
      size: "max",
    },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const browser = new FakeBrowser();
      browser.vault.account = ASHA;
      await browser.open();
      await browser.open();
      for (const { what, who } of walk) {
        await step(browser, what, who);
        await browser.memory.settle();
      }
      // Only a page that is frozen misses a message, and it wakes.
      browser.deaf.clear();
      alive(browser).forEach(({ phone }) => phone.woke(false));
      // Silence is noticed, the lead is taken, drafts are taken up, hosts are told.
      for (let second = 0; second < 8; second += 1) await browser.wind(1_000);
      const [leader, ...more] = leaders(browser);
      expect(more).toEqual([]);
      for (const tab of alive(browser)) {
        expect(shownBy(tab)).toEqual(leader && shownBy(leader));
        expect(tab.host.eventsNamed("line-changed").at(-1)?.line).toEqual(leader?.phone.line.value);
        expect(toldUp(tab)).toEqual(leader === undefined ? [] : callsUp(leader));
      }
      await browser.dispose();
    }),
    { numRuns: 300, examples: FOUND.map((walk) => [walk]) },
  );
}, 60_000);
