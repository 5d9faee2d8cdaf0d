import type { Page } from "@playwright/test";
import { servePage } from "../support/serve-page.ts";
import { expect, test } from "../support/test.ts";

declare global {
  /** Messages that have come to the phone's window since the test began to count. */
  var __heard: number;
}

const MESSAGES = 600;
const STRANGER = `for (let i = 0; i < 100; i++)
  opener.frames[0].postMessage({ softphone: 1, id: String(i), type: i % 2 ? "connect" : "signOut", payload: {} }, "*", i % 2 ? [new MessageChannel().port1] : []);
document.title = "sent";`;

test("hundreds of hostile messages into the frame change nothing, and the next call is as good as ever", async ({
  phone,
  agent,
  control,
  page,
  context,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  const before = await phone.frame().locator("body").innerText();

  await phone.frame().evaluate(() => {
    globalThis.__heard = 0;
    addEventListener("message", () => (globalThis.__heard += 1));
  });

  await postHostileMessages(page);

  // From a window that is not the parent: a page of another origin that the CRM has opened.
  const evil = await servePage("evil.localhost", `<!doctype html><script>${STRANGER}</script>`);
  await page.evaluate((address) => void window.open(address), evil.url);
  await expect.poll(() => context.pages().at(-1)?.title()).toBe("sent");

  await evil.stop();

  await expect
    .poll(() => phone.frame().evaluate(() => globalThis.__heard), { message: "all have arrived" })
    .toBeGreaterThanOrEqual(MESSAGES + 100);
  await phone.expectReady();
  expect(await phone.frame().locator("body").innerText()).toBe(before);
  expect(await phone.frame().evaluate(() => Object.hasOwn(Object.prototype, "ok"))).toBe(false);
  expect((await control.calls()).filter((call) => call.agent === agent.user)).toEqual([]);

  await control.ring(agent.user);
  await phone.answer();
});

async function postHostileMessages(page: Page): Promise<void> {
  await page.evaluate((count) => {
    const target = document.querySelector("iframe")?.contentWindow;
    if (!target) throw new Error("the page has no frame");
    const types = [
      "dial",
      "hangup",
      "signOut",
      "signIn",
      "connect",
      "hello",
      "answer",
      "setContext",
      "__proto__",
      "constructor",
      "toString",
      "",
    ];
    const cyclic: Record<string, unknown> = { softphone: 1 };
    cyclic["payload"] = cyclic;
    const odd: unknown[] = [null, undefined, 0, -1, Number.NaN, "", "hello", [], {}, cyclic, new Date(), new Map(), new Uint8Array(8), 10n];
    for (let i = 0; i < count; i++) {
      const type = types[Math.floor(i / 6) % types.length];
      const shapes: unknown[] = [
        odd[i % odd.length],
        { softphone: 1, id: String(i), type, payload: odd[(i * 7) % odd.length] },
        { softphone: i % 5, id: i, type, payload: {} },
        { softphone: 1, id: "x".repeat(i * 50), type, payload: { number: "9".repeat(i) } },
        JSON.parse(`{"softphone":1,"id":"${i}","type":"${type}","payload":{"__proto__":{"ok":true},"constructor":{"prototype":{"ok":1}}}}`),
        JSON.stringify({ softphone: 1, id: String(i), type: "dial", payload: { number: "09845000012" } }),
      ];
      target.postMessage(shapes[i % shapes.length], "*");
    }
  }, MESSAGES);
}
