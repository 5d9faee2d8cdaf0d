import { chromium } from "@playwright/test";
import { type Browser, type Page, launchBrowser } from "../../bench/devtools.ts";
import { expect, test } from "../support/test.ts";

/** Keeps how late each timer of the page's timer worker came, in ms. */
const WATCH_TIMERS = `
  globalThis.__late = [];
  globalThis.Worker = class extends Worker {
    #due = new Map();
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (this.#due.has(data)) __late.push(performance.now() - this.#due.get(data));
      });
    }
    postMessage([id, ms]) {
      if (ms === null) this.#due.delete(id);
      else this.#due.set(id, performance.now() + ms);
      super.postMessage([id, ms]);
    }
  };`;
const SECONDS = 4;
const OWN_TIMERS = `new Promise((resolve) => {
  let fired = 0;
  const end = performance.now() + ${SECONDS * 1_000};
  const again = () => (performance.now() > end ? resolve(fired) : setTimeout(again, 50, (fired += 1)));
  again();
})`;

// Not with Playwright's own browser: its pages are visible whatever happens, and run at full speed.
test("while the page is hidden its phone tries again in time, though the browser slows the page's own timers", async ({
  sandbox,
  agent,
  control,
}) => {
  const browser = await launchBrowser(process.env["CHROMIUM_PATH"] ?? chromium.executablePath(), true);
  try {
    const page = await readyPage(browser, sandbox.phone, { sipId: agent.user, ...agent });
    await hide(page);
    await page.evaluate("__late.length = 0");
    await control.restart(SECONDS * 1_000);
    expect(await page.evaluate<number>(OWN_TIMERS), "the browser slows this page down").toBeLessThan(SECONDS * 3);
    await page.until(`${STATUS} === "Ready"`, 30_000);
    const late = await page.until<number[]>("__late.length >= 5 && __late.toSorted((a, b) => a - b)", 30_000);
    expect(await page.evaluate("document.visibilityState")).toBe("hidden");
    expect(late[Math.floor(late.length / 2)], `the timers of the phone, ms late: ${late.map(Math.round).join(", ")}`).toBeLessThan(200);
  } finally {
    await browser.close();
  }
});

test("a page that was frozen asks the registrar before it says Ready again", async ({ sandbox, agent, control }) => {
  const browser = await launchBrowser(process.env["CHROMIUM_PATH"] ?? chromium.executablePath(), true);
  try {
    const page = await readyPage(browser, sandbox.phone, { sipId: agent.user, ...agent });
    await hide(page);
    await page.evaluate(KEEP_WORDS);
    // The socket stays open, and nobody is behind it any more.
    await control.sockets(agent.user, "silence");
    await page.send("Page.setWebLifecycleState", { state: "frozen" });
    await page.send("Page.setWebLifecycleState", { state: "active" });
    await page.until(`__words.includes("Reconnecting") && ${STATUS} === "Ready"`, 30_000);
    const words = await page.evaluate<string[]>("__words");
    expect(words.slice(0, 3)).toEqual(["Ready", "Checking", "Reconnecting"]);
    expect(
      words.filter((word) => word === "Ready"),
      words.join(", "),
    ).toHaveLength(2);
  } finally {
    await browser.close();
  }
});

const STATUS = `document.querySelector("[role=status]")?.textContent`;

const KEEP_WORDS = `
  globalThis.__words = [${STATUS}];
  new MutationObserver(() => __words.at(-1) !== ${STATUS} && __words.push(${STATUS}))
    .observe(document.body, { subtree: true, childList: true, characterData: true }), true`;

async function readyPage(browser: Browser, url: string, fields: Readonly<Record<string, string>>): Promise<Page> {
  const page = await browser.page([WATCH_TIMERS]);
  await page.navigate(`${url}/`);
  await page.until(`document.querySelector("form [name=sipId]")`);
  await page.evaluate(`(() => {
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      const input = document.querySelector("form [name=" + name + "]");
      if (input === null) continue;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.querySelector("form").requestSubmit();
  })()`);
  await page.until(`${STATUS} === "Ready"`, 30_000);
  return page;
}

async function hide(page: Page): Promise<void> {
  const { windowId } = await page.send("Browser.getWindowForTarget");
  await page.send("Browser.setWindowBounds", { windowId, bounds: { windowState: "minimized" } });
  await page.until(`document.visibilityState === "hidden"`);
}
