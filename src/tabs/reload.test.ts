import { expect, test } from "vitest";
import type { Tabs } from "../core/ports.ts";
import { MemoryBrowser, type MemoryTab } from "./memory.ts";
import { createTabs } from "./tabs.ts";

/** Tabs of one browser, the first of which leads. */
const open = async (count: number) => {
  const browser = new MemoryBrowser();
  const first = browser.openTab();
  const opened: { tab: MemoryTab; tabs: Tabs }[] = [{ tab: first, tabs: createTabs(first) }];
  for (let i = 1; i < count; i += 1) {
    const tab = browser.openTab();
    opened.push({ tab, tabs: createTabs(tab) });
    await browser.settle();
  }
  const others = opened.slice(1).map(({ tabs }) => tabs);
  return { browser, first, others, roles: () => opened.map(({ tabs }) => tabs.role()), second: others[0]! };
};
const reloaded = async (count: number) => {
  const opened = await open(count);
  return { ...opened, page: opened.first.reload() };
};

test("[T13] the page that comes back has the lead again, past those that wait", async () => {
  const { page, browser, others } = await reloaded(3);
  await browser.settle();
  expect(others.map((tabs) => tabs.role())).toEqual(["follower", "follower"]);
  await browser.wind(400);
  const tabs = createTabs(page);
  await browser.settle();
  expect(tabs.role()).toBe("leader");
  await browser.wind(5_000);
  expect([tabs, ...others].map((each) => each.role())).toEqual(["leader", "follower", "follower"]);
});

test("[T13] a page that does not come back is waited for 1.5 s", async () => {
  const { browser, second } = await reloaded(2);
  await browser.wind(1_400);
  expect(second.role()).toBe("follower");
  await browser.wind(100);
  expect(second.role()).toBe("leader");
});

test("[T13] a page that comes back late follows", async () => {
  const { browser, second, page } = await reloaded(2);
  await browser.wind(1_500);
  const tabs = createTabs(page);
  await browser.wind(2_000);
  expect([tabs.role(), second.role()]).toEqual(["follower", "leader"]);
});

test("[T13] word of a reload that comes after the lock gives the lead back all the same", async () => {
  const { browser, first, second } = await open(2);
  browser.isLate = true;
  const page = first.reload();
  await Promise.resolve();
  await Promise.resolve();
  expect(second.role()).toBe("leader");
  await browser.settle();
  const tabs = createTabs(page);
  for (let turn = 0; turn < 5; turn += 1) await browser.settle();
  expect([tabs.role(), second.role()]).toEqual(["leader", "follower"]);
});

test("[T13] the agent does not have to wait, and what was said once does not hold up a later tab", async () => {
  const { browser, second } = await reloaded(2);
  await browser.settle();
  expect(await second.takeOver()).toBe(true);
  second.post({ type: "leads", leader: "l" });
  const third = createTabs(browser.openTab());
  await browser.settle();
  second.dispose();
  await browser.settle();
  expect(third.role()).toBe("leader");
});

test("[T14] a close is not waited for", async () => {
  const { browser, first, second } = await open(2);
  first.leave();
  await browser.settle();
  expect(second.role()).toBe("leader");
});

test("[T15] a duplicated tab has the name of a tab that leads, and follows", async () => {
  const { browser, first, roles } = await open(2);
  const twin = createTabs(browser.openTab({ id: first.self.id }));
  await browser.wind(2_000);
  expect([twin.role(), ...roles()]).toEqual(["follower", "leader", "follower"]);
});
