import { randomBytes } from "node:crypto";
import type { BrowserContext, Frame, Page } from "@playwright/test";
import type { Control } from "../support/control.ts";
import { type Account, PhonePanel } from "../support/phone-panel.ts";
import { callThat, expect, newAgent, test } from "../support/test.ts";

/**
 * One password, one customer and one note that occur nowhere else are followed through a whole day: sign-in that is kept, a call,
 * its outcome, a reload, sign-out. Where each may be found is the deployment's promise to its customers:
 *
 *     |          | records of this browser | CRM page | everywhere else |
 *     | password | encrypted               | never    | never           |
 *     | number   | yes: history, drafts    | yes      | never           |
 *     | note     | yes: history, drafts    | yes      | never           |
 */
const NUMBER = "+919812309876";
const OWN_DIGITS = "9812309876";

declare global {
  /** Everything that came to the window of the page or of one of its ports. */
  var __messages: string[];
}

test.use({ permissions: ["microphone", "clipboard-read", "clipboard-write"] });

test("of a whole call nothing secret stays or goes where it has no business", async ({ page, context, sandbox, control }) => {
  const note = `note ${randomBytes(8).toString("hex")}`;
  const seen = watchOutside(context);
  await listenToMessages(context);
  const agent = await newAgent(sandbox);
  const forms = spellings(agent.password);
  await page.goto(sandbox.crm);
  const phone = new PhonePanel(page, sandbox.phone);
  await phone.view.getByRole("checkbox", { name: /stay signed in/i }).check();
  await phone.signIn(agent);
  await phone.expectReady();

  await talk(phone, control, agent);
  const diagnostics = await copyDiagnostics(phone);
  await phone.hangUp();
  await phone.notes.fill(note);
  await phone.finishWork();
  await page.reload();
  await phone.expectReady();

  const kept = await storedBy(phone.frame());
  expectNone(kept, forms);
  // By design: the agent's own list of calls.
  expect(kept).toContain(OWN_DIGITS);
  expect(kept).toContain(note);
  expect(await keysThatCanBeReadOut(phone.frame()), "the key that opens the account stays in the browser").toEqual([false]);

  const later = `${diagnostics}\n${await copyDiagnostics(phone)}`;
  expect(later).toMatch(/call: active/);
  expectNone(later, [...forms, OWN_DIGITS, note]);
  const heard = (await page.evaluate(() => globalThis.__messages)).join("\n");
  expect(heard, "the page hears of the agent").toContain(agent.user);
  expectNone(heard, forms);
  expectNone(JSON.stringify(await control.sipLog()), forms);
  expectNone(JSON.stringify(await control.callLogs()), forms);
  // The CRM's own requests carry numbers to its own server; the phone's carry none anywhere.
  expectNone(seen.addresses.join("\n"), [...forms, note]);
  expectNone(seen.addresses.filter((address) => !address.startsWith(sandbox.crm)).join("\n"), [OWN_DIGITS]);
  expectNone(seen.printed.join("\n"), [...forms, OWN_DIGITS, note]);

  await phone.button("More").click();
  await phone.view.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(phone.button("Sign in")).toBeVisible();
  await expect.poll(() => keysThatCanBeReadOut(phone.frame()), { message: "the account is forgotten" }).toEqual([]);
  expectNone(await storedBy(phone.frame()), forms);
  expectNone(await phone.frame().locator("html").innerHTML(), [...forms, OWN_DIGITS, note]);
  await page.reload();
  await expect(phone.button("Sign in")).toBeVisible();
});

test("the next agent at the same browser finds neither the calls nor the note of the one before", async ({
  phone,
  agent,
  sandbox,
  control,
}) => {
  await phone.signIn(agent);
  await phone.expectReady();
  await talk(phone, control, agent);
  await phone.hangUp();
  await phone.notes.fill("Half a sentence of Asha");
  await reload(phone);
  await expect(phone.notes).toHaveValue("Half a sentence of Asha");

  const next = await newAgent(sandbox);
  await phone.page.evaluate(async (account) => {
    const { user, password, domain, proxy } = account;
    const page = globalThis as unknown as { Softphone: { open(options: object): { signIn(fields: object): Promise<void> } } };
    const frame = document.querySelector("iframe");
    await page.Softphone.open({ url: frame?.src, frame }).signIn({ sipId: user, password, domain, proxy });
  }, next);
  await phone.expectReady();
  await expect(phone.notes).toBeHidden();
  await phone.openCalls();
  const screen = await phone.frame().locator("body").innerText();
  expectNone(screen, ["98123", "Half a sentence"]);
});

test("where numbers are masked, no word of the page, its title or its names shows one", async ({ sandbox, control, page, agent }) => {
  const config = await control.config();
  await control.setConfig({ ...config, numbers: { masked: true } });
  try {
    await page.goto(sandbox.phone);
    const phone = new PhonePanel(page, sandbox.phone, true);
    await phone.signIn(agent);
    await phone.expectReady();
    const { sid } = await control.ring(agent.user, { number: NUMBER });
    await phone.expectRinging();
    await expect(page).toHaveTitle(/9876 is calling/);
    await expectMasked(page);
    await phone.answer();
    await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
    await expectMasked(page);
    await phone.hangUp();
    await expectMasked(page);
    await phone.finishWork();
    await expect(phone.text(/9876/).first()).toBeVisible();
    await expectMasked(page);
  } finally {
    await control.setConfig(config);
  }
});

async function talk(phone: PhonePanel, control: Control, agent: Account): Promise<void> {
  const { sid } = await control.ring(agent.user, { number: NUMBER });
  await phone.answer();
  await callThat(control, sid, (call) => call.status === "in-progress", "the call is up");
}

async function reload({ page, ...phone }: PhonePanel): Promise<void> {
  await page.reload();
  await expect(page.frameLocator(`iframe[src^="${phone.origin}"]`).getByRole("status").first()).toBeVisible();
}

async function expectMasked(page: Page): Promise<void> {
  const shown = `${await page.title()}\n${await page.locator("body").innerHTML()}`;
  expectNone(shown.replace(/[\s()\u00a0-]/g, ""), [OWN_DIGITS, "98123"]);
}

/** The text itself, and what encodings make of it. */
function spellings(text: string): string[] {
  return [text, encodeURIComponent(text), btoa(text), Buffer.from(text).toString("hex")];
}

/** Says which one, never the whole haystack. */
function expectNone(haystack: string, needles: readonly string[]): void {
  expect(needles.filter((needle) => haystack.includes(needle))).toEqual([]);
}

/** Addresses that were asked for and lines that were printed, by every frame of every page. */
function watchOutside(context: BrowserContext): { readonly addresses: string[]; readonly printed: string[] } {
  const addresses: string[] = [];
  const printed: string[] = [];
  context.on("request", (request) => addresses.push(request.url(), JSON.stringify(request.headers())));
  context.on("page", (page) => {
    page.on("websocket", (socket) => addresses.push(socket.url()));
    page.on("framenavigated", (frame) => addresses.push(frame.url()));
  });
  context.on("console", (message) => printed.push(message.text()));
  context.on("weberror", (error) => printed.push(String(error.error().stack)));
  return { addresses, printed };
}

/** Before the first page: keeps what the window and the ports of the page hear. */
async function listenToMessages(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.__messages = [];
    const keep = (event: MessageEvent): void => void globalThis.__messages.push(JSON.stringify(event.data));
    addEventListener("message", keep);
    const Original = globalThis.MessageChannel;
    globalThis.MessageChannel = class extends Original {
      constructor() {
        super();
        this.port1.addEventListener("message", keep);
      }
    };
  });
}

async function copyDiagnostics(phone: PhonePanel): Promise<string> {
  await phone.button("More").click();
  await phone.view.getByRole("menuitem", { name: "Copy diagnostics" }).click();
  let text = "";
  await expect
    .poll(
      async () => {
        text = await phone.page.evaluate(() => navigator.clipboard.readText());
        return text;
      },
      { message: "the diagnostics are in the clipboard" },
    )
    .toMatch(/line: ready/);
  return text;
}

/** Everything that a script of this frame's origin can read back, as text; bytes also as the text they may be. */
function storedBy(frame: Frame): Promise<string> {
  return frame.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const bytes = (value: ArrayBufferLike): string => new TextDecoder("latin1").decode(new Uint8Array(value));
    const write = (_key: string, value: unknown): unknown => {
      if (value instanceof ArrayBuffer) return bytes(value);
      return ArrayBuffer.isView(value) ? bytes(value.buffer) : value;
    };
    const rows: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await settle(indexedDB.open(name ?? ""));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        rows.push(await settle(all.getAllKeys()), await settle(all.getAll()));
      }
      database.close();
    }
    const caught = await caches.keys();
    return JSON.stringify(
      [{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, name, history.state, caught, rows],
      write,
    );
  });
}

/** Of each key that is kept, whether scripts can read it out. */
function keysThatCanBeReadOut(frame: Frame): Promise<boolean[]> {
  return frame.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("softphone");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const all = open.result.transaction("secrets").objectStore("secrets").getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            open.result.close();
            resolve(all.result.map(({ key }: { key: CryptoKey }) => key.extractable));
          };
        };
      }),
  );
}
